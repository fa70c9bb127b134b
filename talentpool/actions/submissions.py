"""An agency sends a person for a job: who she is, whether she was known, and whose she is from now on.

All of it in one transaction that holds the person's identity keys (`receive_profiles` takes them first), so of two
agencies that send the same person in the same moment exactly one has the claim.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit import record
from crm.models import Member
from talentpool.actions.arrivals import storable
from talentpool.actions.files import keep_file
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.intake.resume_files import MEDIA_TYPES
from talentpool.models import (
    Agency,
    AgencyJob,
    AgencyUser,
    Candidate,
    Claim,
    File,
    Profile,
    ProfileKind,
    Submission,
    SubmissionResult,
    SubmissionState,
)
from talentpool.person import PersonFields
from talentpool.resumes import ParsedResume, ResumeError, parse_resume
from talentpool.resumes.sniffing import kind_of

MOST_A_DAY = 100  # of one agency: enough for work, too few to try out who is known


@dataclass(frozen=True)
class Sent:
    """What an agency fills in about a person."""

    name: str
    email: str
    phone: str
    message: str
    statement: str  # as it was shown and confirmed
    agreed_on: date
    file_name: str
    content: bytes


@transaction.atomic
def submit_person(opening: AgencyJob, sent: Sent, *, by: AgencyUser, now: datetime | None = None) -> Submission:
    now = now or timezone.now()
    agency = by.agency
    _refuse_unless_open(opening, by)
    file, resume = _read(sent)
    _refuse_many(agency, now)
    incoming = IncomingRecord(
        agency.source,
        ProfileKind.RESUME,
        _fields(sent, resume),
        suggestions=[each.to_json() for each in resume.suggestions] if resume else (),
        raw=storable({"name": sent.name, "email": sent.email, "phone": sent.phone, "file": file.sha256}),
        observed_at=now,
        file_id=file.pk,
    )
    [received] = receive_profiles([incoming], by=None, now=now)
    person = _locked(received.candidate_id)
    _refuse_twice(opening, person)
    submission: Submission = Submission.objects.create(
        candidate=person,
        origin=person,
        agency=agency,
        job_id=opening.job_id,
        by=by,
        at=now,
        profile_id=received.profile_id,
        name=sent.name if person else "",
        email=sent.email if person else "",
        message=sent.message if person else "",
        statement=sent.statement if person else "",
        agreed_on=sent.agreed_on,
        result=_result(agency, person, now),
    )
    if person and submission.result == SubmissionResult.CLAIMED:
        until = now + timedelta(days=agency.ownership_days)
        Claim.objects.create(candidate=person, origin=person, agency=agency, submission=submission, at=now, until=until)
    _discard_unused(file)
    record(
        "submission.received", submission, by=None, agency=agency.name, result=submission.result, job_id=opening.job_id
    )
    return submission


@transaction.atomic
def move_submission(submission: Submission, state: SubmissionState, *, by: Member, now: datetime | None = None) -> bool:
    """What became of it, which the agency sees. False when that was said already."""
    if submission.result not in (SubmissionResult.CLAIMED, SubmissionResult.OWNED):
        raise ValidationError("This person was not theirs to submit, so there is nothing to tell them.")
    before = submission.state
    changed = Submission.objects.filter(pk=submission.pk).exclude(state=state)
    if not changed.update(state=state, state_at=now or timezone.now(), state_by=by):
        return False
    record("submission.moved", submission, by=by, before=before, after=str(state))
    return True


def _refuse_unless_open(opening: AgencyJob, by: AgencyUser) -> None:
    if not AgencyJob.objects.open().filter(pk=opening.pk, agency=by.agency_id).exists():
        raise ValidationError(_("This job is not open to you any more."))


def _refuse_many(agency: Agency, now: datetime) -> None:
    """Its row stays locked, so that two at once count each other, and so does the same person sent twice."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if Submission.objects.filter(agency=agency, at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise ValidationError(_("That is more than one agency can submit in a day. Go on tomorrow."))


def _read(sent: Sent) -> tuple[File, ParsedResume | None]:
    """The file as it came, and what could be read of it; a picture or a scan is fine, too."""
    kind = kind_of(sent.content, sent.file_name)
    media_type = MEDIA_TYPES.get(kind, "application/octet-stream")
    try:
        resume = parse_resume(sent.content, sent.file_name)
    except ResumeError:
        resume = None
    text = resume.text.replace("\x00", "") if resume else ""
    return keep_file(sent.file_name, sent.content, media_type=media_type, by=None, text=text), resume


def _fields(sent: Sent, resume: ParsedResume | None) -> PersonFields:
    """What the agency wrote is surer than what a program read."""
    read = resume.fields if resume else PersonFields()
    given, family = (read.given_name, read.family_name) if read.name == sent.name else ("", "")
    return replace(
        read,
        name=sent.name,
        given_name=given,
        family_name=family,
        emails=tuple(dict.fromkeys([sent.email, *read.emails])),
        phones=tuple(dict.fromkeys([*filter(None, [sent.phone]), *read.phones])),
    )


def _locked(candidate_id: int | None) -> Candidate | None:
    if candidate_id is None:
        return None
    person: Candidate = Candidate.objects.select_for_update(no_key=True).get(pk=candidate_id)
    return person


def _refuse_twice(opening: AgencyJob, person: Candidate | None) -> None:
    if person and Submission.objects.filter(agency=opening.agency_id, job=opening.job_id, candidate=person).exists():
        raise ValidationError(_("You have submitted this person for this job already."))


def _result(agency: Agency, person: Candidate | None, now: datetime) -> SubmissionResult:
    """An earlier claim that runs comes first, then what we knew ourselves, then this agency."""
    if person is None:
        return SubmissionResult.REFUSED
    first = Claim.objects.filter(candidate=person, until__gt=now).order_by("at", "pk").first()
    if first is not None:
        return SubmissionResult.OWNED if first.agency_id == agency.pk else SubmissionResult.TAKEN
    known_since = now - timedelta(days=agency.known_days)
    elsewhere = Profile.objects.filter(candidate=person, received_at__gte=known_since).exclude(source=agency.source_id)
    return SubmissionResult.KNOWN if elsewhere.exists() else SubmissionResult.CLAIMED


def _discard_unused(file: File) -> None:
    """Of somebody whom we may not take in, and of a record that was there before."""
    if not Profile.objects.filter(file=file).exists():
        file.delete()
