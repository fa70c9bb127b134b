"""How people go through a pipeline: of those who entered a stage, how many went further, in which time, and for how
long those who stand there have stood.

Who was at a later stage at any time went further; how long that took is told of whoever came from the earlier one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet, TextChoices

from talentpool.models import Candidate, Pipeline, PipelineEntry, Stage, StageVisit

_STEPS = """
    WITH firsts AS (
        SELECT v.candidate_id, s.position, min(v.entered_at) AS at
        FROM talentpool_stagevisit v JOIN talentpool_stage s ON s.id = v.stage_id
        WHERE v.pipeline_id = %s AND v.entered_at >= %s GROUP BY v.candidate_id, s.position
    ), steps AS (
        SELECT position, at, min(at) OVER (
            PARTITION BY candidate_id ORDER BY position ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS next
        FROM firsts
    )
    SELECT position, count(*), count(next),
           percentile_disc(0.5) WITHIN GROUP (ORDER BY next - at) FILTER (WHERE next >= at),
           percentile_disc(0.9) WITHIN GROUP (ORDER BY next - at) FILTER (WHERE next >= at)
    FROM steps GROUP BY position
"""
_STANDING = """
    SELECT stage_id, count(*), %s - percentile_disc(0.5) WITHIN GROUP (ORDER BY moved_at), %s - min(moved_at)
    FROM talentpool_pipelineentry entry
    JOIN talentpool_candidate person ON person.id = entry.candidate_id AND person.merged_into_id IS NULL
    WHERE pipeline_id = %s GROUP BY stage_id
"""


class What(TextChoices):
    ENTERED = "entered", "entered"
    FURTHER = "further", "went further from"


@dataclass(frozen=True)
class StageFigures:
    stage: Stage
    entered: int
    further: int
    median: timedelta | None  # from entering it to the next stage
    slowest: timedelta | None  # nine of ten were as quick or quicker
    standing: int
    age: timedelta | None  # the middle one of those who stand there
    oldest: timedelta | None

    @property
    def share(self) -> int | None:
        """Of a hundred who entered it."""
        return round(100 * self.further / self.entered) if self.entered else None


def figures_of(pipeline: Pipeline, *, since: datetime, now: datetime) -> list[StageFigures]:
    """By stage, of what happened since then; who stands there is told as of now. Three queries."""
    steps = {row[0]: row[1:] for row in _rows(_STEPS, [pipeline.pk, since])}
    standing = {row[0]: row[1:] for row in _rows(_STANDING, [now, now, pipeline.pk])}
    return [
        StageFigures(stage, *steps.get(stage.position, (0, 0, None, None)), *standing.get(stage.pk, (0, None, None)))
        for stage in pipeline.stages.order_by("position")
    ]


def people_behind(stage: Stage, what: What, *, since: datetime) -> QuerySet[Candidate]:
    """Whom a number counts."""
    visits = StageVisit.objects.filter(pipeline=stage.pipeline_id, entered_at__gte=since)
    people: QuerySet[Candidate] = Candidate.objects.filter(pk__in=visits.filter(stage=stage).values("candidate"))
    if what == What.FURTHER:
        later = visits.filter(stage__position__gt=stage.position)
        people = people.filter(pk__in=later.values("candidate"))
    return people.order_by("pk")


@dataclass(frozen=True)
class PipelineFigures:
    """A pipeline as a whole: from entering it to its last stage."""

    pipeline: Pipeline
    entered: int
    arrived: int
    median: timedelta | None
    standing: int

    @property
    def share(self) -> int | None:
        return round(100 * self.arrived / self.entered) if self.entered else None


_WHOLE = """
    WITH ends AS (
        SELECT DISTINCT ON (pipeline_id) pipeline_id, id FROM talentpool_stage ORDER BY pipeline_id, position DESC
    ), ways AS (
        SELECT v.pipeline_id, min(v.entered_at) AS at, min(v.entered_at) FILTER (WHERE v.stage_id = ends.id) AS arrived
        FROM talentpool_stagevisit v JOIN ends ON ends.pipeline_id = v.pipeline_id
        WHERE v.entered_at >= %s AND v.pipeline_id = ANY(%s) GROUP BY v.pipeline_id, v.candidate_id
    )
    SELECT pipeline_id, count(*), count(arrived),
           percentile_disc(0.5) WITHIN GROUP (ORDER BY arrived - at) FILTER (WHERE arrived IS NOT NULL)
    FROM ways GROUP BY pipeline_id
"""


def figures_of_all(pipelines: Sequence[Pipeline], *, since: datetime) -> list[PipelineFigures]:
    """Two queries for any number of them."""
    ids = [pipeline.pk for pipeline in pipelines]
    whole = {row[0]: row[1:] for row in _rows(_WHOLE, [since, ids])}
    entries = PipelineEntry.objects.shown().filter(pipeline__in=ids).order_by().values_list("pipeline_id")
    standing = dict(entries.annotate(number=Count("pk")))
    return [_whole(each, whole.get(each.pk, (0, 0, None)), standing.get(each.pk, 0)) for each in pipelines]


def _whole(pipeline: Pipeline, told: tuple[Any, ...], standing: int) -> PipelineFigures:
    entered, arrived, median = told
    return PipelineFigures(pipeline, entered, arrived, median, standing)


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
