"""What is sent to the ATS about somebody who is there: a move, a rejection, notes, files and tags."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from ats_sync.actions.pushes import push
from ats_sync.models import AtsRecord, Connection, Push, PushKind
from ats_sync.providers.base import Ability
from ats_sync.queries.choices import application_record, stages_for, words
from ats_sync.queries.connections import provider_known
from ats_sync.vocabulary import Kind
from crm.models import Member
from talentpool.models import Candidate, File, Note

NEEDS = {
    PushKind.NOTE: Ability.ADD_NOTE,
    PushKind.FILE: Ability.ADD_FILE,
    PushKind.TAG: Ability.TAG,
    PushKind.MOVE: Ability.MOVE,
    PushKind.REJECT: Ability.REJECT,
}
LONGEST_TAG = 60


def move_in_ats(record: AtsRecord, person: Candidate, stage: str, *, by: Member) -> Push:
    content = {"application": record.external_id, "stage": stage, "seen": record.fingerprint}
    return push(record.connection, person, PushKind.MOVE, content, by=by)


def reject_in_ats(record: AtsRecord, person: Candidate, reason: str, *, by: Member) -> Push:
    content = {"application": record.external_id, "reason": reason, "seen": record.fingerprint}
    return push(record.connection, person, PushKind.REJECT, content, by=by)


@transaction.atomic
def send_along(connection: Connection, person: Candidate, what: Mapping[str, Any], *, by: Member) -> list[Push]:
    """`what` has notes, files and tags of the person's, and whether the files are résumés."""
    wanted: Iterable[tuple[PushKind, dict[str, Any]]] = [
        *((PushKind.NOTE, {"note_id": note.pk}) for note in what.get("notes", ())),
        *(
            (PushKind.FILE, {"file_id": file.pk, "is_resume": bool(what.get("resume"))})
            for file in what.get("documents", ())
        ),
    ]
    tags = sorted(each.tag.name for each in what.get("tags", ()))
    if tags:
        wanted = [*wanted, (PushKind.TAG, {"tags": tags})]
    return [push(connection, person, kind, content, by=by) for kind, content in wanted]


def ask_for(connection: Connection, person: Candidate, kind: str, said: Mapping[str, Any], *, by: Member) -> Push:
    """One change, named by ids; raises a ValidationError with a sentence for what is not there or not possible."""
    wanted, provider = PushKind(kind), provider_known(connection)
    if provider is None or NEEDS[wanted] not in provider.abilities:
        raise ValidationError(f"“{connection}” does not let us do that there.")
    if wanted in (PushKind.MOVE, PushKind.REJECT):
        return _act_on_application(connection, person, wanted, said, by=by)
    return push(connection, person, wanted, _content(person, wanted, said), by=by)


def _content(person: Candidate, wanted: PushKind, said: Mapping[str, Any]) -> dict[str, Any]:
    if wanted == PushKind.NOTE:
        if not Note.objects.filter(pk=said.get("note_id") or 0, candidate=person).exclude(by=None).exists():
            raise ValidationError("This person has no note of yours with that id.")
        return {"note_id": said["note_id"]}
    if wanted == PushKind.FILE:
        if not File.objects.filter(pk=said.get("file_id") or 0, candidate=person).exists():
            raise ValidationError("This person has no file with that id.")
        return {"file_id": said["file_id"], "is_resume": bool(said.get("is_resume"))}
    tags = sorted({tag[:LONGEST_TAG] for tag in said.get("tags", ()) if tag})
    if not tags:
        raise ValidationError("Name at least one tag.")
    return {"tags": tags}


def _act_on_application(
    connection: Connection, person: Candidate, wanted: PushKind, said: Mapping[str, Any], *, by: Member
) -> Push:
    record = application_record(person, said.get("application_id") or 0)
    if record is None or record.connection_id != connection.pk:
        raise ValidationError("This person has no such application in that ATS, or it is not running.")
    if wanted == PushKind.MOVE:
        if said.get("stage") not in {value for value, _ in stages_for(record)}:
            raise ValidationError("That is no stage of this job, or they are in it already.")
        return move_in_ats(record, person, str(said["stage"]), by=by)
    reasons = {value for value, _ in words(connection, Kind.REASON)}
    if said.get("reason", "") not in (reasons or {""}):
        raise ValidationError("That is no reject reason of this ATS.")
    return reject_in_ats(record, person, str(said.get("reason", "")), by=by)
