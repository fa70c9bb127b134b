"""What every watched place can do, whatever it is."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from crm.outgoing import OutgoingError

DONE_FOLDER = "imported"
MOST_FILES = 1000  # of one look; the rest is found by the next


class DropProblem(Exception):
    """Why a look failed, as a sentence for whoever set the drop up."""


class UnknownHost(DropProblem):
    """The server showed a key that nobody has approved, or another one than was approved."""

    def __init__(self, key: str, *, changed: bool) -> None:
        super().__init__(
            "The server shows another key than the one that was approved. Somebody may be in between: nothing was sent."
            if changed
            else "Nobody has approved the server’s key yet. Compare it with what its owner says, and approve it."
        )
        self.key = key


@dataclass(frozen=True, slots=True)
class Found:
    """A file as a list of files shows it."""

    name: str
    size: int
    modified: float

    @property
    def mark(self) -> str:
        return hashlib.sha256(f"{self.name}\x1f{self.size}\x1f{self.modified}".encode()).hexdigest()


class Place(Protocol):
    def look(self) -> list[Found]: ...

    def content(self, found: Found, *, most_bytes: int) -> bytes: ...

    def set_aside(self, found: Found) -> None:
        """Out of the way, where that is possible; what was done is remembered in any case."""


def is_wanted(name: str) -> bool:
    """No hidden files, nothing that a program is still writing under a name of its own, and no path in a name."""
    unfinished = name.lower().endswith((".part", ".tmp", ".partial", ".filepart", ".crdownload", "~"))
    return bool(name) and not name.startswith((".", "~")) and "/" not in name and "\x00" not in name and not unfinished


def name_when_done(name: str) -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{name}"[:255]


@contextmanager
def problems_as_sentences() -> Iterator[None]:
    """What the network says becomes what a person can read."""
    try:
        yield
    except OutgoingError as error:
        raise DropProblem(str(error)) from error
