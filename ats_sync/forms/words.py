"""The page on which the words of an ATS get their meaning: one field for each word, named by its record.
Departments have a second one, for the job family that they are."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError

from ats_sync.queries.words import MIXED, WITH_FAMILY, Group, Word
from ats_sync.vocabulary import Kind

LONGEST = 100


def meanings_in(data: Mapping[str, str], groups: Sequence[Group]) -> dict[int, str]:
    """What was said of which word; raises a ValidationError with a sentence for what can't be meant.

    A word of which nothing was sent is left as it is, so that one group can be saved by itself.
    """
    said: dict[int, str] = {}
    for group in groups:
        if group.kind == Kind.FAMILY:
            continue
        allowed = {"", *(value for value, _ in group.choices)}
        for word in group.words:
            value = data.get(f"word-{word.id}")
            if value is None or (word.is_mixed and value == MIXED):
                continue
            meaning = _checked(group.kind, word, value.strip(), allowed)
            said |= dict.fromkeys(word.ids, meaning)
    return said


def families_in(data: Mapping[str, str], groups: Sequence[Group]) -> dict[int, int | None]:
    """Which job family was said of which word; a ValidationError for one that isn't there, or that can't have one."""
    said: dict[int, int | None] = {}
    for group in groups:
        allowed = {value for value, _ in group.families}
        for word in group.words:
            value = data.get(f"family-{word.id}")
            if value is None:
                continue
            if group.kind not in WITH_FAMILY:
                raise ValidationError(f"“{word.name}” is no department: no jobs come by it.")
            if value and value not in allowed:
                raise ValidationError(f"“{word.name}” can’t be that job family. Choose one of the list.")
            said |= dict.fromkeys(word.ids, int(value) if value else None)
    return said


def _checked(kind: Kind, word: Word, value: str, allowed: set[str]) -> str:
    if kind == Kind.DEPARTMENT:
        if len(value) > LONGEST or not (value.isprintable()):
            raise ValidationError(f"A name for “{word.name}” is one line of at most {LONGEST} letters.")
    elif value not in allowed:
        raise ValidationError(f"“{word.name}” can’t mean that. Choose one of the list.")
    return value
