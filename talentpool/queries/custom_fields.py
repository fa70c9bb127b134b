"""An organisation's own fields: their definitions, and what reads and shows their values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q

from crm.models import Member
from talentpool.custom_values import OF_CHOICES, PREFIX, CustomKind, CustomType, CustomTypes
from talentpool.models import Candidate, CustomField, FieldEdit, Profile, Source

MOST_VALUES = 5_000  # different ones that a change of kind is tried on


@dataclass(frozen=True)
class Readable:
    """People whose value could be read otherwise, those whose could not, and some of their values."""

    good: int
    bad: int
    examples: Sequence[str]

    @property
    def is_empty(self) -> bool:
        return not (self.good or self.bad)


def custom_fields(*, restricted: bool = True) -> list[CustomField]:
    """Those in use, in their order; without `restricted` only what everybody may see."""
    fields = CustomField.objects.filter(archived_at=None)
    return list(fields if restricted else fields.filter(is_restricted=False))


def has_restricted_fields() -> bool:
    return CustomField.objects.filter(is_restricted=True).exists()


def custom_types(fields: Iterable[CustomField] | None = None) -> CustomTypes:
    """What reads the values of all fields, archived ones too, by key; one query, and one more for members."""
    fields = list(CustomField.objects.all()) if fields is None else list(fields)
    members = _members() if any(each.kind == CustomKind.MEMBER for each in fields) else ({}, {})
    return {each.key: _type(each, members) for each in fields}


def fields_with_people() -> list[tuple[CustomField, int]]:
    """All fields, those in use first, each with how many people have a value; one pass over the people for all."""
    fields = list(CustomField.objects.order_by(F("archived_at").asc(nulls_first=True), "position", "pk"))
    counts = {each.key: Count("pk", filter=Q(custom__has_key=each.key)) for each in fields}
    named = {f"people_{n}": count for n, count in enumerate(counts.values())}
    found = Candidate.objects.present().exclude(custom={}).aggregate(**named) if named else {}
    return [(each, found[f"people_{n}"]) for n, each in enumerate(fields)]


def people_with_field(key: str, *, after: int, number: int) -> list[int]:
    """The next people, by id, of whom a source or a colleague ever said a value."""
    said = Profile.objects.filter(_says(key), candidate__gt=after).order_by("candidate")
    edited = FieldEdit.objects.filter(candidate__gt=after, field=PREFIX + key).order_by("candidate")
    found = {pk for rows in (said, edited) for pk in rows.values_list("candidate", flat=True).distinct()[:number]}
    return sorted(found)[:number]


def _says(key: str) -> Q:
    """Under this name, or an ATS under its own for it."""
    said = Q(fields__custom__has_key=key)
    for source_id, mapped in Source.objects.exclude(own_fields={}).values_list("pk", "own_fields"):
        for theirs in (theirs for theirs, ours in mapped.items() if ours == key):
            said |= Q(source=source_id, fields__custom__has_key=theirs)
    return said


def readable_as(field: CustomField, kind: CustomKind, choices: Sequence[str]) -> Readable:
    """Of the values that people have now, how many could be read if the field were of another kind."""
    as_new = _type(CustomField(kind=kind.value, choices=list(choices)), _members())
    values = Candidate.objects.present().filter(custom__has_key=field.key)
    said = values.values_list(f"custom__{field.key}").annotate(people=Count("pk")).order_by("-people")
    good, bad, examples = 0, 0, []
    for text, people in said[:MOST_VALUES]:
        if as_new.read(str(text)):
            good += people
        else:
            bad += people
            examples.append(str(text))
    return Readable(good, bad, examples[:5])


def _type(field: CustomField, members: tuple[Mapping[str, str], Mapping[str, str]]) -> CustomType:
    kind = CustomKind(field.kind)
    if kind is CustomKind.MEMBER:
        return CustomType(kind, *members)
    if kind not in OF_CHOICES:
        return CustomType(kind)
    return CustomType(kind, {_folded(each): each for each in [*field.choices, *field.past_choices]})


def _members() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Members by id, name and address, and their names by id; who was removed stays known."""
    found = list(Member.objects.select_related("user").order_by(F("removed_at").desc(nulls_first=True), "pk"))
    options: dict[str, str] = {}
    for each in found:
        for words in (str(each.pk), each.name, each.user.email):
            options.setdefault(_folded(words), str(each.pk))
    return options, {str(each.pk): each.name for each in found}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
