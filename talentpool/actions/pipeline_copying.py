"""A pipeline made after another, and one taken up by another.

Merging loses nothing: the pipeline that was merged is put away with its people as they stood, and can be taken out.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.pipelines import (
    StagePlan,
    add_to_pipeline,
    archive_pipeline,
    create_pipeline,
    move_entries,
    set_stages,
)
from talentpool.models import Pipeline, PipelineComment, PipelineEntry, Stage


@transaction.atomic
def copy_pipeline(pipeline: Pipeline, *, name: str, with_people: bool, by: Member) -> Pipeline:
    """Its stages with what they ask for; with people, everybody at the stage where they stand."""
    stages = list(pipeline.stages.order_by("position"))
    names = [stage.name for stage in stages]
    copy = create_pipeline(name=name, need=pipeline.need, job_title=pipeline.job_title, stages=names, by=by)
    made = list(copy.stages.order_by("position"))
    plans = [StagePlan(new.pk, old.name, old.rules, old.most) for old, new in zip(stages, made, strict=True)]
    set_stages(copy, plans, by=by)
    if with_people:
        for old, new in zip(stages, made, strict=True):
            people = PipelineEntry.objects.shown().filter(stage=old).values_list("candidate_id", flat=True)
            add_to_pipeline(copy, people, stage=new, by=by, because=f"Copied from “{pipeline.name}”.")
    record("pipeline.copied", pipeline, by=by, copy_id=copy.pk, name=name, with_people=with_people)
    return copy


@dataclass(frozen=True)
class Merging:
    """What merging does, or did."""

    added: int  # people who are new in the other pipeline
    further: int  # in both, and further here: they go on there
    staying: int  # in both, and as far there already


def forecast_merge(pipeline: Pipeline, into: Pipeline, stages: Mapping[int, Stage]) -> Merging:
    """`stages`: by id of a stage here, where its people go there."""
    there = dict(PipelineEntry.objects.shown().filter(pipeline=into).values_list("candidate_id", "stage__position"))
    here = PipelineEntry.objects.shown().filter(pipeline=pipeline).values_list("candidate_id", "stage_id")
    both = [stages[stage_id].position > there[pk] for pk, stage_id in here if pk in there]
    return Merging(len(here) - len(both), sum(both), len(both) - sum(both))


@transaction.atomic
def merge_pipelines(pipeline: Pipeline, into: Pipeline, stages: Mapping[int, Stage], *, by: Member) -> Merging:
    """Everybody of the one into the other, who is in both at the further stage; the one is put away as it was."""
    _check(pipeline, into, stages)
    done, because = forecast_merge(pipeline, into, stages), f"Merged from “{pipeline.name}”."
    for stage in pipeline.stages.order_by("-position"):
        target = stages[stage.pk]
        people = list(PipelineEntry.objects.shown().filter(stage=stage).values_list("candidate_id", flat=True))
        behind = PipelineEntry.objects.shown().filter(pipeline=into, candidate__in=people)
        behind = behind.filter(stage__position__lt=target.position)
        move_entries(into, behind.values_list("pk", flat=True), target, by=by, because=because)
        add_to_pipeline(into, people, stage=target, by=by, because=because)
    _take_along(pipeline, into)
    archive_pipeline(pipeline, by=by)
    pipeline.guests.filter(revoked_at=None).update(revoked_at=timezone.now())
    record("pipeline.merged", pipeline, by=by, into_id=into.pk, into=into.name, numbers=asdict(done))
    return done


def _check(pipeline: Pipeline, into: Pipeline, stages: Mapping[int, Stage]) -> None:
    if pipeline.pk == into.pk:
        raise ValidationError("A pipeline can't be merged into itself.")
    if into.archived_at or pipeline.archived_at:
        raise ValidationError("One of them is put away. Take it out again first.")
    known = set(pipeline.stages.values_list("pk", flat=True))
    if set(stages) != known or any(stage.pipeline_id != into.pk for stage in stages.values()):
        raise ValidationError("Say of every stage where its people go.")


def _take_along(pipeline: Pipeline, into: Pipeline) -> None:
    """What was said of people goes with them, and who looks after them where nobody does there."""
    comments = PipelineComment.objects.filter(pipeline=pipeline).order_by("pk")
    for comment in (taken := list(comments)):
        comment.pk, comment.pipeline = None, into
    PipelineComment.objects.bulk_create(taken, batch_size=1000)
    kept = PipelineEntry.objects.shown().filter(pipeline=pipeline, owner__isnull=False)
    free = {
        entry.candidate_id: entry
        for entry in PipelineEntry.objects.shown().filter(pipeline=into, owner=None, due_on=None)
    }
    changed = []
    for entry in kept:
        if other := free.get(entry.candidate_id):
            other.owner_id, other.due_on = entry.owner_id, entry.due_on
            changed.append(other)
    PipelineEntry.objects.bulk_update(changed, ["owner", "due_on"], batch_size=1000)
