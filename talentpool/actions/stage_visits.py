"""Stays at stages, written by whatever brings people to a stage or away from one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from talentpool.actions.bulk_insert import insert_values
from talentpool.models import Pipeline, Stage, StageVisit

Whose = Sequence[tuple[int, int]]  # candidate and origin of an entry


def begin_visits(stage: Stage, whose: Whose, *, at: datetime) -> None:
    rows = [f'{{"candidate_id": {pk}, "origin_id": {origin}}}' for pk, origin in whose]
    columns = ["candidate_id", "origin_id"]
    insert_values(StageVisit, columns, rows, pipeline_id=stage.pipeline_id, stage_id=stage.pk, entered_at=at)


def end_visits(pipeline: Pipeline, origins: Iterable[int], *, at: datetime) -> None:
    StageVisit.objects.filter(pipeline=pipeline, origin__in=list(origins), left_at=None).update(left_at=at)
