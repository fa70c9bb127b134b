"""Pipelines: list, make, change, put away; their stages, and what each open job begins with."""

from datetime import datetime
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from crm.models import Member
from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.job_pipelines import change_pipeline_setting
from talentpool.actions.pipelines import (
    MOST_STAGES,
    StagePlan,
    archive_pipeline,
    change_pipeline,
    create_pipeline,
    restore_pipeline,
    set_stages,
)
from talentpool.api.words import Id, Line, Prose
from talentpool.models import EntryRule, Job, Pipeline, PipelineSetting, Stage
from talentpool.queries.job_pipelines import pipeline_setting
from talentpool.queries.pipeline_list import Group, Wanted

router = Router()


class StageOut(Schema):
    id: int
    name: str
    people: int
    rules: list[EntryRule] = Field(description="What must hold of a person who enters it.")
    most: int | None = Field(description="So many people at most.")


class PipelineOut(Schema):
    id: int
    name: str
    need: str
    job_title: str
    job_id: int | None
    owner_id: int
    follows_job: bool = Field(description="It is put away when its job closes, and back when it opens again.")
    archived_at: datetime | None
    stages: list[StageOut]


class PipelineQuery(PageQuery):
    group: Literal["", "jobs", "needs", "archived"] | None = Field(
        None, description="“jobs”: for open jobs; “needs”: for future needs; empty: both of them; none: every pipeline."
    )
    owner_id: Id | None = None
    job_id: Id | None = None


class PipelineIn(Schema):
    name: Line = Field(min_length=1, max_length=200)
    need: Prose = ""
    job_title: Line = ""
    owner_id: Id | None = Field(None, description="The token's member, unless you say another.")
    job_id: Id | None = None
    stages: list[Line] | None = Field(None, max_length=MOST_STAGES, description="None: those that jobs begin with.")


class PipelineChange(Schema):
    """What is left out stays."""

    name: Line | None = Field(None, min_length=1, max_length=200)
    need: Prose | None = None
    job_title: Line | None = None
    owner_id: Id | None = None
    follows_job: bool | None = None


class StageIn(Schema):
    id: Id | None = Field(None, description="None for a new one.")
    name: Line = Field(min_length=1, max_length=80)
    rules: list[EntryRule] | None = Field(None, max_length=len(EntryRule), description="None: they and `most` stay.")
    most: int | None = Field(None, ge=1, le=100_000)


class StagesIn(Schema):
    stages: list[StageIn] = Field(
        min_length=1,
        max_length=MOST_STAGES,
        description="All of them in their order. One that is left out must be empty.",
    )


class SettingOut(Schema):
    for_jobs: bool = Field(description="Each open job has a pipeline by itself.")
    stages: list[str] = Field(alias="stage_names")


class SettingIn(Schema):
    for_jobs: bool
    stages: list[Line] = Field(min_length=1, max_length=MOST_STAGES)


@router.get("", response=Page[PipelineOut], summary="List pipelines")
@needs(Scope.READ_PIPELINES, Permission.VIEW_PIPELINES)
def pipeline_list(request: TokenRequest, asked: Query[PipelineQuery]) -> Page[PipelineOut]:
    pipelines = Pipeline.objects.all() if asked.group is None else Wanted(Group(asked.group)).held
    pipelines = pipelines.filter(owner=asked.owner_id) if asked.owner_id else pipelines
    found, cursor = page_by_id(pipelines.filter(job=asked.job_id) if asked.job_id else pipelines, asked)
    stages = _stages_with_people([pipeline.pk for pipeline in found])
    return Page(items=[_pipeline(pipeline, stages) for pipeline in found], next_cursor=cursor)


@router.post("", response={201: PipelineOut}, summary="Make a pipeline")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def pipeline_create(request: TokenRequest, payload: PipelineIn) -> Status[PipelineOut]:
    given = payload.dict(exclude={"owner_id", "job_id", "stages"})
    job = Job.objects.filter(pk=payload.job_id).first() if payload.job_id else None
    if payload.job_id and job is None:
        raise ValidationError({"job_id": "There is no such job."})
    stages = pipeline_setting().stage_names if payload.stages is None else payload.stages
    made = create_pipeline(**given, job=job, owner=_owner(payload.owner_id), stages=stages, by=request.member)
    return Status(201, _read(made))


