"""The history of a person's fields as a page shows it: every saying with its source, time and author."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from talentpool.custom_values import PREFIX, CustomTypes
from talentpool.field_words import FIELD_WORDS, field_words
from talentpool.identity.history import PastEdit, Said, Standing, Told, history_of
from talentpool.identity.statements import Edit
from talentpool.identity.suggestions import ACCEPTED
from talentpool.models import Candidate, CustomField, FieldEdit, Profile
from talentpool.queries.candidate import in_words, number_words, wish_words
from talentpool.queries.custom_fields import custom_fields, custom_types
from talentpool.queries.statements import current_rules, home_region, statement_of

AROUND = 60  # characters of a file's text before and after what was read in it
STANDING_WORDS = {
    Standing.SHOWN: "shown",
    Standing.AGREES: "says the same",
    Standing.OTHER: "says something else",
    Standing.OVERRULED: "overruled",
    Standing.REPLACED: "replaced",
    Standing.WITHDRAWN: "taken back",
    Standing.REMOVED: "removed",
    Standing.UNHEARD: "left out",
    Standing.UNREADABLE: "can’t be read",
}


@dataclass(frozen=True)
class Line:
    """Who said a value, when, by which way it came, and what became of it."""

    value: str
    standing: str  # of identity.history.Standing
    standing_words: str
    reason: str
    who: str
    way: str  # “Row of a table, brought in by Mara Okafor”
    at: datetime
    profile_id: int | None = None
    import_id: int | None = None
    edit_id: int | None = None  # an edit that can still be taken back
    passage: str = ""  # the place in the document


@dataclass(frozen=True)
class Chapter:
    """One value, and all that was said of it."""

    key: str
    value: str
    is_shown: bool
    why: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class FieldHistory:
    name: str
    label: str
    chapters: Sequence[Chapter]
    others: int = 0  # values of the field that aren't part of this history


def field_history(person: Candidate, name: str, key: str = "") -> FieldHistory:
    """Of one field, or of the one of its values that `key` names while it is there. A handful of queries."""
    types = custom_types()
    profiles = {each.pk: each for each in _profiles(person)}
    edits = {each.pk: each for each in FieldEdit.objects.filter(candidate=person).select_related("by", "withdrawn_by")}
    told = history_of(
        name,
        [statement_of(each) for each in profiles.values()],
        [PastEdit(Edit(e.pk, e.field, e.value, e.at), e.withdrawn_at is not None) for e in edits.values()],
        region=home_region(),
        rules=current_rules(),
        custom=types,
    )
    chosen = [each for each in told if each.key == key] if key else []
    words = _in_words(name, types)
    chapters = [_chapter(each, profiles, edits, words) for each in chosen or told]
    return FieldHistory(name, _label(name), chapters, len(told) - len(chapters))


def _in_words(name: str, types: CustomTypes) -> Callable[[str], str]:
    """What makes a stored value one that people read."""
    kind = types.get(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
    if kind is None:
        return lambda text: wish_words(name, text)
    return lambda text: kind.words(kept, number_words) if (kept := kind.read(text)) else text


def _label(name: str) -> str:
    own = CustomField.objects.filter(key=name.removeprefix(PREFIX)).first() if name.startswith(PREFIX) else None
    return own.label if own else field_words(name)


def fields_with_history(person: Candidate, *, restricted: bool = False) -> list[tuple[str, str]]:
    """Names and labels of the fields of which anybody ever said anything."""
    said = set(FieldEdit.objects.filter(candidate=person).values_list("field", flat=True))
    for fields in Profile.objects.filter(candidate=person).values_list("fields", flat=True):
        said |= {name for name, value in fields.items() if value} | {PREFIX + key for key in fields.get("custom", ())}
    own = [(each.name, each.label) for each in custom_fields(restricted=restricted)]
    return [(name, label) for name, label in (*FIELD_WORDS.items(), *own) if name in said]


def _profiles(person: Candidate) -> Iterable[Profile]:
    theirs = Profile.objects.filter(candidate=person).select_related("source", "by", "import_run", "file")
    return theirs.defer("raw", "import_run__options", "import_run__counts")


def _chapter(
    told: Told, profiles: Mapping[int, Profile], edits: Mapping[int, FieldEdit], words: Callable[[str], str]
) -> Chapter:
    lines = [
        _edit_line(each, edits[number]) if each.ref.startswith("e") else _source_line(each, profiles[number])
        for each in told.said
        for number in [int(each.ref[1:])]
    ]
    lines = [replace(each, value=words(each.value)) for each in lines]
    return Chapter(told.key, words(told.value), told.is_shown, told.why, lines)


def _source_line(said: Said, profile: Profile) -> Line:
    by = f", brought in by {profile.by.name}" if profile.by else ""
    return Line(
        value=said.value,
        standing=said.standing.value,
        standing_words=STANDING_WORDS[said.standing],
        reason=said.reason,
        who=profile.source.name,
        way=f"{profile.get_kind_display()}{by}",
        at=profile.observed_at,
        profile_id=profile.pk,
        import_id=profile.import_run_id,
        passage=_passage(said.value, profile),
    )


def _edit_line(said: Said, edit: FieldEdit) -> Line:
    taken_back = edit.withdrawn_at is not None
    by = f" by {edit.withdrawn_by.name}" if edit.withdrawn_by else ""
    replaced = in_words(edit.replaced)
    return Line(
        value=said.value,
        standing=said.standing.value,
        standing_words=STANDING_WORDS[said.standing],
        reason=f"It was taken back{by} on {edit.withdrawn_at:%-d %b %Y}." if edit.withdrawn_at else said.reason,
        who=edit.by.name,
        way=f"edited here; it replaced: {replaced}" if replaced else "edited here",
        at=edit.at,
        edit_id=None if taken_back else edit.pk,
    )


def _passage(value: str, profile: Profile) -> str:
    """Where in the profile's document the value stands: as the reader said, or else where the text has it."""
    for each in profile.suggestions:
        if each.get("answer") == ACCEPTED and in_words(each.get("value")) == value:
            page = (each.get("place") or {}).get("page")
            return f"{each.get('passage') or ''}{f' (page {page})' if page else ''}"
    if profile.file is None or not profile.file.text:
        return ""
    first = value.split(" · ")[0].split(", ")[0]
    place = re.search(r"\s+".join(map(re.escape, first.split())), profile.file.text, re.IGNORECASE) if first else None
    if place is None:
        return ""
    start, end = max(0, place.start() - AROUND), place.end() + AROUND
    around = " ".join(profile.file.text[start:end].split())
    return f"{'… ' if start else ''}{around}{' …' if end < len(profile.file.text) else ''}"
