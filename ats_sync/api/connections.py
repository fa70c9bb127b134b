"""Connections to applicant tracking systems: how each stands. Secrets have no address here."""

from datetime import datetime
from typing import Literal

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from ats_sync.actions.connections import end_connection, make_hooks
from ats_sync.actions.removal import start_removal
from ats_sync.models import AtsRecord, Connection, Remainder
from ats_sync.queries.choices import open_jobs
from ats_sync.queries.connections import chip_of, is_stale, with_queues
from ats_sync.queries.removal import Removal, removal_of
from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.api.words import Id
from talentpool.models import Candidate

router = Router()
candidates = Router()


class ConnectionOut(Schema):
    id: int
    provider: str
    name: str
    state: str = Field(description="setting_up, on, paused, refused or ended")
    says: str = Field(description="The state as its page says it: “In step”, “Behind”, …")
    as_of: datetime | None = Field(description="All that happened in the ATS before that is known here.")
    is_stale: bool
    loaded_at: datetime | None
    error: str
    webhooks_made: int = Field(description="Webhooks that were made there by program, and go with the connection.")
    missing: list[list[str]] = Field(description="Pairs of a kind of record and why it may not be read.")
    events_waiting: int
    events_failed: int
    pushes_waiting: int
    pushes_failed: int
    drift: int = Field(description="Differences that were found and not settled yet.")
    conflicts_open: int = Field(
        description="Facts about people that both sides changed, of which nobody said which holds."
    )
    removal: str | None = Field(
        None,
        alias="removal.state",
        description="Of one that was ended: queued, running, done, cancelled or failed, where what came is removed.",
    )

    @staticmethod
    def resolve_webhooks_made(connection: Connection) -> int:
        return len(connection.hooks)

    @staticmethod
    def resolve_says(connection: Connection) -> str:
        return chip_of(connection, timezone.now()).words

    @staticmethod
    def resolve_is_stale(connection: Connection) -> bool:
        return is_stale(connection, timezone.now())


class RemovalOut(Schema):
    profiles: int = Field(alias="people.profiles", description="Records of what it said of people.")
    people: int = Field(alias="people.people", description="People of whom it said anything.")
    gone: int = Field(alias="people.gone", description="People who would go, for nothing else is known of them.")
    kept: int = Field(alias="people.kept", description="People who would stay without what it said.")
    applications: int
    notes: int
    files: int
    tags: int
    jobs: int


class EndIn(Schema):
    what_came: Literal["keep", "remove"] = Field(
        description="keep leaves everything in the pool; remove takes away what came from there alone."
    )


class EndOut(Schema):
    left: str = Field(description="What somebody has to take away in the ATS by hand; empty where nothing is left.")
    connection: ConnectionOut


class StayedOut(Schema):
    candidate_id: int
    reasons: list[str]


class JobOut(Schema):
    id: str = Field(description="The ATS’s own id.")
    name: str


class RecordOut(Schema):
    id: int
    connection_id: int
    kind: str
    external_id: str = Field(description="The ATS’s own id.")
    parent: str = Field(description="Of an application, the ATS’s id of its person.")
    application_id: int | None
    stage: str
    phase: str
    state: str
    checked_at: datetime = Field(description="When it was last seen there.")
    gone_at: datetime | None

    @staticmethod
    def resolve_stage(record: AtsRecord) -> str:
        return record.application.stage if record.application else ""

    @staticmethod
    def resolve_phase(record: AtsRecord) -> str:
        return record.application.phase if record.application else ""

    @staticmethod
    def resolve_state(record: AtsRecord) -> str:
        return record.application.state if record.application else ""


@router.get("/connections", response=Page[ConnectionOut], summary="List connections to an ATS")
@needs(Scope.READ_ATS, Permission.VIEW_ATS)
def connection_list(request: TokenRequest, asked: Query[PageQuery]) -> dict[str, object]:
    found, cursor = page_by_id(with_queues(Connection.objects.select_related("removal").order_by()), asked)
    return {"items": found, "next_cursor": cursor}


