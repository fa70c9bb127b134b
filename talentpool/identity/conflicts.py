"""Who is right where a source that is kept in step and somebody here have both said something of one fact.

Said per source and group of fields (`rules.GROUPS`). Where nothing is said an edit made here holds, as everywhere. What
loses stays: edits in their rows, what the source said in its profile. Pure.

When a source changed a value is told by its earlier states, not by the time of its record: that moves with everything
else that happens to the record, our own pushes included.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from talentpool.custom_values import PREFIX, CustomTypes
from talentpool.identity.names import folded, name_parts, whole_name
from talentpool.identity.rules import GROUP_OF, GROUPS, Right
from talentpool.identity.statements import CAREERS, LISTS, NAMES, Edit, Statement, spelling
from talentpool.person import PersonFields

ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A field that was changed here and, after that, at the source: what each says, in words."""

    field: str
    ours: str
    theirs: str
    since: datetime
    value: Any  # theirs, as an edit of the field would say it


@dataclass(frozen=True, slots=True)
class Said:
    """A value of a field as a source says it, as an edit would; `key` is the same for spellings of one value."""

    field: str
    key: str
    value: Any
    words: str
    since: datetime


@dataclass(slots=True)
class History:
    """The states of one record at its source, the latest first."""

    states: list[Statement] = field(default_factory=list)

    @property
    def latest(self) -> Statement:
        return self.states[0]

    def since(self, has_it: Callable[[PersonFields], bool]) -> datetime:
        """Since when all states up to the latest have had a value."""
        at = self.latest.observed_at
        for each in self.states[1:]:
            if not has_it(each.fields):
                break
            at = each.observed_at
        return at


def histories(statements: Iterable[Statement]) -> list[History]:
    """Of the sources of which something is said about who is right."""
    found: dict[str, History] = {}
    for each in sorted(statements, key=lambda each: (each.observed_at, each.profile_id), reverse=True):
        if each.rights:
            found.setdefault(each.record or each.ref, History()).states.append(each)
    return list(found.values())


def with_words_of_sources(
    statements: Sequence[Statement], edits: Sequence[Edit], types: CustomTypes, region: str
) -> list[Edit]:
    """The edits in their order, and among them, as edits, what a source said that is right against them."""
    found = [each for each in histories(statements) if {Right.THEIRS, Right.NEWEST} & {*each.latest.rights.values()}]
    if not found or (len(statements) == 1 and not edits):
        return list(edits)
    words = [
        Edit(0, said.field, said.value, said.since, by_source=history.latest.ref)
        for history in reversed(found)
        for said in _said_against(history, edits, types, region)
    ]
    return sorted(_one_hand(edits, words), key=lambda each: (each.at, each.edit_id))


def disputes(statements: Sequence[Statement], edits: Sequence[Edit], types: CustomTypes, region: str) -> list[Dispute]:
    """What both sides changed and somebody is to be asked about: the source said something else after the edit."""
    asked = (
        _dispute(name, history, edits, types, region)
        for history in histories(statements)
        for group, right in history.latest.rights.items()
        if right is Right.ASK
        for name in _fields(group, edits)
    )
    return [each for each in asked if each]


def _one_hand(edits: Sequence[Edit], words: Sequence[Edit]) -> list[Edit]:
    """Both, but of names only those who said one last: their parts must come from one hand."""
    names = [each.at for each in words if each.field in NAMES]
    if not names:
        return [*edits, *words]
    is_ours = any(each.field in NAMES and each.at > max(names) for each in edits)
    left_out = words if is_ours else edits
    kept = [each for each in left_out if each.field not in NAMES]
    return [*edits, *kept] if is_ours else [*kept, *words]


def _said_against(history: History, edits: Sequence[Edit], types: CustomTypes, region: str) -> Iterable[Said]:
    for group, right in history.latest.rights.items():
        if right is Right.THEIRS:
            names: Iterable[str] = [*GROUPS[group], *((PREFIX + key for key in types) if group == "custom" else ())]
            for name in names:
                for said in sayings(history, name, types, region):
                    yield Said(said.field, said.key, said.value, said.words, ALWAYS)
        elif right is Right.NEWEST:
            for name in _fields(group, edits):
                yield from sayings(history, name, types, region)


def _fields(group: str, edits: Sequence[Edit]) -> list[str]:
    """The fields of a group that were edited; of a name all its parts together."""
    edited = dict.fromkeys(each.field for each in edits if GROUP_OF.get(each.field, "custom") == group)
    return ["name"] if group == "names" and edited else list(edited)


