"""Saying for which position one searches."""

from datetime import datetime

from django.db import transaction

from crm.models import Member
from sourcing.actions.entries import append_entry
from sourcing.models import EntryKind, SearchLogEntry
from sourcing.queries.sessions import latest_search, session_of
from talentpool.models import Job, Pipeline


@transaction.atomic
def give_position(
    *, job: Job | None = None, pipeline: Pipeline | None = None, reason: str = "", by: Member, now: datetime
) -> SearchLogEntry:
    """Of the member's latest session of searching, as a whole. A pipeline stands for its job, too."""
    latest = latest_search(by, now=now)
    return append_entry(
        EntryKind.POSITION,
        by=by,
        at=now,
        session=latest[1] if latest else session_of(by, now=now),
        job_id=job.pk if job else pipeline.job_id if pipeline else None,
        pipeline_id=pipeline.pk if pipeline else None,
        said={"title": str(job or pipeline or ""), "reason": reason},
    )
