import asyncio
import contextlib
import os
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from crm.local.account import Account, Way
from crm.local.postgres import Postgres
from crm.local.problem import LocalProblem
from crm.local.program import LONGEST_SOCKET, socket_folder
from crm.local.supervisor import Supervisor, keep_quiet
from tests.workers import until

WAYS = [Way.IN_NAMESPACE, Way.AS_NOBODY] if os.getuid() == 0 else [Way.AS_SELF]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, because a socket's path may be: pytest's own folders are deep."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        yield Path(name)


@pytest.fixture
def account(request: pytest.FixtureRequest) -> Account:
    """The usual one; `every_way` makes a test run under each that this machine allows."""
    account = Account(getattr(request, "param", WAYS[0]))
    if subprocess.run(account.command(["true"]), capture_output=True, check=False).returncode:
        pytest.skip(f"This machine refuses {account.way}.")
    return account


every_way = pytest.mark.parametrize("account", WAYS, indirect=True)


@pytest.fixture
def postgres(folder: Path, account: Account) -> Postgres:
    return Postgres(folder / "postgres", socket_folder(folder / "run"), lasting=False, account=account)


@contextlib.contextmanager
def running(postgres: Postgres) -> Iterator[None]:
    with asyncio.Runner() as runner:
        supervisor = Supervisor(show=keep_quiet, restart=False)
        try:
            postgres.prepare()
            runner.run(supervisor.start(postgres.program()))
            yield
        finally:
            runner.run(supervisor.stop())


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def postmaster(postgres: Postgres) -> int:
    return int((postgres.cluster / "postmaster.pid").read_text().split()[0])


@every_way
def test_account_finds_programs_below_a_folder_that_is_closed_to_it(account, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    program = closed / "program"
    program.write_text("")
    program.chmod(0o755)
    asked = subprocess.run(account.command(["test", "-x", str(program)]), check=False)  # asks by access(2)
    assert asked.returncode == 0


@every_way
def test_first_start_makes_roles_that_row_security_holds(postgres):
    with running(postgres):
        postgres.create_database()
        roles = (
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname ~ '^crm'"
        )
        assert sorted(rows(postgres.url("crm"), roles)) == [
            ("crm", False, False, False, False),
            ("crm_owner", False, False, True, False),
        ]
        owner = "SELECT pg_get_userbyid(datdba), datlocprovider, datlocale FROM pg_database WHERE datname = 'crm'"
        assert rows(postgres.url("crm"), owner) == [("crm_owner", "b", "C.UTF-8")]


def test_databases_for_tests_have_the_superusers_extensions(postgres):
    with running(postgres):
        postgres.create_database()
        postgres.create_database()  # What is there already stays.
        with psycopg.connect(postgres.url("crm_owner"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE test_crm")
        found = rows(postgres.url("crm_owner").replace("/crm?", "/test_crm?"), "SELECT extname FROM pg_extension")
        assert sorted(found) == [("pg_stat_statements",), ("plpgsql",), ("vector",)]


def test_nobody_else_enters_and_nothing_listens_on_the_network(postgres):
    with running(postgres):
        assert stat.S_IMODE(postgres.sockets.stat().st_mode) == 0o700
        with postgres.connect(database="template1") as connection:
            assert connection.execute("SHOW listen_addresses").fetchall() == [("",)]


def test_restart_keeps_what_was_stored(postgres):
    with running(postgres), postgres.connect(database="postgres") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    with running(postgres), postgres.connect(database="postgres") as connection:
        assert connection.execute("SELECT seven FROM kept").fetchall() == [(7,)]


@pytest.mark.skipif(os.getuid() != 0, reason="Only root changes accounts.")
def test_a_cluster_goes_from_one_account_to_another(folder):
    clusters = [
        Postgres(folder / "postgres", socket_folder(folder / "run"), lasting=False, account=Account(way))
        for way in (Way.AS_NOBODY, Way.IN_NAMESPACE)
    ]
    with running(clusters[0]), clusters[0].connect(database="postgres") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    with running(clusters[1]), clusters[1].connect(database="postgres") as connection:
        assert connection.execute("SELECT seven FROM kept").fetchall() == [(7,)]


@every_way
def test_killed_postmaster_is_started_again(postgres):
    with asyncio.Runner() as runner:
        supervisor = Supervisor(show=keep_quiet)
        postgres.prepare()
        runner.run(supervisor.start(postgres.program()))
        first = postmaster(postgres)
        os.kill(first, signal.SIGKILL)
        runner.run(_connected(postgres))
        assert postmaster(postgres) != first
        runner.run(supervisor.stop())


async def _connected(postgres: Postgres) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        await asyncio.sleep(0.1)
        with contextlib.suppress(psycopg.OperationalError):
            postgres.connect(database="template1").close()
            return
    raise AssertionError("PostgreSQL did not come back.")


def test_server_left_by_a_killed_supervisor_is_ended(postgres):
    with running(postgres):
        pass
    left = subprocess.Popen(postgres.program().command, stderr=subprocess.DEVNULL, start_new_session=True)
    until(postgres.program().is_ready)
    with running(postgres):
        assert postmaster(postgres) != left.pid
        assert left.wait(timeout=10) == 0


def test_lock_whose_number_is_another_programs_now_does_not_matter(postgres):
    with running(postgres):
        pass
    lock = postgres.cluster / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{postgres.cluster}\n0\n5432\n{postgres.sockets}\n\n 1 1\n")
    with running(postgres):
        assert postmaster(postgres) != os.getpid()


def test_interrupted_first_start_is_begun_again(postgres):
    part = postgres.folder / "cluster.part"
    part.mkdir(parents=True)
    (part / "PG_VERSION").write_text("18\n")
    with running(postgres):
        assert not part.exists()


def test_half_a_cluster_gets_a_sentence(postgres):
    postgres.cluster.mkdir(parents=True)
    (postgres.cluster / "PG_VERSION").write_text("18\n")
    with pytest.raises(LocalProblem) as problem:
        postgres.prepare()
    assert str(problem.value) == (
        f"{postgres.cluster} is not a whole PostgreSQL cluster: "
        "put your copy of it back, or start over with `make reset`."
    )


def test_cluster_of_another_version_gets_a_sentence(postgres):
    (postgres.cluster / "global").mkdir(parents=True)
    (postgres.cluster / "global" / "pg_control").touch()
    (postgres.cluster / "PG_VERSION").write_text("15\n")
    with pytest.raises(LocalProblem, match=r"was made by PostgreSQL 15 and this is PostgreSQL 18: carry it over"):
        postgres.prepare()


def test_sockets_of_a_deep_folder_go_to_a_short_one(tmp_path):
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    sockets = socket_folder(deep)
    assert len(os.fsencode(sockets / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET
    assert sockets == socket_folder(deep)
    assert sockets != socket_folder(deep.with_name("c" * 60))
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700


@pytest.mark.skipif(os.getuid() != 0, reason="Only root can make another's folder.")
def test_sockets_are_not_put_into_another_persons_folder(tmp_path):
    os.chown(tmp_path, 65534, 65534)
    with pytest.raises(LocalProblem, match="belongs to someone else"):
        socket_folder(tmp_path)
