"""What is shown of a person of whom one record speaks: what consolidate says of one statement, only sooner.

Most people of an import are such, and no rule has anything to choose there. A property test holds both together.
"""

from collections.abc import Iterator
from typing import Any

from talentpool.custom_values import CustomTypes
from talentpool.identity.consolidation import Consolidated, custom_of, merged_career
from talentpool.identity.names import name_parts, whole_name
from talentpool.identity.statements import CAREERS, LISTS, NO_TYPES, SCALARS, Statement, spelling
from talentpool.person import PersonFields

TEXTS = (*SCALARS, "location")


def view_of_one(said: Statement, *, region: str = "", custom: CustomTypes = NO_TYPES) -> Consolidated:
    """The same as `consolidate([said], region=region, custom=custom)`, whatever the rules."""
    fields, source = said.fields, {"from": [said.ref]}
    values: dict[str, Any] = {name: text for name in TEXTS if (text := getattr(fields, name).strip())}
    if country := fields.country.strip().upper():
        values["country"] = country[:2]
    lineage: dict[str, Any] = dict.fromkeys(values, source)
    if whole := whole_name(fields):
        values["given_name"], values["family_name"] = name_parts(fields)
        values["name"], lineage["name"] = whole, source
    for name, shown in _lists(said, region):
        if shown:
            values[name], lineage[name] = shown, [source] * len(shown)
    if custom and (own := custom_of([said], (), custom))[1]:
        values["custom"], lineage["custom"] = own
    return Consolidated(PersonFields(**values), lineage)


def _lists(said: Statement, region: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    fields = said.fields
    for name in LISTS:
        if texts := getattr(fields, name):
            shown: dict[str, str] = {}
            for key, value in (spelling(name, text, fields.country or region) for text in texts):
                shown.setdefault(key, value)
            shown.pop("", None)
            yield name, tuple(shown.values())
    for name in CAREERS:
        if entries := getattr(fields, name):
            if len(entries) > 1:
                entries = tuple(each.shown for each in merged_career(name, [said], ()))
            yield name, tuple(entry for entry in entries if entry.to_json())
