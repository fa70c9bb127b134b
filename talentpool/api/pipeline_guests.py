"""With whom a pipeline is shared: people outside, each by a link of her own."""

from datetime import datetime
from typing import Literal

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.pipeline_guests import revoke_guest, share_pipeline
from talentpool.api.words import Id, Line
from talentpool.models import Pipeline, PipelineGuest

router = Router()


class GuestOut(Schema):
    id: int
    name: str
    email: str
    sees_files: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    seen_at: datetime | None = Field(description="When she was last there.")


class GuestIn(Schema):
    name: Line = Field(min_length=1, max_length=200)
    email: str = Field(
        max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$", description="The link goes there."
    )
    days: Literal[14, 30, 90] = 30
    sees_files: bool = False


@router.get("/{pipeline_id}/guests", response=Page[GuestOut], summary="List with whom a pipeline is shared")
@needs(Scope.READ_PIPELINES, Permission.EDIT_PIPELINES)
def guest_list(request: TokenRequest, pipeline_id: Id, asked: Query[PageQuery]) -> dict[str, object]:
    pipeline = get_object_or_404(Pipeline, pk=pipeline_id)
    found, cursor = page_by_id(PipelineGuest.objects.filter(pipeline=pipeline), asked)
    return {"items": found, "next_cursor": cursor}


@router.post("/{pipeline_id}/guests", response={201: GuestOut}, summary="Share a pipeline with somebody outside")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def guest_add(request: TokenRequest, pipeline_id: Id, payload: GuestIn) -> Status[PipelineGuest]:
    pipeline = get_object_or_404(Pipeline, pk=pipeline_id)
    return Status(201, share_pipeline(pipeline, **payload.dict(), by=request.member))


@router.delete("/{pipeline_id}/guests/{guest_id}", response=GuestOut, summary="End somebody's link")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def guest_end(request: TokenRequest, pipeline_id: Id, guest_id: Id) -> PipelineGuest:
    guest = get_object_or_404(PipelineGuest.objects.select_related("pipeline"), pipeline=pipeline_id, pk=guest_id)
    revoke_guest(guest, by=request.member)
    return PipelineGuest.objects.get(pk=guest.pk)
