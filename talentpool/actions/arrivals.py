"""Records on their way in: what can be said of each before anything is written, and to whom it belongs.

Apart from people.py because a dry run needs exactly this and must not be able to write.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from talentpool.actions.derivation import home_region
from talentpool.identity.erased import are_erased, erased_hashes, hashing, nobody_was_erased
from talentpool.identity.keys import STRENGTH, Key, KeyKind, identity_keys
from talentpool.identity.matching import Group, Matching
from talentpool.identity.vetoes import Traits
from talentpool.models import Candidate, IdentityKey, Profile, ProfileKind, Source
from talentpool.person import PersonFields

LONGEST_EXTERNAL_ID = 200
# What PostgreSQL can't store as text: NUL, and halves of surrogate pairs.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
as_json = json.JSONEncoder(sort_keys=True, default=str, ensure_ascii=False).encode


class Outcome(StrEnum):
    """What became of a record, or would become of it."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ERASED = "erased"  # shown as “Erased, kept out”


@dataclass(frozen=True, slots=True)
class IncomingRecord:
    """One record of a source.

    `raw` is the record as it came and nothing about its delivery: with the same `raw` and `fields` it is the same
    record, however often it is sent.
    """

    source: Source
    kind: ProfileKind
    fields: PersonFields
    suggestions: Sequence[Mapping[str, Any]] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)
    external_id: str = ""
    observed_at: datetime | None = None
    file_id: int | None = None
    import_run_id: int | None = None
    row_number: int | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """`same_as` is the number, in the same call, of an earlier record of the same person."""

    outcome: Outcome
    candidate_id: int | None = None
    profile_id: int | None = None
    same_as: int | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was made of a record before its turn came: the columns of a person of whom nobody else has spoken, as JSON,
    with the organisation's own fields that they were made by, and what talentpool.actions.trait_rows reads."""

    columns: str
    custom: Mapping[str, Any]
    traits: Any


@dataclass(slots=True, eq=False)
class Arrival:
    """A record with what is computed of it; `group`, `known` or `twin` says where it belongs."""

    number: int
    record: IncomingRecord
    texts: tuple[str, str, str]  # fields, suggestions and raw as JSON
    external_id: str
    fingerprint: str
    keys: list[Key]
    traits: Traits
    said: PersonFields | None = None
    is_erased: bool = False
    group: Group | None = None
    twin: Self | None = None  # an earlier record of the call that says exactly the same
    known: tuple[int, int] | None = None  # profile and candidate that have said exactly this before
    is_back: bool = False  # known, but its source had said something else since
    candidate_id: int | None = None
    profile_id: int | None = None
    origin_id: int | None = None  # of somebody merged from several: whose record it is
    ahead: "Ahead | None" = None

    place: tuple[int, str] = field(init=False)  # source and fingerprint

    def __post_init__(self) -> None:
        self.place = self.record.source.pk, self.fingerprint

    @property
    def fields(self) -> PersonFields:
        """Read from its text where another process made it, for few are asked for their fields again."""
        return self.said or PersonFields.from_json(json.loads(self.texts[0]))

    @property
    def suggestions(self) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = json.loads(self.texts[1]) if self.texts[1] != "[]" else []
        return said

    def answer(self) -> Received:
        if self.is_erased:
            return Received(Outcome.ERASED)
        if self.twin:
            return Received(Outcome.UNCHANGED, self.twin.candidate_id, self.twin.profile_id, self.twin.number)
        if self.known:
            outcome = Outcome.UPDATED if self.is_back else Outcome.UNCHANGED
            return Received(outcome, self.known[1], self.known[0], self._same_as())
        same_as = self._same_as()
        is_new = same_as is None and (self.group is None or self.group.now().candidate_id is None)
        return Received(Outcome.NEW if is_new else Outcome.UPDATED, self.candidate_id, self.profile_id, same_as)

    def _same_as(self) -> int | None:
        first = self.group.now().first if self.group else None
        return None if first == self.number else first


def arrivals_of(records: Sequence[IncomingRecord], start: int = 0, *, region: str | None = None) -> list[Arrival]:
    """Numbered from `start`; keys, names and fingerprints are computed here, while nothing is locked.

    Whoever knows the home region already says it, and needs no database.
    """
    region = home_region() if region is None else region
    return [_arrival(number, each, region) for number, each in enumerate(records, start)]


