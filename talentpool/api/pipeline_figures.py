"""How people go through a pipeline; copies and mergers of pipelines."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from talentpool.actions.pipeline_copying import copy_pipeline, merge_pipelines
from talentpool.api.words import Id, Line
from talentpool.forms.pipeline_figures import BEGINNING
from talentpool.models import Pipeline, Stage
from talentpool.queries.pipeline_figures import StageFigures, figures_of

router = Router()


class FiguresOut(Schema):
    stage_id: int = Field(alias="stage.pk")
    stage: str = Field(alias="stage.name")
    entered: int
    further: int = Field(description="Of them, who was at a later stage.")
    median: timedelta | None = Field(description="From entering it to the next stage.")
    slowest: timedelta | None = Field(description="Nine of ten were as quick or quicker.")
    standing: int
    age: timedelta | None = Field(description="How long the middle one of those has stood there.")
    oldest: timedelta | None


class FiguresQuery(Schema):
    days: int | None = Field(None, ge=1, le=3_650, description="Of so many days; none: of all time.")


class CopyIn(Schema):
    name: Line = Field(min_length=1, max_length=200)
    with_people: bool = False


class CopyOut(Schema):
    id: int
    name: str


class MergeIn(Schema):
    into_id: Id
    stages: dict[Id, Id] = Field(max_length=100, description="By id of each stage here, where its people go there.")


class MergeOut(Schema):
    added: int = Field(description="People who are new in the other pipeline.")
    further: int = Field(description="Who is in both and went further.")
    staying: int = Field(description="Who is in both and was as far there already.")


@router.get("/{pipeline_id}/figures", response=list[FiguresOut], summary="Read how people go through a pipeline")
@needs(Scope.READ_PIPELINES, Permission.VIEW_PIPELINES)
def figures(request: TokenRequest, pipeline_id: Id, asked: Query[FiguresQuery]) -> list[StageFigures]:
    pipeline, now = get_object_or_404(Pipeline, pk=pipeline_id), timezone.now()
    return figures_of(pipeline, since=now - timedelta(days=asked.days) if asked.days else BEGINNING, now=now)


@router.post("/{pipeline_id}/copy", response={201: CopyOut}, summary="Copy a pipeline")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def pipeline_copy(request: TokenRequest, pipeline_id: Id, payload: CopyIn) -> Status[Pipeline]:
    pipeline = get_object_or_404(Pipeline, pk=pipeline_id)
    return Status(201, copy_pipeline(pipeline, **payload.dict(), by=request.member))


@router.post("/{pipeline_id}/merge", response=MergeOut, summary="Merge a pipeline into another")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def pipeline_merge(request: TokenRequest, pipeline_id: Id, payload: MergeIn) -> object:
    pipeline = get_object_or_404(Pipeline, pk=pipeline_id)
    into = Pipeline.objects.filter(pk=payload.into_id).first()
    if into is None:
        raise ValidationError({"into_id": "There is no such pipeline."})
    known = Stage.objects.in_bulk(list(payload.stages.values()))
    stages = {pk: known[to] for pk, to in payload.stages.items() if to in known}
    return merge_pipelines(pipeline, into, stages, by=request.member)
