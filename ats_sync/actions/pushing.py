"""How each kind of change is made in the ATS. Each looks before it makes: a second attempt makes nothing twice."""

from collections.abc import Callable, Sequence

from ats_sync.models import AtsRecord, Connection, Push, PushKind
from ats_sync.providers.base import NewPerson, Provider
from ats_sync.providers.errors import Refused
from ats_sync.queries.people import ats_id_of
from ats_sync.vocabulary import Change, Kind, NoteRecord
from talentpool.actions.files import content_of
from talentpool.models import Candidate, File, Note
from talentpool.person import Education, PersonFields, Position

Made = tuple[str, Sequence[Change]]  # the id of what was made, and what the ATS says of it now


def add(connection: Connection, provider: Provider, push: Push) -> Made:
    """To a job, or as a prospect. Who is there already, by mark or address, is not made again."""
    candidate, job, source = push.candidate, str(push.content.get("job", "")), str(push.content.get("source", ""))
    fields, mark = fields_of(candidate), mark_of(candidate)
    there = ats_id_of(connection, candidate.pk) or provider.find_person(fields, mark)
    if not there:
        changes = provider.add_person(NewPerson(fields=fields, mark=mark, job=job, source=source))
        return _person_in(changes), changes
    changes = list(provider.read(Kind.PERSON, [there]))
    return there, [*changes, *(provider.apply(there, job, source) if job else ())]


def apply(connection: Connection, provider: Provider, push: Push) -> Made:
    person = _person(connection, provider, push)
    changes = provider.apply(person, str(push.content["job"]), str(push.content.get("source", "")))
    return next((each.id for each in changes), ""), changes


def note(connection: Connection, provider: Provider, push: Push) -> Made:
    person = _person(connection, provider, push)
    written = Note.objects.filter(pk=push.content.get("note_id")).select_related("by").first()
    if written is None:
        raise Refused("The note was deleted before it was sent.")
    made = provider.find_note(person, written.text) or provider.add_note(person, written.text)
    change = NoteRecord(id=made, person=person, text=written.text, author=written.who, at=written.at)
    return made, [change]


def contacted(connection: Connection, provider: Provider, push: Push) -> Made:
    """A note that says about which job the person was written to."""
    person, text = _person(connection, provider, push), str(push.content["text"])
    return provider.find_note(person, text) or provider.add_note(person, text), []


def tag(connection: Connection, provider: Provider, push: Push) -> Made:
    provider.tag(_person(connection, provider, push), [str(each) for each in push.content["tags"]])
    return "", []


def move(connection: Connection, provider: Provider, push: Push) -> Made:
    application = str(push.content["application"])
    provider.move(application, str(push.content["stage"]))
    return application, provider.read(Kind.APPLICATION, [application])


def reject(connection: Connection, provider: Provider, push: Push) -> Made:
    application = str(push.content["application"])
    provider.reject(application, str(push.content.get("reason", "")))
    return application, provider.read(Kind.APPLICATION, [application])


def file(connection: Connection, provider: Provider, push: Push) -> Made:
    person = _person(connection, provider, push)
    found = File.objects.filter(pk=push.content.get("file_id"), candidate=push.candidate).first()
    if found is None:
        raise Refused("The file was deleted before it was sent.")
    is_resume = bool(push.content.get("is_resume"))
    made = provider.add_file(person, found.name, content_of(found), is_resume=is_resume)
    _remember_file(connection, push, found, made, person)
    return made, []


SEND: dict[PushKind, Callable[[Connection, Provider, Push], Made]] = {
    PushKind.ADD: add,
    PushKind.APPLY: apply,
    PushKind.NOTE: note,
    PushKind.CONTACTED: contacted,
    PushKind.TAG: tag,
    PushKind.MOVE: move,
    PushKind.REJECT: reject,
    PushKind.FILE: file,
}


def mark_of(candidate: Candidate) -> str:
    """By which somebody whom we made there is found again, whatever her addresses have become."""
    return f"rapport-{candidate.tenant_id}-{candidate.pk}"


def fields_of(candidate: Candidate) -> PersonFields:
    points = candidate.contact_points
    by_kind = {kind: tuple(each["value"] for each in points if each["kind"] == kind) for kind in _POINTS}
    return PersonFields(
        name=candidate.name,
        given_name=candidate.given_name,
        family_name=candidate.family_name,
        headline=candidate.headline,
        summary=candidate.summary,
        location=candidate.location,
        country=candidate.country,
        emails=by_kind["email"],
        phones=by_kind["phone"],
        links=by_kind["link"],
        positions=tuple(Position.from_json(each) for each in candidate.positions),
        education=tuple(Education.from_json(each) for each in candidate.education),
        skills=tuple(candidate.skills),
    )


_POINTS = ("email", "phone", "link")


def _person(connection: Connection, provider: Provider, push: Push) -> str:
    found = ats_id_of(connection, push.candidate_id) or provider.find_person(
        fields_of(push.candidate), mark_of(push.candidate)
    )
    if not found:
        raise Refused("This person is not in the ATS. Add her there first.")
    return found


def _person_in(changes: Sequence[Change]) -> str:
    return next((each.id for each in changes if not hasattr(each, "what") and each.kind == Kind.PERSON), "")


def _remember_file(connection: Connection, push: Push, found: File, made: str, person: str) -> None:
    """So that it doesn't come back as one of theirs."""
    if made:
        AtsRecord.objects.get_or_create(
            connection=connection,
            kind=Kind.FILE,
            external_id=made,
            defaults={
                "file": found,
                "parent": person,
                "candidate": push.candidate,
                "origin": push.origin,
                "checked_at": push.created_at,
            },
        )