def settle(
    arrivals: Sequence[Arrival],
    matching: Matching,
    seen: dict[tuple[int, str], Arrival],
    said: Mapping[tuple[int, str], tuple[int, int]] | None = None,
) -> None:
    """Finds out where each belongs, with a handful of queries.

    `seen` is what the call has met so far, `said` who has said a thing beside those whom the pool knows.
    """
    _mark_erased(arrivals)
    known = _known_profiles(arrivals) | dict(said or {})
    matching.read(key for each in arrivals for key in each.keys)
    for each in arrivals:
        if each.is_erased:
            continue
        each.twin = seen.setdefault(each.place, each)
        if each.twin is not each:
            continue
        each.twin = None
        if each.place in known:
            each.known = known[each.place]
            each.profile_id, each.candidate_id = each.known
            each.group = matching.note(each.number, each.known[1])
        else:
            each.group = matching.place(each.number, each.keys, each.traits)
    for each in arrivals:
        if each.group and not each.known:  # known only now, for later records may have joined two groups
            each.candidate_id = each.group.now().candidate_id


def find_origins(coming: Sequence[Arrival]) -> None:
    """Of records of people who were merged from several: to whom they would have come without the merge.

    The strongest key that is known says it; so they go the right way should the merge be undone.
    """
    merged = set(
        Candidate.objects.filter(merged_into__in={each.candidate_id for each in coming if each.candidate_id})
        .values_list("merged_into_id", flat=True)
        .distinct()
    )
    theirs = [each for each in coming if each.candidate_id in merged]
    values = {key.value for each in theirs for key in each.keys}
    known = IdentityKey.objects.filter(candidate__in=merged, value__in=values) if theirs else ()
    origins: dict[tuple[int, Key], set[int]] = defaultdict(set)
    for row in known:
        origins[row.candidate_id, Key(KeyKind(row.kind), row.value)].add(row.origin_id)
    for each in theirs:
        assert each.candidate_id is not None
        for key in sorted(each.keys, key=lambda key: STRENGTH[key.kind]):
            if found := origins.get((each.candidate_id, key)):
                each.origin_id = each.candidate_id if each.candidate_id in found else min(found)
                break


def _mark_erased(arrivals: Sequence[Arrival]) -> None:
    if nobody_was_erased():
        return
    by = hashing()
    hashes = [
        erased_hashes(each.keys, each.traits, [f"{each.place[0]}:{each.fingerprint}"], by=by) for each in arrivals
    ]
    for each, is_erased in zip(arrivals, are_erased(hashes), strict=True):
        each.is_erased = is_erased


def storable(value: Any) -> Any:
    """The same without characters that PostgreSQL has no place for."""
    if isinstance(value, str):
        return UNSTORABLE.sub("", value)
    if isinstance(value, Mapping):
        return {storable(str(key)): storable(each) for key, each in value.items()}
    return [storable(each) for each in value] if isinstance(value, list | tuple) else value


def _arrival(number: int, record: IncomingRecord, region: str) -> Arrival:
    fields, external_id = record.fields, record.external_id.strip()
    said: list[Any] = [fields.to_json(), list(record.suggestions), dict(record.raw), external_id]
    texts = [as_json(each) for each in said]
    whole = f"[{', '.join(texts)}]"
    if "\\u0000" in whole or (not whole.isascii() and UNSTORABLE.search(whole)):
        said = storable(said)
        texts = [as_json(each) for each in said]
        whole = f"[{', '.join(texts)}]"
        fields, external_id = PersonFields.from_json(said[0]), said[3]
    if len(external_id) > LONGEST_EXTERNAL_ID:
        external_id = hashlib.sha256(external_id.encode()).hexdigest()
    return Arrival(
        number=number,
        record=record,
        texts=(texts[0], texts[1], texts[2]),
        external_id=external_id,
        fingerprint=hashlib.sha256(whole.encode()).hexdigest(),
        keys=identity_keys(fields, external_id=external_id, source=record.source.pk, region=region),
        traits=Traits.of(fields),
        said=fields,
    )


def _known_profiles(arrivals: Sequence[Arrival]) -> dict[tuple[int, str], tuple[int, int]]:
    said = Profile.objects.filter(
        source__in={each.record.source.pk for each in arrivals}, fingerprint__in=[each.fingerprint for each in arrivals]
    )
    rows = said.values_list("source_id", "fingerprint", "pk", "candidate_id")
    return {(source_id, fingerprint): (pk, candidate_id) for source_id, fingerprint, pk, candidate_id in rows}
