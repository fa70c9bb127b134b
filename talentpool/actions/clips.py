"""A clipped page, once somebody has looked at its fields and says that they are right."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from crm.audit import record
from crm.models import Member
from talentpool.actions.people import IncomingRecord, Outcome, Received, preview_profiles, receive_profiles
from talentpool.intake.clip.clips import Clip
from talentpool.models import Candidate, ProfileKind, Source, SourceKind
from talentpool.person import PersonFields

SOURCE = "Web clip"
NOBODY = "Say at least a name, an e-mail address or a telephone."
ERASED = "This person asked to be erased, so the clip was not kept."


@dataclass(frozen=True)
class Known:
    """Whom saving would update, and whether it would be kept out."""

    candidate: Candidate | None = None
    is_erased: bool = False


def known_person(fields: PersonFields, clip: Clip) -> Known:
    """Looked up before anything is saved; the pool doesn't change."""
    if not (fields.emails or fields.phones or fields.links):
        return Known()
    source = Source.objects.filter(name=SOURCE).first() or Source(pk=0, name=SOURCE)
    [foreseen] = preview_profiles([_record(fields, clip, source)])
    candidate = Candidate.objects.filter(pk=foreseen.candidate_id).first() if foreseen.candidate_id else None
    return Known(candidate, foreseen.outcome is Outcome.ERASED)


@transaction.atomic
def save_clip(fields: PersonFields, clip: Clip, *, by: Member) -> Received:
    if not (fields.name or fields.emails or fields.phones):
        raise ValidationError(NOBODY)
    source, _ = Source.objects.get_or_create(name=SOURCE, defaults={"kind": SourceKind.SOURCED})
    [received] = receive_profiles([_record(fields, clip, source)], by=by)
    if received.candidate_id is None:
        raise ValidationError(ERASED)
    candidate = Candidate.objects.get(pk=received.candidate_id)
    record("clip.saved", candidate, by=by, outcome=received.outcome)
    return received


def _record(fields: PersonFields, clip: Clip, source: Source) -> IncomingRecord:
    return IncomingRecord(source, ProfileKind.CLIP, fields, raw=clip.raw)
