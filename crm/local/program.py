"""One program that the supervisor runs, and what it said last."""

import os
import re
import signal
import socket
import stat
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from crm.local.problem import LocalProblem

# sockaddr_un holds 108 bytes with the closing zero; PostgreSQL and its lock file need the name below on top.
LONGEST_SOCKET = 107
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    is_ready: Callable[[], bool] = lambda: True
    before_start: Callable[[], None] = lambda: None
    stop_signal: signal.Signals = signal.SIGTERM
    # Lines that are no news to a person; they are kept for an explanation all the same.
    hidden: re.Pattern[str] | None = None
    seconds_to_start: float = 60
    seconds_to_stop: float = 8
    # Turns the last lines of a program that didn't start into a sentence, where it knows one.
    explain: Callable[[str], str | None] = lambda said: None


def socket_folder(wished: Path) -> Path:
    """A folder for unix sockets that only this person enters: `wished`, or a short one where its path is too long."""
    if len(os.fsencode(wished)) + len(LONGEST_SOCKET_NAME) > LONGEST_SOCKET:
        name = f"rapport-{os.getuid()}-{sha256(os.fsencode(wished)).hexdigest()[:12]}"
        wished = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir(), name)
        if len(os.fsencode(wished)) + len(LONGEST_SOCKET_NAME) > LONGEST_SOCKET:
            wished = Path("/tmp", name)  # noqa: S108 - the owner is checked below
    wished.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = wished.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise LocalProblem(f"{wished} belongs to someone else, so the sockets can't be put there: remove it.")
    wished.chmod(0o700)
    return wished


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def answers(address: str | tuple[str, int]) -> bool:
    """Whether something accepts connections at a unix socket's path or a (host, port)."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as probe:
        probe.settimeout(1)
        return probe.connect_ex(address) == 0
