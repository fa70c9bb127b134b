"""Notes and files of the ATS's people."""

import hashlib
import mimetypes

from ats_sync.actions.applying.batch import Batch
from ats_sync.models import AtsRecord, Push, PushKind
from ats_sync.vocabulary import FileRecord, Kind, NoteRecord
from ats_sync.wording import plain_text
from crm.models.leased import WorkState
from talentpool.actions.activities import record_activity
from talentpool.actions.files import keep_file, readable_text
from talentpool.models import ActivityKind, File, Note


def apply_notes(batch: Batch, notes: list[NoteRecord]) -> None:
    for each in notes:
        person = batch.person(each.person)
        if person is None:
            continue
        known = batch.record(Kind.NOTE, each.id)
        note = (known.note if known else None) or _our_own(batch, each, person)
        if note is None:
            note = _add(batch, each, person)
        elif note.by_id is None:
            note.text, note.author = plain_text(each.text), each.author[:200]
            note.save(update_fields=["text", "author"])
        batch.keep(each, note=note, parent=each.person, candidate_id=note.candidate_id, origin_id=note.origin_id)
        batch.note(each, "changed" if known else "new")


def apply_files(batch: Batch, files: list[FileRecord]) -> None:
    for each in files:
        person = batch.person(each.person)
        if person is None:
            continue
        content = batch.files.get(each.id)
        known = batch.record(Kind.FILE, each.id)
        file = _file(batch, each, person, content) if content else (known.file if known else None)
        whose = {"candidate_id": person.candidate_id, "origin_id": person.origin_id}
        # One that couldn't be fetched is known and not had: whoever looks next finds it new.
        had = {"fingerprint": ""} if content is None else {}
        batch.keep(each, file=file, parent=each.person, **whose, **had)
        if content is not None or known is None:
            batch.note(each, "changed" if known else "new")


def _our_own(batch: Batch, each: NoteRecord, person: AtsRecord) -> Note | None:
    """A note that we wrote there comes back as theirs; it is ours, and known."""
    text = plain_text(each.text)
    sent = Push.objects.filter(
        connection=batch.connection,
        kind__in=[PushKind.NOTE, PushKind.CONTACTED],
        candidate=person.candidate_id,
        state__in=[WorkState.RUNNING, WorkState.QUEUED, WorkState.DONE],
    ).order_by("-pk")
    ids = [push.content.get("note_id") for push in sent[:50]]
    notes = Note.objects.filter(pk__in=[pk for pk in ids if pk], candidate=person.candidate_id)
    return next((note for note in notes if plain_text(note.text) and plain_text(note.text) in text), None)


def _add(batch: Batch, each: NoteRecord, person: AtsRecord) -> Note:
    at = each.at or batch.now
    whose = {"candidate_id": person.candidate_id, "origin_id": person.origin_id}
    note: Note = Note.objects.create(text=plain_text(each.text), author=each.author[:200], at=at, **whose)
    assert person.candidate_id
    record_activity(person.candidate_id, ActivityKind.NOTED, at=at, origin_id=person.origin_id, note_id=note.pk)
    return note


def _file(batch: Batch, each: FileRecord, person: AtsRecord, content: bytes) -> File:
    """The same file is kept once, whatever the ATS calls it."""
    digest = hashlib.sha256(content).hexdigest()
    if there := File.objects.filter(candidate=person.candidate_id, sha256=digest).first():
        return there
    name = each.name.replace("\x00", "")[-255:] or "File"
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = keep_file(name, content, media_type=media_type, text=readable_text(name, content), by=None)
    file.candidate_id, file.origin_id = person.candidate_id, person.origin_id
    file.save(update_fields=["candidate", "origin"])
    assert person.candidate_id
    record_activity(
        person.candidate_id,
        ActivityKind.FILE_ADDED,
        at=each.at or batch.now,
        origin_id=person.origin_id,
        file_id=file.pk,
        name=name,
    )
    return file
