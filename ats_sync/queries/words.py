"""The words of an ATS, and what they are taken to mean here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models.functions import Lower

from ats_sync.models import AtsRecord, Connection
from ats_sync.queries.connections import many
from ats_sync.vocabulary import Kind
from crm.models import Member
from talentpool.models import JobFamily, Phase, Source
from talentpool.queries.custom_fields import custom_fields

MOST = 1000  # of each kind on the page
MIXED = "*"  # records of one name mean different things, and stay as they are
_ORDER = ["", *Phase.values]
ENDINGS = (("rejected", "We said no"), ("withdrawn", "They stepped back"))
MEANS: Mapping[Kind, str] = {
    Kind.STAGE: "Phase",
    Kind.REASON: "Who said no",
    Kind.SOURCE: "Source here",
    Kind.USER: "Member here",
    Kind.DEPARTMENT: "Called here",
    Kind.FAMILY: "Job family",
    Kind.FIELD: "Field here",
}
NEW = "+"  # a field of ours that is made for it
WITH_FAMILY = (Kind.DEPARTMENT, Kind.FAMILY)


@dataclass(frozen=True)
class Word:
    id: int
    name: str
    maps_to: str
    note: str = ""  # a user's address, or in how many jobs a stage is
    guess: str = ""  # what is likely, while nobody has said it
    ids: tuple[int, ...] = ()  # all records that are called so and get one meaning
    family: str = ""  # the id of the one that it is, or, until somebody has said so, of the one that is called like it

    @property
    def is_mixed(self) -> bool:
        return self.maps_to == MIXED


@dataclass(frozen=True)
class Group:
    """Words that stand together: a job's stages, or all reasons; `choices` empty asks for a text. Of `families` one can
    be chosen where the words are departments or job families."""

    kind: Kind
    title: str
    words: Sequence[Word]
    choices: Sequence[tuple[str, str]]
    families: Sequence[tuple[str, str]] = ()


def words_of(connection: Connection, *, by_job: bool = False) -> list[Group]:
    """Stages of one name, which many jobs may have, are one word unless they are wanted `by_job`."""
    records = AtsRecord.objects.filter(connection=connection, kind__in=MEANS, gone_at=None)
    by_kind: dict[str, list[AtsRecord]] = {kind.value: [] for kind in MEANS}
    for each in records.order_by("pk"):
        by_kind[each.kind].append(each)
    found = by_kind[Kind.STAGE][:MOST]
    stages = _stages_by_job(connection, found) if by_job else [_stages_by_name(found)]
    others = [_group(kind, by_kind[kind][:MOST]) for kind in MEANS if kind != Kind.STAGE]
    return [group for group in (*stages, *others) if group.words]


def choices_for(kind: Kind) -> list[tuple[str, str]]:
    """Value and label; for a department there are none, for it is a name."""
    if kind == Kind.STAGE:
        return [(value, str(label)) for value, label in Phase.choices]
    if kind == Kind.REASON:
        return list(ENDINGS)
    if kind == Kind.SOURCE:
        return [(str(pk), name) for pk, name in Source.objects.order_by("name").values_list("pk", "name")]
    if kind == Kind.FIELD:
        return [(NEW, "A new field of ours"), *((each.key, each.label) for each in custom_fields())]
    if kind == Kind.USER:
        return [(str(pk), name) for pk, name in Member.objects.active().order_by("name").values_list("pk", "name")]
    return []


def _stages_by_name(records: Sequence[AtsRecord]) -> Group:
    named: dict[str, list[AtsRecord]] = {}
    for each in records:
        named.setdefault(each.name, []).append(each)
    words = [
        Word(
            each[0].pk,
            name,
            each[0].maps_to if len({one.maps_to for one in each}) == 1 else MIXED,
            f"in {len(each)} jobs" if len(each) > 1 else "",
            ids=tuple(one.pk for one in each),
        )
        for name, each in named.items()
    ]
    return Group(Kind.STAGE, "All jobs", _in_order(words), choices_for(Kind.STAGE))


def _stages_by_job(connection: Connection, records: Sequence[AtsRecord]) -> list[Group]:
    jobs = AtsRecord.objects.filter(connection=connection, kind=Kind.JOB).values_list("external_id", "name")
    titles, grouped = dict(jobs) | {"": "All jobs"}, dict[str, list[Word]]()
    for each in records:
        grouped.setdefault(each.parent, []).append(Word(each.pk, each.name, each.maps_to, ids=(each.pk,)))
    choices = choices_for(Kind.STAGE)
    groups = [
        Group(Kind.STAGE, titles.get(parent, "A job that is gone"), _in_order(words), choices)
        for parent, words in grouped.items()
    ]
    return sorted(groups, key=lambda group: group.title)


def _in_order(words: Sequence[Word]) -> list[Word]:
    """What nobody has given a phase stands first, then the way through a job."""
    return sorted(words, key=lambda word: (_ORDER.index(word.maps_to) if word.maps_to in _ORDER else 0, word.name))


def _group(kind: Kind, records: Sequence[AtsRecord]) -> Group:
    choices = choices_for(kind) if records else []
    guesses = _guesses(kind, records, choices)
    families = _families() if records and kind in WITH_FAMILY else []
    words = [
        Word(
            each.pk,
            each.name,
            each.maps_to,
            str(each.content.get("email", "")),
            guesses.get(each.pk, ""),
            (each.pk,),
            _family_of(each, families),
        )
        for each in sorted(records, key=lambda each: each.name.casefold())
    ]
    return Group(kind, many(kind), words, choices, families)


def _families() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in JobFamily.objects.order_by(Lower("name")).values_list("pk", "name")]


def _family_of(word: AtsRecord, families: Sequence[tuple[str, str]]) -> str:
    if word.family_said:
        return str(word.family_id or "")
    called = {word.name.casefold(), word.maps_to.casefold()}
    return next((value for value, name in families if name.casefold() in called), "")


def _guesses(kind: Kind, records: Sequence[AtsRecord], choices: Sequence[tuple[str, str]]) -> dict[int, str]:
    """A user is the member of the same address, or else of the same name; a source that of the same name; somebody who
    “withdrew” or “declined” stepped back."""
    if kind == Kind.USER:
        members = Member.objects.active().select_related("user")
        addresses = {member.user.email.casefold(): str(member.pk) for member in members}
        named = {member.name.casefold(): str(member.pk) for member in members}
        found = {
            each.pk: addresses.get(str(each.content.get("email", "")).casefold(), named.get(each.name.casefold(), ""))
            for each in records
        }
    elif kind == Kind.SOURCE:
        by_name = {label.casefold(): value for value, label in choices}
        found = {each.pk: by_name.get(each.name.casefold(), "") for each in records}
    elif kind == Kind.FIELD:
        ours = {label.casefold(): value for value, label in choices if value != NEW}
        found = {each.pk: ours.get(each.name.casefold(), "") for each in records}
    elif kind == Kind.REASON:
        found = {each.pk: likely_ending(each.name) for each in records}
    else:
        found = {}
    return {pk: guess for pk, guess in found.items() if guess}


def likely_ending(reason: str) -> str:
    name = reason.casefold()
    stepped_back = ("withdr", "declin", "accepted another", "took another", "not interested", "no longer interested")
    return "withdrawn" if any(words in name for words in stepped_back) else "rejected"
