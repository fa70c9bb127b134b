"""What can happen to an agency: agreed with, changed, ended, and jobs opened to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.sources import source_named
from talentpool.models import Agency, AgencyInvitation, AgencyJob, Job, Source, SourceKind

TERMS = ("name", "contact_name", "contact_email", "terms", "fee", "ownership_days", "known_days")


@transaction.atomic
def create_agency(terms: Mapping[str, Any], *, by: Member) -> Agency:
    """An agency, with a source of its own for what it will send."""
    _check_name(terms["name"])
    agency: Agency = Agency.objects.create(**{name: terms[name] for name in TERMS}, source=_source(terms["name"], by))
    record("agency.created", agency, by=by, ownership_days=agency.ownership_days, known_days=agency.known_days)
    return agency


@transaction.atomic
def update_agency(agency: Agency, terms: Mapping[str, Any], *, by: Member) -> list[str]:
    """The names of what really changed. Claims that run keep the period that held when they were made."""
    if terms["name"].lower() != agency.name.lower():
        _check_name(terms["name"])
    changed = [name for name in TERMS if getattr(agency, name) != terms[name]]
    before = {name: getattr(agency, name) for name in changed}
    for name in changed:
        setattr(agency, name, terms[name])
    if changed:
        agency.save(update_fields=changed)
        record("agency.changed", agency, by=by, before=before, after={name: terms[name] for name in changed})
    return changed


@transaction.atomic
def end_agency(agency: Agency, *, by: Member, now: datetime | None = None) -> None:
    """Nobody of it gets in any more and open letters are void; submissions and running claims stay as they are."""
    now = now or timezone.now()
    if not Agency.objects.filter(pk=agency.pk, ended_at=None).update(ended_at=now):
        raise ValidationError("That was ended already.")
    AgencyInvitation.objects.filter(agency=agency, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    record("agency.ended", agency, by=by)


@transaction.atomic
def resume_agency(agency: Agency, *, by: Member) -> None:
    if not Agency.objects.filter(pk=agency.pk, ended_at__isnull=False).update(ended_at=None):
        raise ValidationError("It was not ended.")
    record("agency.resumed", agency, by=by)


@transaction.atomic
def open_to_agency(agency: Agency, job: Job, *, words: str = "", by: Member, now: datetime | None = None) -> AgencyJob:
    """From now on the agency may submit people for the job; doing it twice changes the words only."""
    if not job.is_open:
        raise ValidationError("This job is closed. Open it again first.")
    opening, _ = AgencyJob.objects.update_or_create(
        agency=agency,
        job=job,
        defaults={"words": words, "closed_at": None, "by": by},
        create_defaults={"words": words, "by": by, "opened_at": now or timezone.now()},
    )
    record("agency.job_opened", agency, by=by, job_id=job.pk, job=job.title)
    return opening


@transaction.atomic
def close_to_agency(opening: AgencyJob, *, by: Member, now: datetime | None = None) -> None:
    if not AgencyJob.objects.filter(pk=opening.pk, closed_at=None).update(closed_at=now or timezone.now()):
        raise ValidationError("It is closed to them already.")
    record("agency.job_closed", opening.agency, by=by, job_id=opening.job_id, job=opening.job.title)


def _check_name(name: str) -> None:
    if Agency.objects.filter(name__iexact=name).exists():
        raise ValidationError({"name": f"There is an agency called “{name}” already."})


def _source(name: str, by: Member) -> Source:
    """The agency's own: of two agencies' records never one source, and no other kind's."""
    taken = Source.objects.filter(name__iexact=name).exists()
    return source_named(f"{name} (agency)"[:120] if taken else name, kind=SourceKind.AGENCY, by=by)
