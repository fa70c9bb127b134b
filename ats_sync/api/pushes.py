"""Changes that go to an ATS: asked for, looked at first with `dry_run`, listed, cancelled."""

from datetime import datetime
from typing import Literal

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from ats_sync.actions.adding import add_people
from ats_sync.actions.pushes import cancel_push, retry_push
from ats_sync.actions.sending import ask_for
from ats_sync.models import Connection, Push
from ats_sync.queries.connections import provider_known
from ats_sync.queries.forecast import forecasts
from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.api.words import Id, Line, Lines
from talentpool.models import Candidate

router = Router()
people = Router()
MOST = 200


class AddIn(Schema):
    connection_id: Id
    candidate_ids: list[Id] = Field(min_length=1, max_length=MOST)
    job: Line = Field("", description="The ATS’s id of an open job; empty makes prospects.")
    source: Line = Field("", description="The ATS’s id of a source.")
    dry_run: bool = Field(False, description="Only say what would happen.")


class ForecastOut(Schema):
    candidate_id: int
    outcome: str = Field(description="new, applies, there, waits or cannot")
    why: str
    push_id: int | None = Field(description="What is on its way; null in a dry run and where nothing happens.")


class AddOut(Schema):
    warning: str = Field(description="Where adding somebody may make the ATS write to them.")
    items: list[ForecastOut]


class PushIn(Schema):
    connection_id: Id
    candidate_id: Id
    kind: Literal["note", "file", "tag", "move", "reject"]
    note_id: Id | None = None
    file_id: Id | None = None
    is_resume: bool = False
    tags: Lines = Field(default_factory=list)
    application_id: Id | None = Field(None, description="Ours, of a move or a rejection.")
    stage: Line = Field("", description="The ATS’s id of a stage of the application’s job.")
    reason: Line = Field("", description="The ATS’s id of a reject reason.")


class PushOut(Schema):
    id: int
    connection_id: int
    candidate_id: int
    kind: str
    state: str = Field(description="queued, running, done, failed or cancelled")
    attempts: int
    error: str
    external_id: str = Field(description="What was made in the ATS.")
    created_at: datetime
    done_at: datetime | None


@people.post("/people", response=AddOut, summary="Add people to an ATS")
@needs(Scope.WRITE_ATS, Permission.PUSH_TO_ATS)
def push_people(request: TokenRequest, payload: AddIn) -> dict[str, object]:
    """Who is there already is not made again; who would be made twice by a repeated request is not either."""
    connection = get_object_or_404(Connection, pk=payload.connection_id)
    provider = provider_known(connection)
    ids = list(dict.fromkeys(payload.candidate_ids))
    if Candidate.objects.present().filter(pk__in=ids).count() < len(ids):
        get_object_or_404(Candidate.objects.none())
    pushed: dict[int, int] = {}
    if payload.dry_run:
        found = forecasts(connection, ids, payload.job)
    else:
        pushes, found = add_people(connection, ids, job=payload.job, source=payload.source, by=request.member)
        pushed = {push.candidate_id: push.pk for push in pushes}
    items = [
        {
            "candidate_id": each.person.pk,
            "outcome": each.outcome.value,
            "why": each.why,
            "push_id": pushed.get(each.person.pk),
        }
        for each in found
    ]
    return {"warning": provider.mails_people if provider else "", "items": items}


@router.post("", response={202: PushOut}, summary="Send a note, file, tags, a move or a rejection to an ATS")
@needs(Scope.WRITE_ATS, Permission.PUSH_TO_ATS)
def push_create(request: TokenRequest, payload: PushIn) -> Status[Push]:
    connection = get_object_or_404(Connection, pk=payload.connection_id)
    person = get_object_or_404(Candidate.objects.present(), pk=payload.candidate_id)
    said = payload.dict(exclude={"connection_id", "candidate_id", "kind"})
    return Status(202, ask_for(connection, person, payload.kind, said, by=request.member))


@router.get("", response=Page[PushOut], summary="List what was sent to an ATS")
@needs(Scope.READ_ATS, Permission.VIEW_ATS)
def push_list(
    request: TokenRequest,
    asked: Query[PageQuery],
    connection_id: Id | None = None,
    state: Literal["", "queued", "running", "done", "failed", "cancelled"] = "",
) -> dict[str, object]:
    rows = Push.objects.order_by()
    rows = rows.filter(connection=connection_id) if connection_id else rows
    found, cursor = page_by_id(rows.filter(state=state) if state else rows, asked)
    return {"items": found, "next_cursor": cursor}


@router.get("/{push_id}", response=PushOut, summary="Read a push")
@needs(Scope.READ_ATS, Permission.VIEW_ATS)
def push_read(request: TokenRequest, push_id: Id) -> Push:
    return get_object_or_404(Push, pk=push_id)


@router.post("/{push_id}/cancel", response=PushOut, summary="Cancel a push that waits")
@needs(Scope.WRITE_ATS, Permission.PUSH_TO_ATS)
def push_cancel(request: TokenRequest, push_id: Id) -> Push:
    cancel_push(get_object_or_404(Push, pk=push_id), by=request.member)
    return get_object_or_404(Push, pk=push_id)


@router.post("/{push_id}/retry", response=PushOut, summary="Try a failed push again")
@needs(Scope.WRITE_ATS, Permission.PUSH_TO_ATS)
def push_retry(request: TokenRequest, push_id: Id) -> Push:
    retry_push(get_object_or_404(Push, pk=push_id), by=request.member)
    return get_object_or_404(Push, pk=push_id)
