"""One view of a person, made of what every source said and of what people here corrected.

Pure: profiles and edits in, values and their lineage out, the same for any order of the input, so that it can be
derived anew at any time, above all when people are merged and unmerged.

The rules, in this order:
1. An edit wins over every source until it is withdrawn, unless it was said otherwise of that source (`conflicts`). Of a
   list it says what was added and what was removed.
2. Of several states of one record at one source only the latest counts.
3. Else the organisation's rule for the group of fields says which source is believed (`rules`); usually the freshest,
   a point of the source's trust weighing as much as a week of age.
4. Contact points, skills, languages and certificates are united; jobs and schools are laid on top of each other; unless
   the rule of their group says that only the best source's list is shown.
5. What a reader wasn't sure of counts only once somebody accepted it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from talentpool.custom_values import PREFIX, CustomType, CustomTypes
from talentpool.identity.careers import MOST_REFS, Merged, is_same_entry, lay_over, newest_first
from talentpool.identity.conflicts import with_words_of_sources
from talentpool.identity.names import folded, name_parts, whole_name
from talentpool.identity.rules import AS_USUAL, GROUP_OF, Lists, Right, Rules
from talentpool.identity.statements import (
    CAREERS,
    LISTS,
    NO_TYPES,
    SCALARS,
    Edit,
    Statement,
    latest_states,
    spelling,
)
from talentpool.person import PersonFields

_MANY = (*SCALARS, *LISTS, *CAREERS)  # of which a record says few


@dataclass(frozen=True, slots=True)
class Consolidated:
    """The view, and for each field who says so: "p12" is profile 12, "e5" edit 5.

    `lineage` has {"from": [refs], "differs": […]} for a text, and a list of these beside each list, by position.
    """

    fields: PersonFields = field(default_factory=PersonFields)
    lineage: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Value:
    """One value of a list that sources have in common."""

    key: str
    shown: str
    refs: list[str]


def consolidate(
    statements: Iterable[Statement],
    edits: Iterable[Edit] = (),
    *,
    region: str = "",
    rules: Rules = AS_USUAL,
    custom: CustomTypes = NO_TYPES,
) -> Consolidated:
    """The one view; `region` reads telephone numbers of sources that name no country, `custom` are the organisation's
    own fields by key: of what sources keep under other names nothing is shown."""
    rank = Ranking(statements, rules)
    in_order = sorted(edits, key=lambda each: (each.at, each.edit_id))
    in_order = with_words_of_sources(rank.statements, in_order, custom, region)
    said_of = {each.field for each in in_order}
    said_of |= {name for each in rank.latest for name in _MANY if getattr(each.fields, name)}
    values: dict[str, Any] = {}
    lineage: dict[str, Any] = {}
    for name, (value, said) in {
        **_names(rank.of("name"), in_order),
        **{each: _scalar(each, rank.of(each), in_order) for each in SCALARS if each in said_of},
        **_place(rank.of("location"), in_order),
        **{each: _united(each, rank.heard(each), in_order, region) for each in LISTS if each in said_of},
        **{each: _career(merged_career(each, rank.heard(each), in_order)) for each in CAREERS if each in said_of},
        "custom": custom_of(rank.of("custom"), in_order, custom) if custom else ({}, None),
    }.items():
        if value:
            values[name] = value
        if said:
            lineage[name] = said
    return Consolidated(PersonFields(**values), lineage)


class Ranking:
    """Statements in the order in which a field's rule believes them."""

    def __init__(self, statements: Iterable[Statement], rules: Rules) -> None:
        self.statements = list(statements)
        self.latest = latest_states(self.statements)
        self.rules = rules
        self._ranked: dict[tuple[str, str], list[Statement]] = {}

    def of(self, name: str) -> list[Statement]:
        """Who is never right against anybody else comes last."""
        rule = self.rules.of(name)
        key = (rule.order.value, rule.preferred)
        if key not in self._ranked:
            self._ranked[key] = rule.ranked(self.latest)
        ranked, group = self._ranked[key], GROUP_OF.get(name, "custom")
        if any(each.rights for each in self.latest):
            return sorted(ranked, key=lambda each: each.rights.get(group) is Right.OURS)
        return ranked

    def heard(self, name: str) -> list[Statement]:
        """Those that have a say in a list: all, or the first that says anything of it."""
        ranked = self.of(name)
        if self.rules.of(name).lists is Lists.BEST:
            return [each for each in ranked if getattr(each.fields, name)][:1]
        return ranked


def _united(field_name: str, ranked: Sequence[Statement], edits: Sequence[Edit], region: str) -> tuple[Any, Any]:
    values: dict[str, Value] = {}
    for each in ranked:
        for text in getattr(each.fields, field_name):
            key, shown = spelling(field_name, text, each.fields.country or region)
            if key:
                refs = values.setdefault(key, Value(key, shown, [])).refs
                if len(refs) < MOST_REFS and each.ref not in refs[-1:]:
                    refs.append(each.ref)
    for edit in _of(edits, field_name):
        for text in edit.value.get("remove", ()):
            values.pop(spelling(field_name, text, region)[0], None)
        added: dict[str, Value] = {}
        for text in edit.value.get("add", ()):
            key, shown = spelling(field_name, text, region)
            if key:
                known = values.pop(key, None)
                added[key] = Value(key, shown, list(dict.fromkeys([edit.ref, *(known.refs if known else ())])))
        values = {**added, **values}
    return tuple(each.shown for each in values.values()), [{"from": each.refs} for each in values.values()]


