"""People of a pipeline: list them, add them, move them, say who looks after them, comment on them."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from crm.models import Member
from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.pipeline_entries import change_entry, comment_on
from talentpool.actions.pipelines import add_to_pipeline, move_entry
from talentpool.api.words import Id, Line, NoteText
from talentpool.models import Candidate, EntryRule, Pipeline, PipelineComment, PipelineEntry, Stage
from talentpool.queries.entry_rules import left_out
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
    owner_id: int | None = Field(description="Who looks after the person; none: the pipeline's owner.")
    due_on: date | None
    version: int = Field(description="Send it when you move the person; somebody else's move makes it old.")


class AddIn(Schema):
    candidate_ids: list[Id] = Field(min_length=1, max_length=MOST_ADDED)
    stage_id: Id | None = Field(None, description="The first stage, unless you say another.")
    because: Line = Field("", description="A reason to let everybody in, whatever the stage's rules say. It is kept.")


class HeldBackOut(Schema):
    candidate_id: int
    lacks: list[EntryRule] = Field(description="What the stage asks for and they lack; empty: there is no room.")


class AddedOut(Schema):
    added: list[int] = Field(description="Who was not in the pipeline before; the others stay where they are.")
    unknown: list[int] = Field(description="Ids of nobody in this organisation's pool.")
    held_back: list[HeldBackOut] = Field(description="Who may not enter the stage.")


class MoveIn(Schema):
    stage_id: Id
    version: Id = Field(
        description="The version you saw; if the person was moved since, nothing happens and a 422 says so."
    )
    because: Line = Field("", description="A reason to move them whatever the stage's rules say. It is kept.")


class EntryChange(Schema):
    """What is left out stays."""

    owner_id: Id | None = None
    due_on: date | None = None


class CommentIn(Schema):
    text: NoteText


class CommentOut(Schema):
    id: int
    text: str
    thumb: str = Field(description="Whether a guest would meet the person: “up”, “down” or nothing.")
    by_id: int | None
    guest_id: int | None = Field(description="Of somebody the pipeline is shared with.")
    at: datetime


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
    added = add_to_pipeline(pipeline, known, stage=stage, by=request.member, because=payload.because)
    out = left_out(stage or pipeline.stages.all()[0], known)
    return AddedOut(
        added=sorted(added),
        unknown=sorted(pk for pk in wanted if leads_to.get(pk) not in known),
        held_back=[HeldBackOut(candidate_id=each.candidate_id, lacks=list(each.lacks)) for each in out],
    )


@router.post("/{pipeline_id}/entries/{entry_id}/move", response=EntryOut, summary="Move a person to another stage")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def entry_move(request: TokenRequest, pipeline_id: Id, entry_id: Id, payload: MoveIn) -> PipelineEntry:
    entries = PipelineEntry.objects.select_related("stage", "pipeline", "candidate")
    entry = get_object_or_404(entries, pipeline_id=pipeline_id, pk=entry_id)
    stage = get_object_or_404(Stage, pipeline_id=pipeline_id, pk=payload.stage_id)
    return move_entry(entry, stage, version=payload.version, by=request.member, because=payload.because)


@router.patch(
    "/{pipeline_id}/entries/{entry_id}", response=EntryOut, summary="Say who looks after a person, until when"
)
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def entry_change(request: TokenRequest, pipeline_id: Id, entry_id: Id, payload: EntryChange) -> PipelineEntry:
    entry = _entry(pipeline_id, entry_id)
    given = payload.dict(exclude_unset=True)
    owner = entry.owner
    if "owner_id" in given:
        owner = Member.objects.filter(pk=given["owner_id"] or 0, removed_at=None).first()
        if given["owner_id"] and owner is None:
            raise ValidationError({"owner_id": "There is no such member."})
    change_entry(entry, owner=owner, due_on=given.get("due_on", entry.due_on), by=request.member)
    return entry


@router.get(
    "/{pipeline_id}/entries/{entry_id}/comments", response=Page[CommentOut], summary="List what was said of a person"
)
@needs(Scope.READ_PIPELINES, Permission.VIEW_PIPELINES)
def comment_list(request: TokenRequest, pipeline_id: Id, entry_id: Id, asked: Query[PageQuery]) -> dict[str, object]:
    entry = _entry(pipeline_id, entry_id)
    said = PipelineComment.objects.filter(pipeline=pipeline_id, candidate=entry.candidate_id)
    found, cursor = page_by_id(said, asked)
    return {"items": found, "next_cursor": cursor}


@router.post(
    "/{pipeline_id}/entries/{entry_id}/comments", response={201: CommentOut}, summary="Comment on a person in it"
)
@needs(Scope.WRITE_PIPELINES, Permission.VIEW_PIPELINES)
def comment_add(request: TokenRequest, pipeline_id: Id, entry_id: Id, payload: CommentIn) -> Status[PipelineComment]:
    entry = _entry(pipeline_id, entry_id)
    return Status(201, comment_on(entry.pipeline, entry.candidate, payload.text, by=request.member))


def _entry(pipeline_id: int, entry_id: int) -> PipelineEntry:
    entries = PipelineEntry.objects.shown().select_related("owner", "pipeline", "candidate")
    entry: PipelineEntry = get_object_or_404(entries, pipeline_id=pipeline_id, pk=entry_id)
    return entry
