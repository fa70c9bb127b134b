"""Who reads the files of a watched place where they are no imports: an app above says so of its own sources."""

from collections.abc import Callable
from typing import Protocol

from talentpool.intake.drops.place import Found
from talentpool.models import Drop


class Reader(Protocol):
    def rank(self, name: str) -> int:
        """Of several files the lowest is read first."""

    def read(self, found: Found, content: bytes, stay: Callable[[], bool]) -> str:
        """Takes all of it over, and says in a sentence what came of it; a file that is read twice changes nothing.

        `stay` keeps the place for this worker, and is false when it has another one. Raises DropProblem when the file
        should be tried again at the next look.
        """


_READERS: list[Callable[[Drop], Reader | None]] = []


def register_reader(reader_of: Callable[[Drop], Reader | None]) -> None:
    _READERS.append(reader_of)


def reader_for(drop: Drop) -> Reader | None:
    """None for a place whose files are imports of people."""
    return next((reader for each in _READERS if (reader := each(drop))), None)
