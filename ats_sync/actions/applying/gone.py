"""What the ATS no longer has: deleted, merged into another record, or made anonymous there."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from ats_sync.actions.applying.batch import Batch
from ats_sync.actions.applying.leaving import take_away
from ats_sync.models import AtsRecord
from ats_sync.vocabulary import Gone, How, Kind
from talentpool.actions.applications import Telling
from talentpool.actions.derivation import rederive
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.job_pipelines import follow_job
from talentpool.actions.key_rows import rekey_edited
from talentpool.actions.merges import KeptApart, merge_candidates
from talentpool.actions.trait_rows import retrait
from talentpool.models import Application, Candidate, Job, Note, Profile

ANONYMISED = "Made anonymous in the ATS"


def apply_gone(batch: Batch, gone: list[Gone]) -> None:
    """In their order: a merge carries its winner, a deletion takes away what came only by the person's record."""
    for each in gone:
        record = batch.record(each.what, each.id)
        if record is None:
            continue
        record.gone_at, record.gone, record.into = each.at or batch.now, each.how, each.into
        marks = {"gone_at": record.gone_at, "gone": each.how, "into": each.into, "checked_at": batch.now}
        if not AtsRecord.objects.filter(pk=record.pk).update(**marks):
            continue  # it went with its person a moment ago
        batch.note(each, each.how.label.lower())
        if record.candidate_id:
            batch.people.add(record.candidate_id)
        _END[each.what](batch, each, record) if each.what in _END else None


def _end_person(batch: Batch, gone: Gone, record: AtsRecord) -> None:
    if gone.how == How.MERGED:
        _merge(batch, gone, record)
    elif gone.how == How.ANONYMISED:
        _forget(batch, record)
    else:
        take_away(batch, record)


def _merge(batch: Batch, gone: Gone, record: AtsRecord) -> None:
    """The ATS’s word that two are one; somebody’s word here that they are not stands above it."""
    winner = batch.record(Kind.PERSON, gone.into)
    if winner is None or not winner.candidate_id or not record.candidate_id:
        return
    if winner.candidate_id == record.candidate_id:
        return
    survivor, absorbed = (Candidate.objects.get(pk=pk) for pk in (winner.candidate_id, record.candidate_id))
    try:
        merge_candidates(survivor, absorbed, by=None, now=batch.now, automatic=True, evidence=[{"ats": "merged"}])
    except KeptApart:
        batch.note(gone, "merged there, kept apart here")
    except ValidationError as refusal:
        batch.note(gone, f"merged there, not here: {' '.join(refusal.messages)}"[:300])
    else:
        batch.people.add(survivor.pk)


def _forget(batch: Batch, record: AtsRecord) -> None:
    """All that came by this record goes; the person too, when nobody else has spoken of her."""
    candidate_id = record.candidate_id
    if candidate_id is None:
        return
    Profile.objects.filter(
        candidate=candidate_id, source=batch.connection.source, external_id=record.external_id
    ).delete()
    take_away(batch, record)
    candidate = Candidate.objects.get(pk=candidate_id)
    if not Profile.objects.filter(candidate=candidate).exists():
        record.delete()
        batch.records.pop((Kind.PERSON, record.external_id), None)
        erase_candidate(candidate, reason=ANONYMISED, by=None, now=timezone.now())
        return
    rekey_edited([candidate_id])
    retrait([candidate_id])
    rederive([candidate_id], now=batch.now)


def _end_application(batch: Batch, gone: Gone, record: AtsRecord) -> None:
    """As it is by now: its person may have gone or been merged in the same batch."""
    application = Application.objects.select_related("job").filter(pk=record.application_id or 0).first()
    if application:
        with Telling(batch.now) as telling:
            telling.end(application)


def _end_job(batch: Batch, gone: Gone, record: AtsRecord) -> None:
    job = Job.objects.filter(pk=record.job_id or 0, is_open=True).first()
    if job:
        job.is_open, job.closed_at = False, batch.now
        job.save(update_fields=["is_open", "closed_at"])
        follow_job(job, by=batch.connection.by)


def _end_note(batch: Batch, gone: Gone, record: AtsRecord) -> None:
    """A note of theirs goes with them; one of ours stays here."""
    Note.objects.filter(pk=record.note_id or 0, by=None).delete()


_END = {
    Kind.PERSON: _end_person,
    Kind.APPLICATION: _end_application,
    Kind.JOB: _end_job,
    Kind.NOTE: _end_note,
}