def merged_career(name: str, ranked: Sequence[Statement], edits: Sequence[Edit]) -> list[Merged[Any]]:
    """Jobs or schools with the sources that tell of each, the newest first."""
    kind = CAREERS[name]
    merged: list[Merged[Any]] = []
    for each in ranked:
        lay_over(merged, getattr(each.fields, name), each.ref)
    for edit in _of(edits, name):
        removed = [kind.from_json(stored) for stored in edit.value.get("remove", ())]
        merged = [item for item in merged if not any(is_same_entry(item.shown, each) for each in removed)]
        lay_over(merged, [kind.from_json(stored) for stored in edit.value.get("add", ())], edit.ref, wins=True)
    return newest_first(merged)


def _career(merged: Sequence[Merged[Any]]) -> tuple[Any, Any]:
    return tuple(item.shown for item in merged), [item.lineage() for item in merged]


def _scalar(name: str, ranked: Sequence[Statement], edits: Sequence[Edit]) -> tuple[str, Any]:
    said = [(getattr(each.fields, name).strip(), each.ref) for each in ranked]
    return _best(said, _of(edits, name))


def _best(
    said: Iterable[tuple[str, str]], edits: Sequence[Edit], alike: Callable[[str], str] = folded
) -> tuple[str, Any]:
    """The first value said or the last edit, with those who agree and what others say."""
    values: dict[str, tuple[str, list[str]]] = {}
    for text, ref in said:
        key = alike(text) or text
        if key and (key in values or len(values) < MOST_REFS):
            refs = values.setdefault(key, (text, []))[1]
            if len(refs) < MOST_REFS:
                refs.append(ref)
    if edits:
        text = str(edits[-1].value or "").strip()
        refs = values.pop(alike(text) or text, ("", []))[1]
        values = {"": (text, list(dict.fromkeys([edits[-1].ref, *refs]))), **values}
    if not values:
        return "", None
    (shown, refs), *others = values.values()
    differs = [{"value": text, "from": who} for text, who in others]
    return shown, {"from": refs, "differs": differs} if differs else {"from": refs}


def _names(ranked: Sequence[Statement], edits: Sequence[Edit]) -> dict[str, tuple[str, Any]]:
    """Name, given and family name of one source together: the best that names both, else the best that names any."""
    named = sorted((each for each in ranked if whole_name(each.fields)), key=is_half_a_name)
    given, family = name_parts(named[0].fields) if named else ("", "")
    name, said = _best(((whole_name(each.fields), each.ref) for each in named), last := _of(edits, "name"))
    if last:
        given, family = name_parts(PersonFields(name=name))
    parts = {"given_name": given, "family_name": family}
    result: dict[str, tuple[str, Any]] = {}
    for part, shown in parts.items():
        if own := _of(edits, part):
            result[part] = _best(((shown, ref) for ref in (said or {}).get("from", ())[:1]), own)
        else:
            result[part] = (shown, None)
    if not last and any(_of(edits, part) for part in parts):
        name = f"{result['given_name'][0]} {result['family_name'][0]}".strip()
        refs = [_of(edits, part)[-1].ref for part in parts if _of(edits, part)]
        said = {"from": refs, "differs": [{"value": text, "from": who} for text, who in _said(said, named)]}
    return {"name": (name, said), **result}


def _said(lineage: Mapping[str, Any] | None, named: Sequence[Statement]) -> list[tuple[str, list[str]]]:
    """All names that sources gave, the shown one first."""
    if not lineage or not named:
        return []
    first = (whole_name(named[0].fields), list(lineage["from"]))
    return [first, *((each["value"], each["from"]) for each in lineage.get("differs", ()))]


def is_half_a_name(statement: Statement) -> bool:
    given, family = name_parts(statement.fields)
    return len(folded(given)) < 2 or not family


def _place(ranked: Sequence[Statement], edits: Sequence[Edit]) -> dict[str, tuple[str, Any]]:
    """Location and country; the country must not be of another place than the location."""
    location, said = _scalar("location", ranked, edits)
    here = [each for each in ranked if not each.fields.location or folded(each.fields.location) == folded(location)]
    if location and not _of(edits, "location"):
        here.sort(key=lambda each: not each.fields.location)
    country, who = _scalar("country", [replace(each, fields=_upper(each.fields)) for each in here], edits)
    return {"location": (location, said), "country": (country.upper()[:2], who)}


def _upper(fields: PersonFields) -> PersonFields:
    return replace(fields, country=fields.country.upper())


def custom_of(ranked: Sequence[Statement], edits: Sequence[Edit], types: CustomTypes) -> tuple[dict[str, str], Any]:
    """The organisation's own fields that anybody has said something of, and who."""
    values: dict[str, str] = {}
    lineage: dict[str, Any] = {}
    for key, kind in types.items():
        said = [(kind.read(text), each.ref) for each in ranked if (text := each.fields.custom.get(key))]
        own = [
            replace(each, value=kept)
            for each in _of(edits, PREFIX + key)
            if (kept := read_edit(kind, each)) is not None
        ]
        if said or own:
            value, who = _best(said, own, str.casefold)
            values |= {key: value} if value else {}
            lineage |= {key: who} if who else {}
    return values, lineage


def read_edit(kind: CustomType, edit: Edit) -> str | None:
    """What an edit says of one of the organisation's own fields: a value, nothing, or None where it can't be read, for
    the field was of another kind when it was made."""
    text = str(edit.value or "")
    return kind.read(text) or (None if text else "")


def _of(edits: Sequence[Edit], field_name: str) -> list[Edit]:
    return [each for each in edits if each.field == field_name]
