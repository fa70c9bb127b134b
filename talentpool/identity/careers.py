"""The jobs and schools that several sources tell of, laid on top of each other.

Two sources mean one job when they name the same employer and their periods overlap; one source never means the same
job twice, for two titles at one employer are a promotion. The better ranked source is believed, gaps are filled from
the others, a date is shown as exactly as anybody knew it, and what the others say differently is kept beside it.
Education works the same, by school and degree.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Generic, TypeVar

from talentpool.identity.names import folded
from talentpool.person import Education, Position

LEGAL_FORMS = frozenset(
    """
    ag and bv co company corp corporation gmbh inc incorporated kg limited llc llp ltd nv plc pty sa sarl se spa srl the
    """.split()  # noqa: SIM905
)
FOREVER = 9999 * 12
MOST_REFS = 40  # who is named beside a value, the best first: of a person with 10,000 profiles nobody reads them all
DATES = ("start", "end")
# What may differ between sources without being worth a word: longer or shorter texts of the same job.
NOT_COMPARED = ("text", "current")

Entry = TypeVar("Entry", Position, Education)


@dataclass(slots=True)
class Merged(Generic[Entry]):
    """An entry as it is shown, who says so, and what others say instead: attribute -> [(value, who)].

    `parts` are the entries it was made of, as each source has them.
    """

    shown: Entry
    refs: list[str]
    differs: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    parts: list[tuple[str, Entry]] = field(default_factory=list)

    def lineage(self) -> dict[str, Any]:
        said = {
            name: [{"value": v, "from": refs} for v, refs in others.items()] for name, others in self.differs.items()
        }
        return {"from": self.refs, "differs": said} if said else {"from": self.refs}


def lay_over(merged: list[Merged[Entry]], entries: Sequence[Entry], ref: str, *, wins: bool = False) -> None:
    """Adds what one source says to what better ones said; with `wins` it is itself the better one."""
    matches: dict[int, int] = {}
    for _, i, j in sorted(_likely_pairs(merged, entries), key=lambda pair: (-pair[0], pair[1:])):
        if j not in matches and i not in matches.values():
            matches[j] = i
    items = list(merged)
    for j, entry in enumerate(entries):
        if j in matches:
            _fill(items[matches[j]], entry, ref, wins=wins)
        elif entry.to_json():
            merged.append(Merged(entry, [ref], parts=[(ref, entry)]))


def newest_first(merged: Sequence[Merged[Entry]]) -> list[Merged[Entry]]:
    return sorted(merged, key=_recency, reverse=True)


def is_same_entry(one: Position | Education, other: Position | Education) -> bool:
    """Whether a value that somebody removed is this one: everything that identifies it is written the same."""
    return _identity(one) == _identity(other)


@dataclass(frozen=True, slots=True)
class Period:
    """Months since the year 0, both included; `known` is false where the source gave no date at all."""

    first: int = 0
    last: int = FOREVER
    known: bool = False

    def shared_with(self, other: "Period") -> float:
        """How much of the shorter period lies in the other: 0 to 1."""
        months = min(self.last, other.last) - max(self.first, other.first) + 1
        return max(0, months) / (1 + min(self.last - self.first, other.last - other.first))


@lru_cache(maxsize=20_000)
def period_of(entry: Position | Education) -> Period:
    start, end = entry.start or entry.end, entry.end or entry.start
    if not start:
        return Period()
    last = FOREVER if isinstance(entry, Position) and entry.current else _month(end, 12)
    return Period(_month(start, 1), max(last, _month(start, 1)), known=True)


@lru_cache(maxsize=20_000)
def organisation_key(name: str) -> str:
    """An employer or school without legal form, case and punctuation: "ACME, Inc." and "Acme" are one."""
    words = folded(name).split()
    return "".join(word for word in words if word not in LEGAL_FORMS) or "".join(words)


def _month(date: str, of_a_bare_year: int) -> int:
    year, *rest = re.findall(r"\d+", date)[:2] or ["0"]
    return int(year[:4]) * 12 + (int(rest[0][:2]) if rest else of_a_bare_year)


def _likely_pairs(merged: Sequence[Merged[Entry]], entries: Sequence[Entry]) -> Iterator[tuple[float, int, int]]:
    """Pairs that may be one entry: how alike, which of the merged, which of the new."""
    here = [organisation_key(_place(item.shown)) for item in merged]
    there = [organisation_key(_place(entry)) for entry in entries]
    for j, place in enumerate(there):
        for i in (i for i, other in enumerate(here) if other == place):
            alone = bool(place) and here.count(place) == there.count(place) == 1
            if points := _likeness(merged[i].shown, entries[j], alone=alone):
                yield points, i, j


def _likeness(one: Entry, other: Entry, *, alone: bool) -> float:
    """0 for two entries of one place; else the higher, the surer that they are one. Without dates the title decides,
    or that either side knows only one entry there (`alone`)."""
    title = _title_likeness(_title(one), _title(other))
    mine, theirs = period_of(one), period_of(other)
    if not (mine.known and theirs.known):
        return title + 0.5 if title or alone else 0
    shared = mine.shared_with(theirs)
    if not shared or (not _place(one) and title < 2):
        return 0
    return title + shared if title or shared >= 0.5 else 0


@lru_cache(maxsize=20_000)
def _title_likeness(one: str, other: str) -> float:
    """2 for the same words, 1 where one says less than the other, 0 where they differ."""
    mine, theirs = set(folded(one).split()), set(folded(other).split())
    return 2.0 if mine == theirs else 1.0 if mine <= theirs or theirs <= mine else 0.0


def _place(entry: Position | Education) -> str:
    return entry.employer if isinstance(entry, Position) else entry.school


def _title(entry: Position | Education) -> str:
    return entry.title if isinstance(entry, Position) else f"{entry.degree} {entry.area}"


def _fill(item: Merged[Any], entry: Any, ref: str, *, wins: bool) -> None:
    better, worse = (entry, item.shown) if wins else (item.shown, entry)
    refs_of_worse = list(item.refs) if wins else [ref]
    filled: dict[str, Any] = {}
    for name, value in worse.to_json().items():
        chosen = getattr(better, name)
        if name == "end" and getattr(better, "current", False):
            _note(item, name, value, refs_of_worse)
        elif name == "current" and better.end:
            _note(item, "end", "", refs_of_worse)
        elif not chosen or (name in DATES and value.startswith(chosen)):
            filled[name] = value
        elif name not in NOT_COMPARED and not _agrees(name, chosen, value):
            _note(item, name, value, refs_of_worse)
    item.shown = replace(better, **filled)
    item.parts.append((ref, entry))
    if wins:
        item.refs = [ref, *item.refs]
    elif len(item.refs) < MOST_REFS:
        item.refs.append(ref)


def _note(item: Merged[Any], name: str, value: str, refs: list[str]) -> None:
    others = item.differs.setdefault(name, {})
    if value not in others and len(others) >= MOST_REFS:
        return
    said = others.setdefault(value, [])
    said += [ref for ref in refs if ref not in said][: MOST_REFS - len(said)]


def _agrees(name: str, chosen: str, value: str) -> bool:
    if name in DATES:
        return chosen.startswith(value)
    if name in ("employer", "school"):
        return True
    return folded(chosen) == folded(value)


def _recency(item: Merged[Any]) -> tuple[Any, ...]:
    entry, period = item.shown, period_of(item.shown)
    return (period.known, period.last, period.first, *_identity(entry))


def _identity(entry: Position | Education) -> tuple[str, ...]:
    return organisation_key(_place(entry)), folded(_title(entry)), entry.start, entry.end
