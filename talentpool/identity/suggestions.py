"""What a reader found but wasn't sure of: it counts only once somebody has accepted it.

A suggestion stays with its profile, so that it moves with it when people are merged, and so that its lineage is the
document it was found in. Stored as {"field", "value", "confidence", "passage"} and, once answered, "answer".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any

from talentpool.identity.careers import is_same_entry
from talentpool.identity.statements import CAREERS, LISTS, value_key
from talentpool.person import PersonFields

ACCEPTED = "accepted"
DISMISSED = "dismissed"
KNOWN_FIELDS = frozenset(each.name for each in fields_of(PersonFields)) - {"custom"}


def with_accepted(fields: PersonFields, suggestions: Iterable[Mapping[str, Any]]) -> PersonFields:
    """What the profile says once the accepted suggestions belong to it."""
    for each in suggestions:
        if each.get("answer") == ACCEPTED and each["field"] in KNOWN_FIELDS:
            fields = replace(fields, **{each["field"]: _with(fields, each["field"], each["value"])})
    return fields


def open_suggestions(
    shown: PersonFields, profiles: Iterable[tuple[int, Sequence[Mapping[str, Any]]]], *, region: str = ""
) -> list[dict[str, Any]]:
    """The unanswered ones that say something new, each once, the surest first; `profiles` are ids with suggestions.

    "profile" and "number" say which one an answer is about.
    """
    found: list[dict[str, Any]] = []
    answered: list[tuple[str, Any]] = []
    for profile_id, suggestions in sorted(profiles, reverse=True, key=lambda each: each[0]):
        for number, each in enumerate(suggestions):
            if each["field"] not in KNOWN_FIELDS:
                continue
            if each.get("answer") == DISMISSED:
                answered.append((each["field"], each["value"]))
            elif not each.get("answer") and not _is_shown(shown, each["field"], each["value"], region):
                found.append({**each, "profile": profile_id, "number": number})
    found.sort(key=lambda each: -float(each.get("confidence", 0)))
    kept: list[dict[str, Any]] = []
    for each in found:
        name, value = each["field"], each["value"]
        if not any(field == name and _is_same(name, value, other, region) for field, other in answered):
            answered.append((name, value))
            kept.append(each)
    return kept


def _with(fields: PersonFields, name: str, value: Any) -> Any:
    if name in CAREERS:
        return (*getattr(fields, name), CAREERS[name].from_json(value))
    return (*getattr(fields, name), str(value)) if name in LISTS else str(value)


def _is_shown(shown: PersonFields, name: str, value: Any, region: str) -> bool:
    present = getattr(shown, name)
    if name in CAREERS:
        return any(is_same_entry(each, CAREERS[name].from_json(value)) for each in present)
    return any(_is_same(name, value, each, region) for each in (present if name in LISTS else (present,)))


def _is_same(name: str, one: Any, other: Any, region: str) -> bool:
    if name in CAREERS:
        return is_same_entry(CAREERS[name].from_json(one), CAREERS[name].from_json(other))
    return value_key(name, str(one), region) == value_key(name, str(other), region)
