"""Everything that was ever said of one field of a person: by whom, whether it is shown, and why this and not that.

Pure, like consolidation, whose decisions it puts into words; it asks consolidation itself what is shown, so that the
two can't disagree.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from talentpool.custom_values import PREFIX, CustomType, CustomTypes
from talentpool.identity.careers import Merged, is_same_entry
from talentpool.identity.consolidation import Consolidated, Ranking, consolidate, merged_career, read_edit
from talentpool.identity.names import name_parts, whole_name
from talentpool.identity.reasons import why_listed, why_shown, why_this_and_not
from talentpool.identity.rules import AS_USUAL, Lists, Rules
from talentpool.identity.statements import CAREERS, LISTS, NAMES, NO_TYPES, Edit, Statement, spelling
from talentpool.person import Education, Position

REPLACED = "Its source has sent a later state of this record, and only the latest counts."
UNREADABLE = "It can’t be read as such a value."
LATER_EDIT = "A later edit took its place."
BY_ITS_RULE = "By the rule of its connection the source that is shown is right here."
UNHEARD = "Here only the list of the source that is believed first is shown."


class Standing(StrEnum):
    SHOWN = "shown"
    AGREES = "agrees"
    OTHER = "other"  # says something else, and isn't believed
    OVERRULED = "overruled"  # by an edit
    REPLACED = "replaced"  # its source has sent a later state of the record
    WITHDRAWN = "withdrawn"  # an edit that was taken back
    REMOVED = "removed"  # an edit that took the value away, or what it took away
    UNHEARD = "unheard"  # a list of a source that the rule leaves out
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PastEdit:
    """An edit, also one that was taken back."""

    edit: Edit
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One saying of a value: `ref` as in lineage, `reason` in words, empty where nothing needs to be said."""

    ref: str
    value: str
    standing: Standing
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One value with all that was said of it; a text has one of these, a list one for each of its values."""

    key: str  # names it in an address
    value: str
    is_shown: bool
    why: str
    said: tuple[Said, ...]


def history_of(
    name: str,
    statements: Sequence[Statement],
    edits: Sequence[PastEdit],
    *,
    region: str = "",
    rules: Rules = AS_USUAL,
    custom: CustomTypes = NO_TYPES,
) -> list[Told]:
    """What is shown comes first. Empty where nobody ever said anything of the field."""
    past = _Past(name, statements, edits, region, rules, custom)
    if name in LISTS:
        return _of_list(past)
    return _of_career(past) if name in CAREERS else _of_text(past)


@dataclass
class _Past:
    name: str
    statements: Sequence[Statement]
    edits: Sequence[PastEdit]
    region: str
    rules: Rules
    custom: CustomTypes

    def __post_init__(self) -> None:
        self.rank = Ranking(self.statements, self.rules)
        self.latest = {each.ref for each in self.rank.latest}
        in_order = sorted((each.edit for each in self.open), key=lambda each: (each.at, each.edit_id))
        self.edits_in_order: list[Edit] = in_order

    @property
    def open(self) -> Iterable[PastEdit]:
        return (each for each in self.edits if not each.is_withdrawn)

    @property
    def view(self) -> Consolidated:
        return consolidate(
            self.statements, self.edits_in_order, region=self.region, rules=self.rules, custom=self.custom
        )

    @property
    def kind(self) -> CustomType | None:
        """Of one of the organisation's own fields."""
        return self.custom.get(self.name.removeprefix(PREFIX)) if self.name.startswith(PREFIX) else None

    def own_edits(self, *names: str) -> list[PastEdit]:
        """Edits of the field, the latest first."""
        chosen = [each for each in self.edits if each.edit.field in (names or (self.name,))]
        return sorted(chosen, key=lambda each: (each.edit.at, each.edit.edit_id), reverse=True)


def _of_text(past: _Past) -> list[Told]:
    view = past.view
    shown, lineage = _shown_text(past, view)
    refs: list[str] = list(lineage.get("from", ()))
    first = refs[0] if refs else ""
    saying = [(each, text) for each in past.rank.of(past.name) if (text := _text_of(past, each))]
    winner = next((each for each, _ in saying if each.ref == first), None)
    said = [
        *(_said_by_edit(past, each, first) for each in past.own_edits(*_OF_NAMES.get(past.name, ()))),
        *(_said_by_source(past, each, text, refs, winner) for each, text in saying),
        *_replaced(past),
    ]
    if not said:
        return []
    if not first:
        return [Told("", "", False, "Nobody says anything of it that can be read.", tuple(said))]
    differing = [each for each, _ in saying if each.ref not in refs and not _is_unreadable(past, each)]
    why = why_shown(past.name, winner, differing, len(refs) + len(differing), past.rules.of(past.name))
    return [Told("", shown, bool(shown), why, tuple(said))]


