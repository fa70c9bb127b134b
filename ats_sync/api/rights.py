"""Who is right where the ATS and somebody here have both changed a fact, and the facts that wait for an answer."""

from datetime import datetime
from typing import Literal

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from ats_sync.actions.rights import change_rights, settle_conflict
from ats_sync.models import Conflict, ConflictState, Connection
from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.api.rules import Group
from talentpool.api.words import Id

router = Router()
Right = Literal["theirs", "ours", "newest", "ask"]


class ConflictOut(Schema):
    id: int
    connection_id: int
    candidate_id: int
    field: str
    state: str = Field(description="open, ours, theirs, or over: both say the same again")
    found_at: datetime
    settled_at: datetime | None


class SideIn(Schema):
    side: Literal["ours", "theirs"] = Field(
        description="ours keeps what was said here, theirs takes what the ATS says."
    )


class RightsIn(Schema):
    groups: dict[Group, Right] = Field(
        description="By group of fields. Of one that is left out an edit here holds, then the organisation’s rules."
    )


class RightsOut(RightsIn):
    pass


@router.get("/connections/{connection_id}/rights", response=RightsOut, summary="Read who is right")
@needs(Scope.READ_ATS, Permission.VIEW_ATS)
def rights_read(request: TokenRequest, connection_id: Id) -> dict[str, object]:
    """Where both sides changed a fact about a person."""
    return _rights(connection_id)


@router.put("/connections/{connection_id}/rights", response=RightsOut, summary="Say who is right")
@needs(Scope.SETTINGS, Permission.MANAGE_ATS)
def rights_change(request: TokenRequest, connection_id: Id, wish: RightsIn) -> dict[str, object]:
    """All of them; what isn’t named is as usual. Everybody of the ATS is worked out anew in the background."""
    rights = {str(group): str(right) for group, right in wish.groups.items()}
    change_rights(get_object_or_404(Connection, pk=connection_id), rights, by=request.member)
    return _rights(connection_id)


@router.get("/conflicts", response=Page[ConflictOut], summary="List facts that both sides changed")
@needs(Scope.READ_ATS, Permission.VIEW_ATS)
def conflict_list(
    request: TokenRequest,
    asked: Query[PageQuery],
    connection_id: Id | None = None,
    state: Literal["", "open", "ours", "theirs", "over"] = "open",
) -> dict[str, object]:
    rows = Conflict.objects.filter(candidate__erased_at=None).order_by()
    rows = rows.filter(connection=connection_id) if connection_id else rows
    found, cursor = page_by_id(rows.filter(state=state) if state else rows, asked)
    return {"items": found, "next_cursor": cursor}


@router.post("/conflicts/{conflict_id}/settle", response=ConflictOut, summary="Say which side is right")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def conflict_settle(request: TokenRequest, conflict_id: Id, wish: SideIn) -> Conflict:
    conflict = get_object_or_404(Conflict.objects.select_related("connection", "candidate"), pk=conflict_id)
    settle_conflict(conflict, ConflictState(wish.side), by=request.member)
    return get_object_or_404(Conflict, pk=conflict_id)


def _rights(connection_id: int) -> dict[str, object]:
    found = get_object_or_404(Connection.objects.select_related("source"), pk=connection_id)
    return {"groups": found.source.conflicts}
