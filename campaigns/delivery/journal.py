"""What a sending process knew when it died: one append-only file a process.

A line "started" is written before a body leaves and a line with the fate when the answer has come, one write(2) a
burst. The page cache keeps it through a killed process (not through a power cut: then the database's 'sending' rows
are all of unknown fate, as they are without a journal). The process holds a lock on its file for as long as it lives,
so whoever can lock a journal knows that its owner is dead.
"""

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SUFFIX = ".journal"


@dataclass
class Found:
    """A dead process's last chunk: which rows it had begun, and which answers it had."""

    path: Path
    tenant_id: int
    chunk_id: int
    started: set[int] = field(default_factory=set)
    settled: dict[int, tuple[int, str]] = field(default_factory=dict)


class Journal:
    def __init__(self, folder: Path, worker: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{worker}{SUFFIX}"
        self._file = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._lines: list[bytes] = []

    def begin(self, tenant_id: int, chunk_id: int) -> None:
        """Called before the chunk is claimed, so that a claimed chunk always has a journal."""
        self._lines.clear()
        os.ftruncate(self._file, 0)
        os.write(self._file, b"C %d %d\n" % (tenant_id, chunk_id))

    def started(self, message_id: int) -> None:
        self._lines.append(b"S %d\n" % message_id)

    def settled(self, message_id: int, fate: int, reply: str) -> None:
        line = " ".join(reply.split())[:200]
        self._lines.append(b"R %d %d %s\n" % (message_id, fate, line.encode("ascii", "replace")))

    def flush(self) -> None:
        if self._lines:
            os.write(self._file, b"".join(self._lines))
            self._lines.clear()

    def end(self) -> None:
        """The chunk's outcomes are committed."""
        self._lines.clear()
        os.ftruncate(self._file, 0)

    def close(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self._file)


def left_behind(folder: Path) -> Iterator[Found]:
    """Journals of dead processes, locked while the caller looks at them and removed when it goes on to the next."""
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []:
        try:
            file = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found = _read(path)
            if found is not None:
                yield found
            path.unlink(missing_ok=True)
        except BlockingIOError:
            continue  # its owner lives
        finally:
            os.close(file)


def _read(path: Path) -> Found | None:
    found: Found | None = None
    # A last line without its end was being written when the process died: its body had not left.
    for line in path.read_bytes().split(b"\n")[:-1]:
        kind, *rest = line.decode("ascii", "replace").split(" ", 3)
        if kind == "C" and len(rest) == 2:
            found = Found(path, int(rest[0]), int(rest[1]))
        elif kind == "S" and found and rest:
            found.started.add(int(rest[0]))
        elif kind == "R" and found and len(rest) >= 2:
            found.settled[int(rest[0])] = (int(rest[1]), rest[2] if len(rest) > 2 else "")
    return found
