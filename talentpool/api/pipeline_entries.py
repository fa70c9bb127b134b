"""People of a pipeline: list them, add them, move them."""

from datetime import datetime

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.pipelines import add_to_pipeline, move_entry
from talentpool.api.words import Id
from talentpool.models import Candidate, Pipeline, PipelineEntry, Stage
from talentpool.queries.merges import survivors_of

router = Router()
MOST_ADDED = 1_000


class EntryOut(Schema):
    id: int
    candidate_id: int
    name: str = Field(alias="candidate.name")
    stage_id: int
    added_at: datetime
    moved_at: datetime
    version: int = Field(description="Send it when you move the person; somebody else's move makes it old.")


class AddIn(Schema):
    candidate_ids: list[Id] = Field(min_length=1, max_length=MOST_ADDED)
    stage_id: Id | None = Field(None, description="The first stage, unless you say another.")


class AddedOut(Schema):
    added: list[int] = Field(description="Who was not in the pipeline before; the others stay where they are.")
    unknown: list[int] = Field(description="Ids of nobody in this organisation's pool.")


class MoveIn(Schema):
    stage_id: Id
    version: Id = Field(
        description="The version you saw; if the person was moved since, nothing happens and a 422 says so."
    )


class EntryQuery(PageQuery):
    stage_id: Id | None = None


@router.get("/{pipeline_id}/entries", response=Page[EntryOut], summary="List the people of a pipeline")
@needs(Scope.READ_PIPELINES, Permission.VIEW_PIPELINES)
def entry_list(request: TokenRequest, pipeline_id: Id, asked: Query[EntryQuery]) -> dict[str, object]:
    pipeline = get_object_or_404(Pipeline, pk=pipeline_id)
    entries = PipelineEntry.objects.shown().filter(pipeline=pipeline).select_related("candidate")
    if asked.stage_id is not None:
        entries = entries.filter(stage_id=asked.stage_id)
    found, cursor = page_by_id(entries, asked)
    return {"items": found, "next_cursor": cursor}


@router.post("/{pipeline_id}/entries", response={200: AddedOut}, summary="Add people to a pipeline")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def entry_add(request: TokenRequest, pipeline_id: Id, payload: AddIn) -> AddedOut:
    pipeline = get_object_or_404(Pipeline, pk=pipeline_id)
    stage = get_object_or_404(Stage, pipeline=pipeline, pk=payload.stage_id) if payload.stage_id else None
    wanted = set(payload.candidate_ids)
    leads_to = survivors_of(wanted)
    known = set(Candidate.objects.present().filter(pk__in=leads_to.values()).values_list("pk", flat=True))
    added = add_to_pipeline(pipeline, known, stage=stage, by=request.member)
    return AddedOut(added=sorted(added), unknown=sorted(pk for pk in wanted if leads_to.get(pk) not in known))


@router.post("/{pipeline_id}/entries/{entry_id}/move", response=EntryOut, summary="Move a person to another stage")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def entry_move(request: TokenRequest, pipeline_id: Id, entry_id: Id, payload: MoveIn) -> PipelineEntry:
    entries = PipelineEntry.objects.select_related("stage", "pipeline", "candidate")
    entry = get_object_or_404(entries, pipeline_id=pipeline_id, pk=entry_id)
    stage = get_object_or_404(Stage, pipeline_id=pipeline_id, pk=payload.stage_id)
    return move_entry(entry, stage, version=payload.version, by=request.member)
