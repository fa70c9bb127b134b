"""The database of each test process: a copy of one that was migrated once, or restored from what the last run migrated.

Migrating takes longer than most files of tests. A dump is believed only while nothing that migrations are made of has
changed; a clean clone has none and migrates.
"""

import fcntl
import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from crm.local.postgres import OWNER, SUPERUSER, binary

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
TEMPLATE = "test_template"
MADE_OF = ("*/migrations/*.py", "*/apps.py", "crm/tenancy/*.py", "requirements-dev.txt", "tests/database.py")

EMPTY_TABLES = """
    DO $$ DECLARE name regclass; BEGIN
        FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid
        LOOP
            EXECUTE format('LOCK TABLE %s', name);
            IF pg_relation_size(name) > 0
               AND name <> ALL('{django_migrations,django_content_type,auth_permission}'::regclass[]) THEN
                EXECUTE format('DELETE FROM %s', name);
            END IF;
        END LOOP;
    END $$
"""


def make_test_database(name: str) -> None:
    """A migrated database of that name; other processes of the run wait, and then copy the same template."""
    with _alone():
        if not _exists(TEMPLATE):
            _make_template()
        if not _exists(name):
            _as_superuser("CREATE DATABASE {} OWNER {} TEMPLATE {}", name, OWNER, TEMPLATE)


def empty_tables(name: str) -> None:
    """Remove what a test with real transactions left: of the few tables that have rows, which truncating all is not.

    The superuser may, in every tenant and append-only table. All tables are locked, so that nothing comes after it from
    a process that is ending still.
    """
    with _connect(name) as database, database.transaction():
        database.execute("SET LOCAL lock_timeout = '60s'")
        database.execute("SET LOCAL session_replication_role = replica")  # neither keys nor triggers
        database.execute(EMPTY_TABLES)


@contextmanager
def _alone() -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "test-database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_template() -> None:
    unfinished = f"{TEMPLATE}_unfinished"
    _as_superuser("DROP DATABASE IF EXISTS {}", unfinished)
    _as_superuser("CREATE DATABASE {} OWNER {}", unfinished, OWNER)
    dump = CACHE / f"test-database-{_fingerprint()}.dump"
    if not (dump.exists() and _restore(dump, unfinished)):
        _migrate(unfinished)
        _dump(unfinished, dump)
    _as_superuser("ALTER DATABASE {} RENAME TO {}", unfinished, TEMPLATE)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in MADE_OF for path in ROOT.glob(pattern)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _migrate(database: str) -> None:
    ours = connection.settings_dict
    connection.close()
    was = {key: ours[key] for key in ("NAME", "USER")}
    ours |= {"NAME": database, "USER": OWNER}
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        ours |= was


def _dump(database: str, dump: Path) -> None:
    for outdated in CACHE.glob("test-database-*.dump"):
        outdated.unlink()
    part = dump.with_suffix(".part")
    subprocess.run([binary("pg_dump"), *_server(), "-Fc", "-f", str(part), database], check=True)
    part.rename(dump)


def _restore(dump: Path, database: str) -> bool:
    command = [binary("pg_restore"), *_server(), "--exit-on-error", "--single-transaction", "-d", database, str(dump)]
    return subprocess.run(command, check=False).returncode == 0


def _exists(name: str) -> bool:
    with _connect() as server:
        return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _as_superuser(statement: str, *names: str) -> None:
    with _connect() as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _connect(database: str = "template1") -> psycopg.Connection:
    host, port = _address()
    return psycopg.connect(host=host, port=port, user=SUPERUSER, dbname=database, autocommit=True)


def _server() -> list[str]:
    host, port = _address()
    return ["-h", host, "-p", port, "-U", SUPERUSER]


def _address() -> tuple[str, str]:
    ours = connection.settings_dict
    return ours["HOST"] or ours["OPTIONS"].get("host", ""), str(ours["PORT"] or 5432)