@router.get("/setting", response=SettingOut, summary="Read what each open job begins with")
@needs(Scope.READ_PIPELINES, Permission.VIEW_PIPELINES)
def setting_read(request: TokenRequest) -> PipelineSetting:
    return pipeline_setting()


@router.put("/setting", response=SettingOut, summary="Change what each open job begins with")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def setting_change(request: TokenRequest, payload: SettingIn) -> PipelineSetting:
    change_pipeline_setting(for_jobs=payload.for_jobs, stages=payload.stages, by=request.member)
    return pipeline_setting()


@router.get("/{pipeline_id}", response=PipelineOut, summary="Read a pipeline")
@needs(Scope.READ_PIPELINES, Permission.VIEW_PIPELINES)
def pipeline_read(request: TokenRequest, pipeline_id: Id) -> PipelineOut:
    return _read(get_object_or_404(Pipeline, pk=pipeline_id))


@router.patch("/{pipeline_id}", response=PipelineOut, summary="Change a pipeline")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def pipeline_change(request: TokenRequest, pipeline_id: Id, payload: PipelineChange) -> PipelineOut:
    pipeline = get_object_or_404(Pipeline.objects.select_related("owner"), pk=pipeline_id)
    given: dict[str, Any] = {name: value for name, value in payload.dict().items() if value is not None}
    if owner := _owner(given.pop("owner_id", None)):
        given["owner"] = owner
    change_pipeline(pipeline, **given, by=request.member)
    return _read(pipeline)


@router.put("/{pipeline_id}/stages", response=PipelineOut, summary="Change a pipeline's stages")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def stages_change(request: TokenRequest, pipeline_id: Id, payload: StagesIn) -> PipelineOut:
    pipeline = get_object_or_404(Pipeline, pk=pipeline_id)
    set_stages(pipeline, [_plan(stage) for stage in payload.stages], by=request.member)
    return _read(pipeline)


@router.post("/{pipeline_id}/archive", response=PipelineOut, summary="Put a pipeline away")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def pipeline_archive(request: TokenRequest, pipeline_id: Id) -> PipelineOut:
    archive_pipeline(get_object_or_404(Pipeline, pk=pipeline_id), by=request.member)
    return _read(Pipeline.objects.get(pk=pipeline_id))


@router.post("/{pipeline_id}/restore", response=PipelineOut, summary="Take a pipeline out again")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def pipeline_restore(request: TokenRequest, pipeline_id: Id) -> PipelineOut:
    restore_pipeline(get_object_or_404(Pipeline, pk=pipeline_id), by=request.member)
    return _read(Pipeline.objects.get(pk=pipeline_id))


def _plan(stage: StageIn) -> StagePlan:
    rules = None if stage.rules is None else [rule.value for rule in dict.fromkeys(stage.rules)]
    return StagePlan(stage.id, stage.name, rules, stage.most)


def _owner(owner_id: int | None) -> Member | None:
    owner = Member.objects.filter(pk=owner_id, removed_at=None).first() if owner_id else None
    if owner_id and owner is None:
        raise ValidationError({"owner_id": "There is no such member."})
    return owner


def _read(pipeline: Pipeline) -> PipelineOut:
    return _pipeline(pipeline, _stages_with_people([pipeline.pk]))


def _stages_with_people(pipeline_ids: list[int]) -> list[Stage]:
    people = Count("entries", filter=Q(entries__candidate__erased_at=None, entries__candidate__merged_into=None))
    return list(Stage.objects.filter(pipeline__in=pipeline_ids).annotate(people=people).order_by("position"))


def _pipeline(pipeline: Pipeline, stages: list[Stage]) -> PipelineOut:
    return PipelineOut(
        id=pipeline.pk,
        name=pipeline.name,
        need=pipeline.need,
        job_title=pipeline.job_title,
        job_id=pipeline.job_id,
        owner_id=pipeline.owner_id,
        follows_job=pipeline.follows_job,
        archived_at=pipeline.archived_at,
        stages=[StageOut.from_orm(stage) for stage in stages if stage.pipeline_id == pipeline.pk],
    )
