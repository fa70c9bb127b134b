"""Jobs by hand, beside those that an applicant tracking system tells of."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.job_pipelines import follow_job
from talentpool.models import Job, JobFamily


@transaction.atomic
def open_job(
    title: str,
    *,
    location: str = "",
    department: str = "",
    family: JobFamily | None = None,
    by: Member,
    now: datetime | None = None,
) -> Job:
    about = {"location": location, "department": department, "family": family}
    job: Job = Job.objects.create(title=title, **about, is_open=True, opened_at=now or timezone.now())
    record("job.opened", job, by=by)
    follow_job(job, by=by)
    return job


@transaction.atomic
def close_job(job: Job, *, by: Member, now: datetime | None = None) -> None:
    """Nobody can be submitted for it any more; what was submitted stays."""
    if not Job.objects.filter(pk=job.pk, is_open=True).update(is_open=False, closed_at=now or timezone.now()):
        raise ValidationError("It is closed already.")
    job.is_open = False
    record("job.closed", job, by=by)
    follow_job(job, by=by)


@transaction.atomic
def reopen_job(job: Job, *, by: Member) -> None:
    if not Job.objects.filter(pk=job.pk, is_open=False).update(is_open=True, closed_at=None):
        raise ValidationError("It is open.")
    job.is_open = True
    record("job.reopened", job, by=by)
    follow_job(job, by=by)
