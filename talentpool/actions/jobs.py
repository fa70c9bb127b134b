"""Jobs by hand, beside those that an applicant tracking system tells of, and pipelines for them."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.pipelines import add_to_pipeline, archive_pipeline, create_pipeline
from talentpool.models import Job, JobFamily, Pipeline
from talentpool.tracking import member_of


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
    return job


@transaction.atomic
def close_job(job: Job, *, by: Member, now: datetime | None = None) -> None:
    """Nobody can be submitted for it any more; what was submitted stays."""
    if not Job.objects.filter(pk=job.pk, is_open=True).update(is_open=False, closed_at=now or timezone.now()):
        raise ValidationError("It is closed already.")
    record("job.closed", job, by=by)


@transaction.atomic
def reopen_job(job: Job, *, by: Member) -> None:
    if not Job.objects.filter(pk=job.pk, is_open=False).update(is_open=True, closed_at=None):
        raise ValidationError("It is open.")
    record("job.reopened", job, by=by)


def follow_job(job: Job, *, by: Member) -> None:
    """A job of an ATS that was opened has a pipeline from then on; when it is closed and nobody was put into it, it is
    put away. What members have made of it stays as it is."""
    if job.is_open:
        put_into_pipeline_of(job, [], by=by)
        return
    for pipeline in Pipeline.objects.current().filter(job=job, entries=None):
        archive_pipeline(pipeline, by=by)


@transaction.atomic
def put_into_pipeline_of(job: Job, candidate_ids: Sequence[int], *, by: Member) -> Pipeline:
    """The job's pipeline. Where there is none yet it is made, and belongs to whoever of the job's hiring team is a
    member here, or else to who made it."""
    pipeline = Pipeline.objects.current().filter(job=job).order_by("pk").first() or create_pipeline(
        name=job.title[:200], job_title=job.title, job=job, owner=member_of(job), by=by
    )
    if candidate_ids:
        add_to_pipeline(pipeline, list(candidate_ids), stage=None, by=by)
    return pipeline
