"""The rows of PersonTraits: made as records come in, and made anew where people here changed what records say.

A correction by hand stands for what every record of that person said: another name in place of theirs, without a
contact point that was removed. What was added by hand is a record of its own. All of it goes by `origin`, so that
merging and taking a merge back leave the rows as they are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from talentpool.actions.arrivals import as_json
from talentpool.actions.bulk_insert import filled, insert_rows, insert_values, joined
from talentpool.actions.derivation import home_region, statement_of
from talentpool.identity.blocks import block_keys
from talentpool.identity.frequencies import name_bits
from talentpool.identity.keys import Key, identity_keys
from talentpool.identity.names import Name, comparable_name
from talentpool.identity.person_traits import PersonTraits as Traits
from talentpool.identity.person_traits import traits_of
from talentpool.identity.statements import value_key
from talentpool.models import FieldEdit, NamePart, PersonTraits, Profile
from talentpool.person import PersonFields

NAMES = ("name", "given_name", "family_name")
CONTACTS = ("emails", "phones", "links")
CAREERS = ("positions", "education")
COMPARED = (*NAMES, *CONTACTS, *CAREERS, "location", "birth_date")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Record:
    """A record of which traits are wanted; `name` and `keys` as they were read from `fields` before, `whose` the ids
    of candidate, origin and profile by their columns."""

    fields: PersonFields
    name: Name
    keys: Sequence[Key]
    whose: Mapping[str, Any]


class Read(NamedTuple):
    """The part of a row that needs no database: names, of which it is still to be asked how rare they are, and the
    other columns as JSON."""

    given: str
    family: str
    columns: str


def add_traits(records: Iterable[Record]) -> None:
    """A row for each, in one statement; the rows must not be there yet."""
    records = list(records)
    write_traits([each.whose for each in records], [read_traits(each.fields, each.name, each.keys) for each in records])


def write_traits(whose: Sequence[Mapping[str, Any]], read: Sequence[Read]) -> None:
    """The same of what was read ahead."""
    given, family = {each.given for each in read}, {each.family for each in read}
    bits = name_bits({NamePart.GIVEN: given, NamePart.FAMILY: family})
    rows = [
        joined(
            f'{{"candidate_id": {of["candidate_id"]}, "origin_id": {of["origin_id"]}, '
            f'"profile_id": {of["profile_id"] or "null"}, "given_bits": {bits[NamePart.GIVEN, each.given]}, '
            f'"family_bits": {bits[NamePart.FAMILY, each.family]}}}',
            each.columns,
        )
        for of, each in zip(whose, read, strict=True)
    ]
    columns = ["candidate_id", "origin_id", "profile_id", "given_bits", "family_bits"]
    insert_values(PersonTraits, [*columns, *Traits.__slots__, "blocks"], rows)


def read_traits(fields: PersonFields, name: Name, keys: Sequence[Key]) -> Read:
    traits, words = traits_of(fields, name, keys)
    return Read(traits.given, traits.family, as_json(filled({**_columns(traits), "blocks": block_keys(traits, words)})))


def retrait(candidate_ids: Collection[int]) -> None:
    """Makes anew what of these people's rows has changed; the others stay as they are, and are not compared again."""
    region = home_region()
    wanted = {(row.origin_id, row.profile_id): row for row in _rows(list(_records(candidate_ids, region)))}
    gone = []
    for row in PersonTraits.objects.filter(candidate__in=candidate_ids):
        place = row.origin_id, row.profile_id
        if place in wanted and _content(wanted[place]) == _content(row):
            del wanted[place]
        else:
            gone.append(row.pk)
    PersonTraits.objects.filter(pk__in=gone).delete()
    insert_rows(wanted.values())


def retrait_edited(candidate_ids: Collection[int]) -> None:
    """The same for those of many people whom somebody here corrected."""
    edits = FieldEdit.objects.filter(candidate__in=candidate_ids, withdrawn_at=None, field__in=COMPARED)
    if edited := set(edits.values_list("candidate_id", flat=True)):
        retrait(edited)


def add_missing_traits(after: int, number: int) -> tuple[int, int]:
    """Traits of the next profiles behind this id that have none; the last id looked at and how many were looked at."""
    ids = list(Profile.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:number])
    if not ids:
        return after, 0
    there = set(PersonTraits.objects.filter(profile__in=ids).values_list("profile_id", flat=True))
    missing = Profile.objects.filter(pk__in=set(ids) - there).select_related("source").defer("raw").order_by("pk")
    region = home_region()
    add_traits(_record(each, statement_of(each).fields, region) for each in missing)
    retrait_edited({each.candidate_id for each in missing})
    return ids[-1], len(ids)


