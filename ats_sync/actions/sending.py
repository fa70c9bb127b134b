"""What is sent to the ATS about somebody who is there: a move, a rejection, notes, files and tags."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from ats_sync.actions.pushes import push
from ats_sync.models import AtsRecord, Connection, Push, PushKind
from crm.models import Member
from talentpool.models import Candidate


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