@router.get("/connections/{connection_id}", response=ConnectionOut, summary="Read a connection")
@needs(Scope.READ_ATS, Permission.VIEW_ATS)
def connection_read(request: TokenRequest, connection_id: Id) -> Connection:
    return _connection(connection_id)


@router.get("/connections/{connection_id}/jobs", response=list[JobOut], summary="List the ATS’s open jobs")
@needs(Scope.READ_ATS, Permission.VIEW_ATS)
def connection_jobs(request: TokenRequest, connection_id: Id) -> list[dict[str, str]]:
    """To which people can be added, by the ATS’s ids; at most 2,000."""
    return [{"id": pk, "name": name} for pk, name in open_jobs(get_object_or_404(Connection, pk=connection_id))]


@router.get("/connections/{connection_id}/removal", response=RemovalOut, summary="Count what removing would take away")
@needs(Scope.SETTINGS, Permission.MANAGE_ATS)
def connection_removal(request: TokenRequest, connection_id: Id) -> Removal:
    """What ending the connection with `remove` would do; nothing is done."""
    return removal_of(get_object_or_404(Connection, pk=connection_id))


@router.post("/connections/{connection_id}/webhooks", response=ConnectionOut, summary="Make an ATS’s webhooks")
@needs(Scope.SETTINGS, Permission.MANAGE_ATS)
def connection_webhooks(request: TokenRequest, connection_id: Id) -> Connection:
    """Where the ATS lets a program do that (Ashby). Those that are there already stay; ending takes them away."""
    make_hooks(get_object_or_404(Connection, pk=connection_id), by=request.member)
    return _connection(connection_id)


@router.post("/connections/{connection_id}/end", response=EndOut, summary="Disconnect an ATS")
@needs(Scope.SETTINGS, Permission.MANAGE_ATS)
def connection_end(request: TokenRequest, connection_id: Id, wish: EndIn) -> dict[str, object]:
    """Removing goes on in the background: read the connection until `removal` is `done`, `failed` or `cancelled`."""
    found = get_object_or_404(Connection, pk=connection_id)
    left = end_connection(found, by=request.member, removes=wish.what_came == "remove")
    return {"left": left, "connection": _connection(connection_id)}


@router.post("/connections/{connection_id}/remove", response=ConnectionOut, summary="Go on removing")
@needs(Scope.SETTINGS, Permission.MANAGE_ATS)
def connection_remove(request: TokenRequest, connection_id: Id) -> Connection:
    """Of a connection whose removal failed or was stopped."""
    start_removal(get_object_or_404(Connection, pk=connection_id), by=request.member)
    return _connection(connection_id)


@router.get("/connections/{connection_id}/stayed", response=Page[StayedOut], summary="List who stayed after a removal")
@needs(Scope.READ_ATS, Permission.VIEW_ATS)
def connection_stayed(request: TokenRequest, connection_id: Id, asked: Query[PageQuery]) -> dict[str, object]:
    connection = get_object_or_404(Connection, pk=connection_id)
    rows = Remainder.objects.filter(connection=connection, candidate__erased_at=None)
    found, cursor = page_by_id(rows, asked)
    return {"items": found, "next_cursor": cursor}


@candidates.get("/{candidate_id}/ats-records", response=Page[RecordOut], summary="List a person’s records in an ATS")
@needs(Scope.READ_ATS, Permission.VIEW_CANDIDATES)
def record_list(request: TokenRequest, candidate_id: Id, asked: Query[PageQuery]) -> dict[str, object]:
    person = get_object_or_404(Candidate.objects.present(), pk=candidate_id)
    found, cursor = page_by_id(AtsRecord.objects.filter(candidate=person).select_related("application"), asked)
    return {"items": found, "next_cursor": cursor}


def _connection(connection_id: int) -> Connection:
    found: Connection = get_object_or_404(with_queues(Connection.objects.select_related("removal")), pk=connection_id)
    return found
