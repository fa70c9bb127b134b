from datetime import datetime

from django.db import transaction
from django.utils import timezone

from crm.models import Member
from talentpool.actions.activities import record_activity
from talentpool.models import ActivityKind, Candidate, Note


@transaction.atomic
def add_note(candidate: Candidate, text: str, *, by: Member, now: datetime | None = None) -> Note:
    """The line in the story has the note's id and no text, so that a changed note is not told twice."""
    now = now or timezone.now()
    note = Note.objects.create(candidate=candidate, origin=candidate, text=text, by=by, at=now)
    record_activity(candidate.pk, ActivityKind.NOTED, by=by, at=now, note_id=note.pk)
    return note