def sayings(history: History, name: str, types: CustomTypes, region: str) -> list[Said]:
    """What the source says of a field: one of a text, one for each value of a list."""
    fields = history.latest.fields
    if name in NAMES:
        return _names(history) if name == "name" else []
    if name in LISTS:
        keys = {spelling(name, text, fields.country or region)[0]: text for text in getattr(fields, name)}
        return [
            Said(name, key, {"add": [text], "remove": []}, text, history.since(_has(name, key, region)))
            for key, text in reversed(keys.items())  # each is put first by the next
            if key
        ]
    if name in CAREERS:
        entries = [each.to_json() for each in getattr(fields, name)]
        since = history.since(lambda each: [one.to_json() for one in getattr(each, name)] == entries)
        return [Said(name, "", {"add": entries, "remove": []}, f"{len(entries)}", since)] if entries else []
    text = _text(fields, name, types)
    if not text:
        return []
    since = history.since(lambda each: folded(_text(each, name, types)) == folded(text))
    return [Said(name, folded(text), text, text, since)]


def is_about(history: History, name: str, change: Any, types: CustomTypes, region: str) -> bool:
    """Whether the source says anything against which an edit would be one; of a list, what it takes out."""
    said = sayings(history, "name" if name in NAMES else name, types, region)
    if name not in LISTS:
        return bool(said)
    removed = {spelling(name, text, region)[0] for text in change.get("remove", ())}
    return bool(removed & {each.key for each in said})


def _has(name: str, key: str, region: str) -> Callable[[PersonFields], bool]:
    return lambda each: any(spelling(name, text, each.country or region)[0] == key for text in getattr(each, name))


def _text(fields: PersonFields, name: str, types: CustomTypes) -> str:
    if name.startswith(PREFIX):
        key = name.removeprefix(PREFIX)
        return types[key].read(fields.custom.get(key, "")) if key in types else ""
    return str(getattr(fields, name)).strip()


def _names(history: History) -> list[Said]:
    """The parts, from which the whole is put together."""
    whole = whole_name(history.latest.fields)
    if not whole:
        return []
    since = history.since(lambda each: folded(whole_name(each)) == folded(whole))
    parts = zip(("given_name", "family_name"), name_parts(history.latest.fields), strict=True)
    return [Said(part, folded(text), text, text, since) for part, text in parts]


def _dispute(name: str, history: History, edits: Sequence[Edit], types: CustomTypes, region: str) -> Dispute | None:
    own = [each for each in edits if each.field == name or (name == "name" and each.field in NAMES)]
    said = sayings(history, name, types, region)
    if not own or not said:
        return None
    last, newest = own[-1], max(each.since for each in said)
    if newest <= last.at:
        return None
    if name in LISTS:
        return _dispute_of_list(name, own, said, region)
    if name in CAREERS:
        return Dispute(name, "changed here", "changed there", newest, said[0].value)
    ours = _name_of(own, history) if name == "name" else str(last.value or "").strip()
    theirs = whole_name(history.latest.fields) if name == "name" else said[0].words
    return None if folded(ours) == folded(theirs) else Dispute(name, ours, theirs, newest, theirs)


def _dispute_of_list(name: str, own: Sequence[Edit], said: Sequence[Said], region: str) -> Dispute | None:
    """Only what was taken out here and named there since: united, lists do not contradict each other else."""
    removed: dict[str, datetime] = {}
    for edit in own:
        removed |= {spelling(name, text, region)[0]: edit.at for text in edit.value.get("remove", ())}
        for text in edit.value.get("add", ()):
            removed.pop(spelling(name, text, region)[0], None)
    again = [each for each in said if each.key in removed and each.since > removed[each.key]]
    if not again:
        return None
    words = ", ".join(each.words for each in again)
    value = {"add": [each.words for each in again], "remove": []}
    return Dispute(name, f"without {words}", words, max(each.since for each in again), value)


def _name_of(own: Sequence[Edit], history: History) -> str:
    whole = [each for each in own if each.field == "name"]
    if whole:
        return str(whole[-1].value or "").strip()
    parts = dict(zip(("given_name", "family_name"), name_parts(history.latest.fields), strict=True))
    parts |= {each.field: str(each.value or "") for each in own}
    return " ".join(filter(None, (parts["given_name"], parts["family_name"])))
