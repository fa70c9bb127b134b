"""What an engine is asked and what it answers, in words that neither PostgreSQL nor OpenSearch has a hand in.

Both order a page the same way, by tiers a person understands, so that a cursor of one is good for the other. By
relevance: first whoever has every word in title or name, as typed before by another name; then whoever has every word,
or its other name, in the short fields; then the rest; last who is found by narrower names alone. By warmth: the levels,
hottest first. Within a tier, or where there is one only, the latest change first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Literal, NamedTuple, Protocol, Self, TypeAlias

from talentpool.search.clauses import AllOf, AnyOf, Clause, Match, Within, Without
from talentpool.search.index.document import Document

STRONG = ("title", "name")
SHORT = ("title", "name", "skill", "employer", "location", "tag")
HOTTEST = 4
Sort = Literal["relevance", "warmth", "recent"]
_MOST_IN_TIERS = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class EngineDown(Exception):
    """The engine can't be reached, or answers too late or in a way that makes no sense."""


class EngineRefused(EngineDown):
    """The engine is well but can't answer this; there is no reason not to ask it the next question."""


class EngineEmpty(EngineRefused):
    """It has no index of this organisation yet."""


class Place(NamedTuple):
    """Where a hit stands in the order of a page: after which one the next page goes on."""

    tier: int
    changed_us: int  # microseconds since 1970
    candidate_id: int

    @classmethod
    def of(cls, tier: int, changed_at: datetime, candidate_id: int) -> Self:
        return cls(tier, (changed_at - _EPOCH) // timedelta(microseconds=1), candidate_id)

    @property
    def changed_at(self) -> datetime:
        return _EPOCH + timedelta(microseconds=self.changed_us)

    def to_text(self) -> str:
        return ".".join(str(number) for number in self)

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """None for what is no cursor: the list then starts at its beginning."""
        parts = text.split(".")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            return None
        place = cls(*(int(part) for part in parts))
        return place if place.changed_us < 250_000_000_000_000_000 else None


@dataclass(frozen=True)
class Question:
    """`as_typed` and `same` are `clause` without other names, and without narrower ones, where it has any."""

    clause: Clause | None = None
    chosen: Mapping[str, Sequence[int]] = field(default_factory=dict)  # facet -> value ids, of which one must hold
    sort: Sort = "relevance"
    after: Place | None = None
    limit: int = 25
    with_facets: bool = True
    as_typed: Clause | None = None
    same: Clause | None = None

    @property
    def tiers(self) -> list[Clause | None]:
        """Each holding in the next; the last holds for everybody found."""
        if self.sort == "relevance":
            return tiers(self.clause, self.same or self.clause, self.as_typed or self.clause)
        return _by_warmth(self.clause) if self.sort == "warmth" else [self.clause]


@dataclass(frozen=True)
class Answer:
    places: list[Place]
    total: int
    total_is_estimate: bool
    counts: dict[int, int]  # value id -> people
    counts_are_estimates: bool = False


Fill: TypeAlias = Callable[[Sequence[Document], int], None]  # documents, version


class Index(Protocol):
    """What is kept of people, made anew from their documents."""

    name: str

    def write(self, documents: Sequence[Document], gone: Sequence[int], version: int) -> None:
        """Store documents and forget who is gone, unless a higher version has been there; visible on return."""

    def digests(self) -> Iterator[tuple[int, int]]:
        """(candidate id, digest) of every document, by ascending id."""

    def is_ready(self) -> bool:
        """Whether it holds everybody who was ever written; else it has to be rebuilt."""

    def fits(self, people: int) -> bool:
        """Whether so many people are kept in the right way; else a rebuild moves them."""

    def begin_rebuild(self, people: int) -> None:
        """From now on there is something to fill, empty; one that was begun and not finished is given up."""

    def filling(self) -> AbstractContextManager[Fill]:
        """Stores documents for the rebuild alone; all of them are stored when it ends."""

    def finish_rebuild(self) -> None:
        """What was filled, and written meanwhile, answers from now on; doing it twice does no harm."""


class Engine(Index, Protocol):
    """An index that answers searches."""

    def answer(self, question: Question) -> Answer: ...

    def count(self, question: Question) -> int: ...

    def has(self, question: Question, candidate_id: int) -> bool:
        """Whether this person is among those found."""


def tiers(clause: Clause | None, same: Clause | None, as_typed: Clause | None) -> list[Clause | None]:
    """The clauses of the tiers, each holding in the next.

    Not by places where no word is free of a field, or where there are so many that OpenSearch would refuse.
    """
    free = list(_free_matches(same)) if same else []
    if clause is None or same is None or as_typed is None:
        return [clause]
    if not free or len(free) > _MOST_IN_TIERS:
        found: list[Clause | None] = [as_typed, same, clause]
    else:
        found = [_within(as_typed, STRONG), _within(same, STRONG), _within(same, SHORT), same, clause]
    return list(dict.fromkeys(found))


def _by_warmth(clause: Clause | None) -> list[Clause | None]:
    """One question a level, of whoever is at least so warm; marks are hundredths."""
    levels = [Within("warmth", level * 100, HOTTEST * 100) for level in range(HOTTEST, 0, -1)]
    return [*(AllOf((clause, level)) if clause else level for level in levels), clause]


def _free_matches(clause: Clause) -> Iterator[Match]:
    match clause:
        case Match(field=None):
            yield clause
        case AllOf(clauses) | AnyOf(clauses):
            for inner in clauses:
                yield from _free_matches(inner)


def _within(clause: Clause, fields: tuple[str, ...]) -> Clause:
    match clause:
        case Match(field=None):
            return AnyOf(tuple(replace(clause, field=name) for name in fields))
        case AllOf(clauses):
            return AllOf(tuple(_within(inner, fields) for inner in clauses))
        case AnyOf(clauses):
            choices = (_within(inner, fields) for inner in clauses)
            return AnyOf(tuple(chain.from_iterable(c.clauses if isinstance(c, AnyOf) else (c,) for c in choices)))
        case Match() | Within() | Without():
            return clause
