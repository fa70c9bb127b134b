"""The words of an ATS, and what they are taken to mean here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import Kind
from crm.models import Member
from talentpool.models import Phase, Source

MOST = 1000  # of each kind on the page
ENDINGS = (("rejected", "We said no"), ("withdrawn", "They stepped back"))
MEANS: Mapping[Kind, str] = {
    Kind.STAGE: "Phase",
    Kind.REASON: "Who said no",
    Kind.SOURCE: "Source here",
    Kind.USER: "Member here",
    Kind.DEPARTMENT: "Called here",
}


@dataclass(frozen=True)
class Word:
    id: int
    name: str
    maps_to: str
    note: str = ""  # a user's address
    guess: str = ""  # what is likely, while nobody has said it


@dataclass(frozen=True)
class Group:
    """Words that stand together: a job's stages, or all reasons; `choices` empty asks for a text."""

    kind: Kind
    title: str
    words: Sequence[Word]
    choices: Sequence[tuple[str, str]]


def words_of(connection: Connection) -> list[Group]:
    records = AtsRecord.objects.filter(connection=connection, kind__in=MEANS, gone_at=None)
    by_kind: dict[str, list[AtsRecord]] = {kind.value: [] for kind in MEANS}
    for each in records.order_by("pk"):
        by_kind[each.kind].append(each)
    stages = _stages(connection, by_kind[Kind.STAGE][:MOST])
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
    if kind == Kind.USER:
        return [(str(pk), name) for pk, name in Member.objects.active().order_by("name").values_list("pk", "name")]
    return []


def _stages(connection: Connection, records: Sequence[AtsRecord]) -> list[Group]:
    """Of each job by themselves where the ATS has them so, in its own order."""
    choices = choices_for(Kind.STAGE)
    jobs = dict(
        AtsRecord.objects.filter(connection=connection, kind=Kind.JOB).values_list("external_id", "name")
        if any(each.parent for each in records)
        else []
    )
    grouped: dict[str, list[Word]] = {}
    for each in records:
        grouped.setdefault(each.parent, []).append(Word(each.pk, each.name, each.maps_to))
    titles = {parent: jobs.get(parent, "A job that is gone") if parent else "All jobs" for parent in grouped}
    return [
        Group(Kind.STAGE, titles[parent], words, choices)
        for parent, words in sorted(grouped.items(), key=lambda each: titles[each[0]])
    ]


def _group(kind: Kind, records: Sequence[AtsRecord]) -> Group:
    choices = choices_for(kind) if records else []
    guesses = _guesses(kind, records, choices)
    words = [
        Word(each.pk, each.name, each.maps_to, str(each.content.get("email", "")), guesses.get(each.pk, ""))
        for each in sorted(records, key=lambda each: each.name.casefold())
    ]
    return Group(kind, f"{kind.label}s", words, choices)


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
    elif kind == Kind.REASON:
        found = {each.pk: likely_ending(each.name) for each in records}
    else:
        found = {}
    return {pk: guess for pk, guess in found.items() if guess}


def likely_ending(reason: str) -> str:
    name = reason.casefold()
    stepped_back = ("withdr", "declin", "accepted another", "took another", "not interested", "no longer interested")
    return "withdrawn" if any(words in name for words in stepped_back) else "rejected"
