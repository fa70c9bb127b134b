"""The list of pipelines: for open jobs, for future needs, put away; each with the people at its stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, Prefetch, Q, TextChoices

from crm.models import Member
from talentpool.models import Pipeline, Stage
from talentpool.models.pipeline import PipelineQuerySet

LINES = 60


class Group(TextChoices):
    CURRENT = "", "All in use"
    JOBS = "jobs", "Open jobs"
    NEEDS = "needs", "Future needs"
    ARCHIVED = "archived", "Put away"


_HOLDS = {
    Group.CURRENT: Q(archived_at=None),
    Group.JOBS: Q(archived_at=None, job__is_open=True),
    Group.NEEDS: Q(archived_at=None) & (Q(job=None) | Q(job__is_open=False)),
    Group.ARCHIVED: Q(archived_at__isnull=False),
}


@dataclass(frozen=True)
class Wanted:
    """Which pipelines are asked for; the first page is 1."""

    group: Group = Group.CURRENT
    owner: Member | None = None
    name: str = ""
    page: int = 1

    @property
    def found(self) -> PipelineQuerySet:
        """Of every group, the others of what was asked."""
        found: PipelineQuerySet = Pipeline.objects.all()
        for word in self.name.split():
            found = found.filter(Q(name__icontains=word) | Q(job_title__icontains=word))
        return found.filter(owner=self.owner) if self.owner else found

    @property
    def held(self) -> PipelineQuerySet:
        return self.found.filter(_HOLDS[self.group])


@dataclass(frozen=True)
class PipelineLine:
    pipeline: Pipeline
    stages: Sequence[Stage]  # each with its `number` of people
    last_move: datetime | None

    @property
    def number(self) -> int:
        return sum(stage.number for stage in self.stages)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class PipelinesPage:
    lines: Sequence[PipelineLine]
    numbers: Mapping[Group, int] = field(default_factory=dict)  # of each group
    next_page: int | None = None


def pipelines_page(wanted: Wanted) -> PipelinesPage:
    """By name, with the people at each stage; three queries for any number of pipelines."""
    counts = wanted.found.aggregate(**{each.name: Count("pk", filter=_HOLDS[each]) for each in Group})
    first = (wanted.page - 1) * LINES
    lines = _lines(wanted.held, first)
    numbers = {each: counts[each.name] for each in Group}
    more = numbers[wanted.group] > first + LINES
    return PipelinesPage(lines, numbers, wanted.page + 1 if more else None)


def _lines(found: PipelineQuerySet, first: int) -> list[PipelineLine]:
    number = Count("entries", filter=Q(entries__candidate__merged_into=None))
    stages = Prefetch("stages", Stage.objects.annotate(number=number).order_by("position"))
    lines = found.annotate(last_move=Max("entries__moved_at")).select_related("owner", "job__family")
    return [
        PipelineLine(each, list(each.stages.all()), each.last_move)  # type: ignore[attr-defined] # annotated
        for each in lines.order_by("name", "pk").prefetch_related(stages)[first : first + LINES]
    ]