def _rows(records: Sequence[Record]) -> list[PersonTraits]:
    read = [traits_of(each.fields, each.name, each.keys) for each in records]
    bits = name_bits(
        {
            NamePart.GIVEN: {traits.given for traits, _ in read},
            NamePart.FAMILY: {traits.family for traits, _ in read},
        }
    )
    return [
        PersonTraits(
            **record.whose,
            given_bits=bits[NamePart.GIVEN, traits.given],
            family_bits=bits[NamePart.FAMILY, traits.family],
            blocks=block_keys(traits, words),
            **{name: list(value) if isinstance(value, tuple) else value for name, value in _columns(traits).items()},
        )
        for record, (traits, words) in zip(records, read, strict=True)
    ]


def _columns(traits: Traits) -> dict[str, Any]:
    return {name: getattr(traits, name) for name in Traits.__slots__}


def _content(row: PersonTraits) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*Traits.__slots__, "blocks")}


def _records(candidate_ids: Collection[int], region: str) -> Iterator[Record]:
    corrections = _corrections(candidate_ids)
    names: dict[int, PersonFields] = {}
    profiles = Profile.objects.filter(candidate__in=candidate_ids).select_related("source").defer("raw").order_by("pk")
    for profile in profiles.iterator(chunk_size=BATCH):
        fields = statement_of(profile).fields
        names.setdefault(profile.origin_id, fields)
        yield _record(profile, _corrected(fields, corrections[profile.origin_id], region), region)
    for origin_id, edits in corrections.items():
        added = _added(edits, names.get(origin_id, PersonFields()))
        if added:
            keys = identity_keys(added, region=region)
            whose = {"candidate_id": edits[0].candidate_id, "origin_id": origin_id, "profile_id": None}
            yield Record(added, comparable_name(added), keys, whose)


def _record(profile: Profile, fields: PersonFields, region: str) -> Record:
    keys = identity_keys(fields, external_id=profile.external_id, source=profile.source_id, region=region)
    whose = {"candidate_id": profile.candidate_id, "origin_id": profile.origin_id, "profile_id": profile.pk}
    return Record(fields, comparable_name(fields), keys, whose)


def _corrections(candidate_ids: Collection[int]) -> dict[int, list[FieldEdit]]:
    found: dict[int, list[FieldEdit]] = defaultdict(list)
    edits = FieldEdit.objects.filter(candidate__in=candidate_ids, withdrawn_at=None, field__in=COMPARED)
    for edit in edits.order_by("at", "pk"):
        found[edit.origin_id].append(edit)
    return found


def _corrected(fields: PersonFields, edits: Sequence[FieldEdit], region: str) -> PersonFields:
    """What a record says once corrections hold: another name, and without contact points that were removed."""
    change: dict[str, Any]
    for edit in edits:
        if edit.field == "name":
            fields = replace(fields, name=str(edit.value), given_name="", family_name="")
        elif edit.field in NAMES or edit.field in ("location", "birth_date"):
            change = {edit.field: str(edit.value)}
            fields = replace(fields, **change)
        elif edit.field in CONTACTS and edit.value:
            gone = {value_key(edit.field, str(each), region) for each in edit.value.get("remove", ())}
            kept = tuple(
                each for each in getattr(fields, edit.field) if value_key(edit.field, each, region) not in gone
            )
            change = {edit.field: kept}
            fields = replace(fields, **change)
    return fields


def _added(edits: Sequence[FieldEdit], told: PersonFields) -> PersonFields | None:
    """What was added by hand, under the name that is shown; nothing where nothing was added."""
    added: dict[str, list[Any]] = defaultdict(list)
    for edit in edits:
        if edit.field in (*CONTACTS, *CAREERS) and edit.value:
            removed = edit.value.get("remove", ())
            added[edit.field] = [each for each in added[edit.field] if each not in removed]
            added[edit.field] += edit.value.get("add", ())
    if not any(added.values()):
        return None
    named = _corrected(told, edits, "")
    names = {name: getattr(named, name) for name in NAMES}
    return PersonFields.from_json({**added, **names})
