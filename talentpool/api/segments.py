"""Segments: list them, look into one, who is in it; save one, remove one."""

from datetime import date, datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from ninja import Field, Query, Router, Schema, Status

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.segments import delete_segment, save_search
from talentpool.api.words import Id, Line
from talentpool.api.words import Query as QueryText
from talentpool.models import Segment, SegmentDay, Sharing
from talentpool.queries.segments import may_change, members_of, segment_for, segments_for
from talentpool.search.facets import FACETS
from talentpool.search.find import QueryError, SearchRequest, question_of

router = Router()
Values = Annotated[list[Line], Field(max_length=50)]


class SegmentOut(Schema):
    id: int
    name: str
    q: str = Field(alias="text")
    facets: dict[str, list[str]]
    exactly: bool = Field(description="As typed, without other names of the same thing.")
    less: list[str] = Field(description="Other names to do without.")
    sharing: Sharing
    ready_made: str = Field(description="What a ready-made segment stands for, such as family:12; empty for others.")
    size: int
    counted_at: datetime | None = Field(description="Of the last full count; null until the first has ended.")
    created_at: datetime


class DayOut(Schema):
    day: date
    size: int
    joined: int
    left: int
    is_new_query: bool


class SegmentWithDays(SegmentOut):
    days: list[DayOut] = Field(description="The last 90 days on which anybody joined or left, newest first.")


class MemberOut(Schema):
    candidate_id: int
    name: str = Field(alias="candidate.name")
    joined_at: datetime


class SegmentIn(Schema):
    name: Line = Field(min_length=1, max_length=120)
    q: QueryText = ""
    facets: dict[str, Values] = Field(
        default={}, max_length=len(FACETS), description='Chosen values by facet, such as {"skill": ["icu"]}.'
    )
    exactly: bool = False
    less: Values = []
    sharing: Sharing = Sharing.TEAM


class MembersQuery(Schema):
    cursor: str = Field("", description="The `next_cursor` of the page before.", max_length=60)
    limit: int = Field(50, ge=1, le=100)


@router.get("", response=Page[SegmentOut], summary="List segments")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def segment_list(request: TokenRequest, asked: Query[PageQuery]) -> dict[str, object]:
    seen = [segment.pk for segment in segments_for(request.member)]
    found, cursor = page_by_id(Segment.objects.filter(pk__in=seen), asked)
    return {"items": found, "next_cursor": cursor}


@router.post("", response={201: SegmentOut}, summary="Save a search as a segment")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def segment_create(request: TokenRequest, payload: SegmentIn) -> Status[Segment]:
    """Who is in it is counted in the background; until then `counted_at` is null."""
    if unknown := sorted(payload.facets.keys() - FACETS.keys()):
        raise ValidationError({"facets": f"There is no facet “{unknown[0][:40]}”. The facets are {', '.join(FACETS)}."})
    facets = {name: values for name, values in payload.facets.items() if values}
    try:
        question_of(SearchRequest(payload.q, facets={name: tuple(values) for name, values in facets.items()}))
    except QueryError as error:
        raise ValidationError({"q": str(error.message)}) from error
    if Segment.objects.named(payload.name, by=request.member).exists():
        raise ValidationError({"name": "A segment of that name is there already."})
    search: dict[str, Any] = {"text": payload.q, "facets": facets, "exactly": payload.exactly, "less": payload.less}
    sharing = Sharing.PRIVATE if payload.sharing == Sharing.CHOSEN else payload.sharing
    return Status(201, save_search(payload.name, **search, sharing=sharing, by=request.member))


@router.get("/{segment_id}", response=SegmentWithDays, summary="Read a segment")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def segment_read(request: TokenRequest, segment_id: Id) -> dict[str, Any]:
    segment = _found(request, segment_id)
    told = {name: getattr(segment, name) for name in (*SegmentOut.model_fields, "text") if name != "q"}
    return {**told, "days": list(SegmentDay.objects.filter(segment=segment).order_by("-day")[:90])}


@router.get("/{segment_id}/members", response=Page[MemberOut], summary="List who is in a segment")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def segment_members(request: TokenRequest, segment_id: Id, asked: Query[MembersQuery]) -> dict[str, object]:
    """Who joined last comes first."""
    page = members_of(_found(request, segment_id), cursor=asked.cursor, limit=asked.limit)
    return {"items": page.rows, "next_cursor": page.next_cursor or None}


@router.delete("/{segment_id}", response={204: None}, summary="Remove a segment")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def segment_remove(request: TokenRequest, segment_id: Id) -> Status[None]:
    """Its people stay in the pool. A ready-made one is hidden. One that a campaign is written to stays: 422."""
    segment = _found(request, segment_id)
    if not may_change(segment, request.member):
        raise ValidationError("Only who made this segment may remove it.")
    delete_segment(segment, by=request.member)
    return Status(204, None)


def _found(request: TokenRequest, segment_id: int) -> Segment:
    segment = segment_for(request.member, segment_id)
    if segment is None:
        raise Http404
    return segment
