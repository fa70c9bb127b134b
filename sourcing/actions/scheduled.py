"""Searches that Rapport makes by itself: new matches of a segment, put where somebody said once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from crm.models import Member
from sourcing.actions.entries import append_entry
from sourcing.actions.searches import criteria_of
from sourcing.models import EntryKind
from talentpool.models import Pipeline, Segment
from talentpool.queries.selections import search_of


@transaction.atomic
def log_segment_run(
    *,
    segment: Segment,
    name: str,
    by: Member,
    at: datetime,
    found: Sequence[int],
    put: Sequence[int],
    act: str,
    pipeline: Pipeline | None,
) -> None:
    """A session of its own, of nobody: what a member finds by hand is not led back to it.

    A run that finds nobody new is no search; one into a pipeline is for that pipeline's position.
    """
    session = uuid4()
    said = criteria_of(search_of(segment)) | {"schedule": name, "in_the_name_of": by.name}
    search = append_entry(
        EntryKind.SEARCHED,
        by=None, at=at, session=session, candidate_ids=found, said=said, total=len(found),
        total_is_estimate=False, detail={"segment": segment.pk},
    )  # fmt: skip
    if put:
        append_entry(
            EntryKind.CONSIDERED,
            by=None, at=at, session=session, search_id=search.pk, candidate_ids=put, act=act,
        )  # fmt: skip
    if pipeline:
        append_entry(
            EntryKind.POSITION,
            by=None, at=at, session=session, job_id=pipeline.job_id, pipeline_id=pipeline.pk,
            said={"title": str(pipeline.job or pipeline), "reason": ""},
        )  # fmt: skip
