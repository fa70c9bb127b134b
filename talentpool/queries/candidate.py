"""One person as the page shows them: every value together with where it came from.

A candidate's lineage names profiles and edits ("p12", "e5"); here the names become words, in two queries for a page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format

from talentpool.field_words import FIELD_WORDS
from talentpool.identity.history import history_key
from talentpool.models import Candidate, CustomField, FieldEdit, Profile
from talentpool.person import Education, Position
from talentpool.queries.custom_fields import custom_fields, custom_types
from talentpool.resumes.skill_years import years_by_skill
from talentpool.wishes import LISTS as WISH_LISTS
from talentpool.wishes import WISHES, wish_in_words

LISTS = {"email": "emails", "phone": "phones", "link": "links"}


@dataclass(frozen=True)
class Voice:
    """Who says so: a profile of a source, or an edit of a member."""

    who: str
    kind: str
    at: datetime
    profile_id: int | None = None
    edit_id: int | None = None
    by: str = ""
    replaced: str = ""


@dataclass(frozen=True)
class Origin:
    """Where one shown value came from, and what others say instead; `key` names the value in its field's history."""

    voices: Sequence[Voice] = ()
    others: Sequence[tuple[str, Sequence[Voice]]] = ()  # (value, who says it)
    field: str = ""
    key: str = ""

    @property
    def summary(self) -> str:
        """The line that opens to the whole: “Spring fair, 4 Mar 2026 + 2”, or that sources disagree."""
        if not self.voices:
            return ""
        if self.others and not self.voices[0].by:
            return f"{1 + len(self.others)} sources disagree"
        first, more = self.voices[0], len(self.voices) - 1
        return f"{first.who}, {_day(first.at)}" + (f" + {more}" if more else "")


@dataclass(frozen=True)
class Sourced:
    """A value with its origin; `note` is what else is known of it, such as the years that a skill shows."""

    value: Any
    origin: Origin = field(default_factory=Origin)
    note: str = ""


@dataclass(frozen=True)
class Fact:
    """A line of a panel: what a field is called, and its values, each with its origin; `kind` says how it is shown."""

    label: str
    values: Sequence[Sourced]
    kind: str = "text"


@dataclass(frozen=True)
class Sheet:
    """All that the profile page shows of a person."""

    person: Candidate
    texts: Mapping[str, Sourced]  # name, headline, summary, location
    emails: Sequence[Sourced]
    phones: Sequence[Sourced]
    links: Sequence[Sourced]
    positions: Sequence[Sourced]
    education: Sequence[Sourced]
    skills: Sequence[Sourced]
    languages: Sequence[Sourced]
    certificates: Sequence[Sourced]
    wishes: Sequence[Fact]
    own: Sequence[Fact]
    has_own: bool  # the organisation has fields of its own
    source_count: int

    @property
    def skill_groups(self) -> list[tuple[str, Sequence[Sourced]]]:
        return [("", self.skills), ("Languages", self.languages), ("Certificates", self.certificates)]

    @property
    def career(self) -> "Career":
        return Career([item.value for item in self.positions], [item.value for item in self.education])


@dataclass(frozen=True)
class Career:
    positions: Sequence[Position]
    education: Sequence[Education]


def career_of(person: Candidate) -> Career:
    return Career(
        [Position.from_json(stored) for stored in person.positions],
        [Education.from_json(stored) for stored in person.education],
    )


def sheet_of(person: Candidate, *, restricted: bool = False) -> Sheet:
    """Four queries, whatever the person's life was like; with `restricted` what hiring managers don't see."""
    lineage, fields = person.lineage, custom_fields(restricted=restricted)
    voices = _voices(person, lineage)
    career = career_of(person)
    points = {kind: [point["value"] for point in person.contact_points if point.get("kind") == kind] for kind in LISTS}
    lists = {
        **{name: points[kind] for kind, name in LISTS.items()},
        "positions": career.positions,
        "education": career.education,
        **{name: getattr(person, name) for name in ("skills", "languages", "certificates")},
    }
    sourced = {name: _with_origins(name, values, lineage.get(name) or (), voices) for name, values in lists.items()}
    sourced["skills"] = _with_years(sourced["skills"], career)
    return Sheet(
        person=person,
        texts={name: Sourced(getattr(person, name), _origin(name, lineage.get(name), voices)) for name in _TEXTS},
        wishes=_wishes(person, voices),
        own=_own(person, voices, fields),
        has_own=bool(fields),
        source_count=Profile.objects.filter(candidate=person).values("source").distinct().count(),
        **sourced,
    )


def _with_years(skills: Sequence[Sourced], career: "Career") -> list[Sourced]:
    """Each skill with the years of the jobs whose words name it."""
    years = years_by_skill((each.value for each in skills), career.positions)
    return [replace(each, note=f"{years[each.value]:g} yr" if each.value in years else "") for each in skills]


