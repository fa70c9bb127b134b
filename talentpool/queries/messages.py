"""What was written to a person. The pool sends nothing itself; an app that does registers how to find its messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Letter:
    """One message in a person's list: sent, held back or on its way. `url` may be empty."""

    at: datetime
    subject: str
    state: str  # in words: "Delivered, opened twice", "Held back: no consent yet"
    by: str = ""
    url: str = ""
    leaves: bool = True  # False for one that was held back, refused or cancelled


Letters = Callable[[int, int], Sequence[Letter]]  # (candidate id, how many at most) -> newest first

_SOURCES: list[Letters] = []


def letters_source(find: Letters) -> Letters:
    """Decorator of an app's function, registered in its AppConfig.ready()."""
    _SOURCES.append(find)
    return find


def letters_to(candidate_id: int, limit: int = 100) -> list[Letter]:
    found = [letter for find in _SOURCES for letter in find(candidate_id, limit)]
    return sorted(found, key=lambda letter: letter.at, reverse=True)[:limit]