def _shown_text(past: _Past, view: Consolidated) -> tuple[str, Mapping[str, Any]]:
    if past.kind:
        key = past.name.removeprefix(PREFIX)
        return view.fields.custom.get(key, ""), view.lineage.get("custom", {}).get(key, {})
    return str(getattr(view.fields, past.name)), view.lineage.get(past.name) or _of_whole_name(past, view)


def _is_unreadable(past: _Past, statement: Statement) -> bool:
    return past.kind is not None and not past.kind.read(_text_of(past, statement))


_OF_NAMES = {"name": NAMES, "given_name": ("name", "given_name"), "family_name": ("name", "family_name")}


def _of_whole_name(past: _Past, view: Consolidated) -> Mapping[str, Any]:
    """A part of a name has a lineage of its own only where somebody edited it."""
    return view.lineage.get("name", {}) if past.name in NAMES else {}


def _text_of(past: _Past, statement: Statement) -> str:
    name = past.name
    if name in NAMES:
        return (whole_name(statement.fields), *name_parts(statement.fields))[NAMES.index(name)]
    if past.kind:
        raw = str(statement.fields.custom.get(name.removeprefix(PREFIX), "")).strip()
        return past.kind.read(raw) or raw
    return str(getattr(statement.fields, name, "")).strip()


def _said_by_edit(past: _Past, past_edit: PastEdit, first: str) -> Said:
    edit, value = past_edit.edit, str(past_edit.edit.value or "").strip()
    if past_edit.is_withdrawn:
        return Said(edit.ref, value, Standing.WITHDRAWN, "It was taken back.")
    if past.kind and read_edit(past.kind, edit) is None:
        return Said(edit.ref, value, Standing.UNREADABLE, UNREADABLE)
    if edit.ref == first:
        return Said(edit.ref, value, Standing.SHOWN)
    return Said(edit.ref, value, Standing.OVERRULED, LATER_EDIT if first.startswith("e") else BY_ITS_RULE)


def _said_by_source(
    past: _Past, statement: Statement, text: str, refs: Sequence[str], winner: Statement | None
) -> Said:
    if statement.ref in refs:
        return Said(statement.ref, text, Standing.SHOWN if statement is winner else Standing.AGREES)
    if _is_unreadable(past, statement):
        return Said(statement.ref, text, Standing.UNREADABLE, UNREADABLE)
    if winner is None:
        return Said(statement.ref, text, Standing.OVERRULED, "A colleague’s edit wins over every source.")
    reason = why_this_and_not(past.name, winner, statement, past.rules.of(past.name))
    return Said(statement.ref, text, Standing.OTHER, f"Not shown: {reason}.")


def _replaced(past: _Past) -> list[Said]:
    return [
        Said(each.ref, text, Standing.REPLACED, REPLACED)
        for each in past.rules.of(past.name).ranked(past.statements)
        if each.ref not in past.latest and (text := _text_of(past, each))
    ]


def _of_list(past: _Past) -> list[Told]:
    """Each value under its key, the shown ones in their order."""
    shown: Sequence[str] = getattr(past.view.fields, past.name)
    keys = {spelling(past.name, text, past.region)[0]: text for text in shown}
    said: dict[str, list[Said]] = {key: [] for key in keys}
    heard = {each.ref for each in past.rank.heard(past.name)}
    for past_edit in past.own_edits():
        for key, one in _list_edit(past, past_edit, keys):
            said.setdefault(key, []).append(one)
    for each in past.rules.of(past.name).ranked(past.statements):
        for text in getattr(each.fields, past.name):
            key, _ = spelling(past.name, text, each.fields.country or past.region)
            said.setdefault(key or f"?{text}", []).append(_list_saying(each, text, key, keys, heard, past.latest))
    is_best = past.rules.of(past.name).lists is Lists.BEST
    told = [
        Told(key, keys.get(key, lines[0].value), key in keys, why_listed(_voices(lines), is_best=is_best), tuple(lines))
        for key, lines in said.items()
        if lines
    ]
    return sorted(told, key=lambda each: not each.is_shown)


def _list_edit(past: _Past, past_edit: PastEdit, shown: Mapping[str, str]) -> Iterable[tuple[str, Said]]:
    edit, taken_back = past_edit.edit, "It was taken back."
    for text in edit.value.get("add", ()):
        key = spelling(past.name, text, past.region)[0]
        if past_edit.is_withdrawn:
            yield key, Said(edit.ref, text, Standing.WITHDRAWN, taken_back)
        elif key in shown:
            yield key, Said(edit.ref, text, Standing.SHOWN, "Added here.")
        else:
            yield key, Said(edit.ref, text, Standing.OVERRULED, "A later edit removed it.")
    for text in edit.value.get("remove", ()):
        key = spelling(past.name, text, past.region)[0]
        reason = taken_back if past_edit.is_withdrawn else "Removed here."
        yield key, Said(edit.ref, text, Standing.WITHDRAWN if past_edit.is_withdrawn else Standing.REMOVED, reason)


