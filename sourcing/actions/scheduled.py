"""Searches that Rapport makes by itself: new matches of a segment, put where somebody said once."""

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction

from sourcing.actions.entries import append_entry
from sourcing.actions.searches import criteria_of
from sourcing.models import EntryKind
from talentpool.models import ScheduleRun
from talentpool.queries.selections import search_of


@transaction.atomic
def log_schedule_run(run: ScheduleRun, found: Sequence[int], put: Sequence[int]) -> None:
    """A session of its own, of nobody: what a member finds by hand is not led back to it.

    A run that finds nobody new is no search; one into a pipeline is for that pipeline's position.
    """
    schedule, session = run.schedule, uuid4()
    said = criteria_of(search_of(schedule.segment)) | {"schedule": str(schedule), "in_the_name_of": schedule.by.name}
    search = append_entry(
        EntryKind.SEARCHED,
        by=None, at=run.at, session=session, candidate_ids=found, said=said, total=len(found),
        total_is_estimate=False, detail={"schedule": schedule.pk},
    )  # fmt: skip
    act, pipeline = ("pipeline", schedule.pipeline) if schedule.pipeline else ("tag", None)
    if put:
        append_entry(
            EntryKind.CONSIDERED,
            by=None, at=run.at, session=session, search_id=search.pk, candidate_ids=put, act=act,
        )  # fmt: skip
    if pipeline:
        append_entry(
            EntryKind.POSITION,
            by=None, at=run.at, session=session, job_id=pipeline.job_id, pipeline_id=pipeline.pk,
            said={"title": str(pipeline.job or pipeline), "reason": ""},
        )  # fmt: skip
