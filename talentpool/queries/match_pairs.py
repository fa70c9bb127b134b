"""The queue of people who may be one: who waits, and both sides next to each other."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q

from talentpool.models import Application, Candidate, MatchPair, Merge, Note, PairState, Profile
from talentpool.queries.candidate import in_words
from talentpool.queries.evidence import Evidence, Records, evidence_between, records_of
from talentpool.queries.merges import survivor_of
from talentpool.queries.people import source_names
from talentpool.search.find import QueryError, SearchRequest, find

COMPARED = (
    ("name", "Name"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("links", "Links"),
    ("birth_date", "Born"),
    ("location", "Location"),
    ("positions", "Work"),
    ("education", "Education"),
    ("skills", "Skills"),
    ("languages", "Languages"),
)
MOST_VALUES = 8


@dataclass(frozen=True)
class Value:
    text: str
    shared: bool  # the other side has it too


@dataclass(frozen=True)
class Row:
    """One line of the comparison: the values of both, each marked when both have it."""

    label: str
    sides: tuple[Sequence[Value], Sequence[Value]]

    @property
    def verdict(self) -> str:
        """equal, differing, or one-sided, for the mark before the line."""
        left, right = self.sides
        if not left or not right:
            return "one-sided"
        return "equal" if any(value.shared for value in left) else "differing"


@dataclass(frozen=True)
class Side:
    person: Candidate
    sources: Sequence[str]
    profiles: int
    applications: int
    notes: int


@dataclass(frozen=True)
class Comparison:
    left: Side
    right: Side
    rows: Sequence[Row]
    survivor: Candidate  # who is kept unless one says otherwise
    evidence: Sequence[Evidence]

    @property
    def people(self) -> tuple[Side, Side]:
        return self.left, self.right


def next_pair(*, first: int | None = None) -> MatchPair | None:
    """The strongest one that waits, or `first` as long as it does."""
    waiting = MatchPair.objects.waiting().select_related("low", "high")
    found: MatchPair | None = (waiting.filter(pk=first).first() if first else None) or waiting.first()
    return found


def answered(pk: int) -> MatchPair | None:
    """What was just answered, so that it can be taken back."""
    pairs = MatchPair.objects.exclude(state=PairState.WAITING).select_related("low", "high")
    found: MatchPair | None = pairs.filter(pk=pk).first()
    return found


def people_like(text: str, *, besides: Candidate | None = None, sees_restricted: bool = True) -> Sequence[Candidate]:
    """People whom somebody may mean by a name, an address or the number in a page's address."""
    text = text.strip()
    if not text:
        return []
    if text.isdecimal() and len(text) < 19:
        ids = [survivor_of(int(text))]
    else:
        try:
            ids = [
                hit.candidate_id
                for hit in find(
                    SearchRequest(text, limit=20, with_facets=False, exactly=True, sees_restricted=sees_restricted)
                ).hits
            ]
        except QueryError:
            quoted = text.replace('"', " ")
            ids = [hit.candidate_id for hit in find(SearchRequest(text=f'"{quoted}"', limit=20, exactly=True)).hits]
    others = [pk for pk in ids if besides is None or pk != besides.pk]
    people = Candidate.objects.present().with_contact_state().in_bulk(others)
    return [people[pk] for pk in ids if pk in people]


def waiting_pairs(*, strong: bool | None, cursor: str, limit: int) -> tuple[list[MatchPair], str | None]:
    """A page of the queue and the cursor of the next: `bits~id` of its last pair."""
    waiting = MatchPair.objects.waiting().select_related("low", "high")
    if strong is not None:
        waiting = waiting.filter(strong=strong)
    if cursor:
        bits, pk = _place(cursor)
        waiting = waiting.filter(Q(bits__lt=bits) | Q(pk__lt=pk), bits__lte=bits)
    found = list(waiting[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], f"{last.bits!r}~{last.pk}" if last else None


def _place(cursor: str) -> tuple[float, int]:
    bits, _, pk = cursor.partition("~")
    try:
        place = float(bits), int(pk)
    except ValueError:
        place = float("nan"), 0
    if not (math.isfinite(place[0]) and 0 < place[1] < 2**63):
        raise ValidationError("This cursor is none of ours. Begin again without one.")
    return place


def waiting_number() -> int:
    return int(MatchPair.objects.waiting().count())


def strong_number() -> int:
    return int(MatchPair.objects.waiting().filter(strong=True).count())


def better_survivor(one: Candidate, other: Candidate) -> Candidate:
    """Who has more profiles is kept; of two with as many, who was here first."""
    counts = _counted(Profile, [one.pk, other.pk])
    return min((one, other), key=lambda person: (-counts.get(person.pk, 0), person.created_at, person.pk))


def comparison_of(
    one: Candidate, other: Candidate, *, evidence: Sequence[Mapping[str, Any]] = (), restricted: bool
) -> Comparison:
    """Both side by side, and their evidence with its values; without `restricted` less of it."""
    ids = [one.pk, other.pk]
    records = records_of([one, other])
    sources = source_names(ids)
    counts = [_counted(model, ids) for model in (Profile, Application, Note)]
    left, right = (
        Side(person, sources.get(person.pk, ()), *(count.get(person.pk, 0) for count in counts))
        for person in (one, other)
    )
    rows = [
        _row(label, *(_values(person, name, records[person.pk]) for person in (one, other)))
        for name, label in COMPARED
        if restricted or name != "birth_date"
    ]
    return Comparison(
        left,
        right,
        [row for row in rows if any(row.sides)],
        better_survivor(one, other),
        evidence_between(evidence, records[one.pk], records[other.pk], restricted=restricted),
    )


def merges_into(person: Candidate) -> list[Merge]:
    """The live merges that made this person, those into somebody absorbed among them, the latest first."""
    found: list[Merge] = []
    into = [person.pk]
    while into:
        live = Merge.objects.live().filter(survivor__in=into).select_related("absorbed", "by", "survivor")
        level = list(live)
        found += level
        into = [merge.absorbed_id for merge in level]
    return sorted(found, key=lambda merge: (merge.at, merge.pk), reverse=True)


def _counted(model: Any, ids: Sequence[int]) -> dict[int, int]:
    rows = model.objects.filter(candidate__in=ids).values("candidate").annotate(number=Count("pk"))
    return {row["candidate"]: row["number"] for row in rows}


def _values(person: Candidate, name: str, records: Records) -> list[str]:
    if name == "birth_date":
        return sorted({each.birth_date for each in records if each.birth_date})
    if name in ("email", "phone", "links"):
        kind = "link" if name == "links" else name
        return [point["value"] for point in person.contact_points if point["kind"] == kind]
    value = getattr(person, name)
    if isinstance(value, str):
        return [value] if value else []
    return [_entry(each) for each in value]


def _entry(value: Any) -> str:
    if not isinstance(value, Mapping):
        return in_words(value)
    told = [str(value[key]) for key in ("title", "degree", "area", "employer", "school") if value.get(key)]
    years = " – ".join(str(value[key])[:4] for key in ("start", "end") if value.get(key))
    return " · ".join([*told, *([years] if years else [])])


def _row(label: str, left: Sequence[str], right: Sequence[str]) -> Row:
    marks = [{_comparable(text) for text in side} for side in (left, right)]
    sides = tuple(
        sorted((Value(text, _comparable(text) in others) for text in side), key=lambda value: not value.shared)[
            :MOST_VALUES
        ]
        for side, others in ((left, marks[1]), (right, marks[0]))
    )
    return Row(label, (sides[0], sides[1]))


def _comparable(text: str) -> str:
    return " ".join(text.casefold().split())