def _list_saying(
    statement: Statement, text: str, key: str, shown: Mapping[str, str], heard: set[str], latest: set[str]
) -> Said:
    if statement.ref not in latest:
        return Said(statement.ref, text, Standing.REPLACED, REPLACED)
    if not key:
        return Said(statement.ref, text, Standing.UNREADABLE, UNREADABLE)
    if statement.ref not in heard:
        return Said(statement.ref, text, Standing.UNHEARD, UNHEARD)
    if key not in shown:
        return Said(statement.ref, text, Standing.REMOVED, "A colleague removed it.")
    return Said(statement.ref, text, Standing.AGREES)


def _voices(lines: Iterable[Said]) -> list[str]:
    """Who stands for the value now, edits first."""
    return [each.ref for each in lines if each.standing in (Standing.SHOWN, Standing.AGREES)]


def _of_career(past: _Past) -> list[Told]:
    kind = CAREERS[past.name]
    merged = merged_career(past.name, past.rank.heard(past.name), [e for e in past.edits_in_order if _is(past, e)])
    told: list[tuple[Position | Education, bool, list[Said]]] = []
    for item in merged:
        lines = [_part_of(item, ref, entry) for ref, entry in item.parts]
        told.append((item.shown, True, sorted(lines, key=lambda each: item.refs.index(each.ref))))
    accounted = {(ref, id(entry)) for item in merged for ref, entry in item.parts}
    for ref, entry, standing, reason in _unshown(past, kind, accounted):
        line = Said(ref, entry_in_words(entry), standing, reason)
        known = next((lines for other, _, lines in told if is_same_entry(other, entry)), None)
        if known is None:
            told.append((entry, False, [line]))
        elif line not in known:
            known.append(line)
    is_best = past.rules.of(past.name).lists is Lists.BEST
    return [_told_entry(past.name, entry, shown, lines, is_best=is_best) for entry, shown, lines in told]


def _part_of(item: Merged[Any], ref: str, entry: Any) -> Said:
    if ref == item.refs[0]:
        return Said(ref, entry_in_words(entry), Standing.SHOWN)
    parts = [part for part, others in item.differs.items() if any(ref in who for who in others.values())]
    if not parts:
        return Said(ref, entry_in_words(entry), Standing.AGREES)
    return Said(ref, entry_in_words(entry), Standing.OTHER, f"Taken for the same; it differs in: {', '.join(parts)}.")


def _told_entry(name: str, entry: Any, shown: bool, lines: Sequence[Said], *, is_best: bool) -> Told:
    why = why_listed(_voices(lines), is_best=is_best)
    return Told(history_key(name, entry), entry_in_words(entry), shown, why, tuple(lines))


def _is(past: _Past, edit: Edit) -> bool:
    return edit.field == past.name


def _unshown(past: _Past, kind: Any, accounted: set[tuple[str, int]]) -> Iterator[tuple[str, Any, Standing, str]]:
    """Entries that somebody told of and that are part of nothing shown, with the reason."""
    for each in past.own_edits():
        for verb in ("remove", "add") if each.is_withdrawn else ("remove",):
            for stored in each.edit.value.get(verb, ()):
                yield each.edit.ref, kind.from_json(stored), *_OF_EDITS[each.is_withdrawn]
    for statement in past.rules.of(past.name).ranked(past.statements):
        for entry in getattr(statement.fields, past.name):
            if (statement.ref, id(entry)) not in accounted and entry.to_json():
                yield statement.ref, entry, *_why_unshown(past, statement.ref)


_OF_EDITS = {
    True: (Standing.WITHDRAWN, "It was taken back."),
    False: (Standing.REMOVED, "Changed or removed here."),
}


def _why_unshown(past: _Past, ref: str) -> tuple[Standing, str]:
    if ref not in past.latest:
        return Standing.REPLACED, REPLACED
    if all(each.ref != ref for each in past.rank.heard(past.name)):
        return Standing.UNHEARD, UNHEARD
    return Standing.REMOVED, "A colleague changed or removed it."


def entry_in_words(entry: Position | Education) -> str:
    if isinstance(entry, Position):
        what = ", ".join(part for part in (entry.title, entry.employer, entry.location) if part)
    else:
        what = ", ".join(part for part in (entry.degree, entry.area, entry.school) if part)
    end = "today" if isinstance(entry, Position) and entry.current else entry.end
    period = f"{entry.start or '?'} – {end or '?'}" if entry.start or end else ""
    return " · ".join(part for part in (what, period) if part)


def history_key(name: str, value: Any) -> str:
    """Names a value of a list in an address; a job or school as long as nothing that identifies it changes."""
    if not isinstance(value, Position | Education):
        return spelling(name, str(value), "")[0]
    place = value.employer if isinstance(value, Position) else value.school
    title = value.title if isinstance(value, Position) else f"{value.degree} {value.area}"
    return "|".join((place, title, value.start, value.end))
