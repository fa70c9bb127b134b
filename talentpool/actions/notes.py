"""Notes: written, changed with what they said before kept, and the members they name told."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.activities import record_activity
from talentpool.mentions import mentioned
from talentpool.models import ActivityKind, Candidate, Mention, Note, NoteKind, NoteVersion
from talentpool.queries.members import mentionable_members

STORIES = {
    NoteKind.NOTE: ActivityKind.NOTED,
    NoteKind.CALL: ActivityKind.CALLED,
    NoteKind.MEETING: ActivityKind.MET,
}


@transaction.atomic
def add_note(
    candidate: Candidate, text: str, *, by: Member, kind: NoteKind = NoteKind.NOTE, now: datetime | None = None
) -> Note:
    """The line in the story has the note's id and no text, so that a changed note is not told twice."""
    now = now or timezone.now()
    note = Note.objects.create(candidate=candidate, origin=candidate, kind=kind, text=text, by=by, at=now)
    record_activity(candidate.pk, STORIES[kind], by=by, at=now, note_id=note.pk)
    record("note.added", candidate, by=by, note_id=note.pk, kind=kind.value)
    _tell_mentioned(note, by=by, now=now)
    return note


@transaction.atomic
def change_note(note: Note, text: str, *, by: Member, now: datetime | None = None) -> Note:
    """By its author; what it said before stays readable. Members named anew are told, others not again."""
    now = now or timezone.now()
    locked: Note = Note.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if locked.by_id != by.pk:
        raise ValidationError("Only who wrote a note changes it.")
    if locked.text == text:
        return locked
    whose = {"candidate_id": locked.candidate_id, "origin_id": locked.origin_id}
    NoteVersion.objects.create(note=locked, text=locked.text, until=now, **whose)
    locked.text, locked.edited_at = text, now
    locked.save(update_fields=["text", "edited_at"])
    record("note.changed", note.candidate, by=by, note_id=note.pk)
    _tell_mentioned(locked, by=by, now=now)
    return locked


def _tell_mentioned(note: Note, *, by: Member, now: datetime) -> None:
    from talentpool.tasks import mail_mention  # tasks stand above actions; queueing follow-up work is the exception

    named = mentioned(note.text, mentionable_members()) if "@" in note.text else {}
    Mention.objects.filter(note=note, seen_at=None).exclude(member__in=named).delete()
    known = dict(Mention.objects.filter(note=note).values_list("member_id", "pk"))
    for member_id, words in named.items():
        if member_id in known:
            Mention.objects.filter(pk=known[member_id]).update(words=words)
            continue
        mention = Mention.objects.create(
            note=note,
            member_id=member_id,
            words=words,
            at=now,
            seen_at=now if member_id == by.pk else None,  # who names herself knows
            candidate_id=note.candidate_id,
            origin_id=note.origin_id,
        )
        if member_id != by.pk:
            mail_mention.delay(mention.pk)