def _wishes(person: Candidate, voices: Mapping[str, Voice]) -> list[Fact]:
    facts = []
    for name in WISHES:
        said = person.lineage.get(name)
        if name in WISH_LISTS:
            values = _with_origins(name, person.wants.get(name, ()), said or (), voices)
            values = [replace(each, value=wish_words(name, each.value)) for each in values]
        else:
            values = [
                Sourced(wish_words(name, text), _origin(name, said, voices))
                for text in (person.wants.get(name),)
                if text
            ]
        if values:
            facts.append(Fact(FIELD_WORDS[name], values))
    return facts


def wish_words(name: str, text: str) -> str:
    return wish_in_words(name, text, number_words)


def number_words(number: Decimal) -> str:
    """As the language of the page writes it."""
    return str(number_format(number, use_l10n=True, force_grouping=True))


def _own(person: Candidate, voices: Mapping[str, Voice], fields: Sequence[CustomField]) -> list[Fact]:
    """The organisation's own fields that have a value, in their order."""
    types = custom_types(fields)
    lineage = person.lineage.get("custom", {})
    return [
        Fact(
            field.label,
            [Sourced(types[field.key].words(kept, number_words), _origin(field.name, lineage.get(field.key), voices))],
            field.kind,
        )
        for field in fields
        if (kept := person.custom.get(field.key))
    ]


_TEXTS = ("name", "headline", "summary", "location")


def _with_origins(name: str, values: Iterable[Any], said: Sequence[Any], voices: Mapping[str, Voice]) -> list[Sourced]:
    return [
        Sourced(value, _origin(name, said[n] if n < len(said) else None, voices, history_key(name, value)))
        for n, value in enumerate(values)
    ]


def _origin(name: str, said: Mapping[str, Any] | None, voices: Mapping[str, Voice], key: str = "") -> Origin:
    if not said:
        return Origin()
    others = [(text, _named(refs, voices)) for text, refs in _differing(said.get("differs") or ())]
    return Origin(_named(said.get("from", ()), voices), [other for other in others if other[1]], name, key)


def _differing(differs: Any) -> Iterable[tuple[str, Sequence[str]]]:
    """What others say: of a text a list of values, of a job or school the same for each of its parts."""
    if isinstance(differs, Mapping):
        for part, others in differs.items():
            for other in others:
                yield f"{part.replace('_', ' ')}: {other['value']}", other["from"]
    else:
        for other in differs:
            yield str(other["value"]), other["from"]


def _named(refs: Iterable[str], voices: Mapping[str, Voice]) -> list[Voice]:
    return [voices[ref] for ref in refs if ref in voices]


def _voices(person: Candidate, lineage: Mapping[str, Any]) -> dict[str, Voice]:
    refs = set(_refs(lineage))
    profiles = Profile.objects.filter(pk__in=_ids(refs, "p")).select_related("source", "by")
    edits = FieldEdit.objects.filter(pk__in=_ids(refs, "e")).select_related("by")
    return {
        **{f"p{each.pk}": _voice_of_profile(each) for each in profiles.defer("raw", "fields", "suggestions")},
        **{f"e{each.pk}": _voice_of_edit(each) for each in edits},
    }


def _voice_of_profile(profile: Profile) -> Voice:
    by = profile.by.name if profile.by else ""
    kind = profile.get_kind_display() + (f", brought in by {by}" if by else "")
    return Voice(profile.source.name, kind, profile.observed_at, profile_id=profile.pk)


def _voice_of_edit(edit: FieldEdit) -> Voice:
    return Voice(
        edit.by.name, "edited here", edit.at, edit_id=edit.pk, by=edit.by.name, replaced=in_words(edit.replaced)
    )


def in_words(value: Any) -> str:
    """A stored value as a short text: what an edit replaced can be a text, a list, or a value with its lineage."""
    if isinstance(value, Mapping):
        return in_words(value["value"]) if "value" in value else ", ".join(in_words(v) for v in value.values() if v)
    if isinstance(value, list | tuple):
        return "; ".join(in_words(each) for each in value)
    return "" if value is None else str(value)


def _refs(lineage: Any) -> Iterable[str]:
    """Every ref anywhere in a lineage."""
    if isinstance(lineage, Mapping):
        for name, value in lineage.items():
            yield from value if name == "from" else _refs(value)
    elif isinstance(lineage, list):
        for each in lineage:
            yield from _refs(each)


def _ids(refs: Iterable[str], kind: str) -> list[int]:
    return [int(ref[1:]) for ref in refs if ref[:1] == kind and ref[1:].isdecimal()]


def _day(at: datetime) -> str:
    day = timezone.localtime(at).date()
    return f"{day.day} {day:%b %Y}"
