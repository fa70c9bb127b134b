"""Connections to applicant tracking systems: how each stands. Secrets have no address here."""

from datetime import datetime

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from ats_sync.models import AtsRecord, Connection
from ats_sync.queries.choices import open_jobs
from ats_sync.queries.connections import chip_of, is_stale, with_queues
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
    missing: list[list[str]] = Field(description="Pairs of a kind of record and why it may not be read.")
    events_waiting: int
    events_failed: int
    pushes_waiting: int
    pushes_failed: int
    drift: int = Field(description="Differences that were found and not settled yet.")

    @staticmethod
    def resolve_says(connection: Connection) -> str:
        return chip_of(connection, timezone.now()).words

    @staticmethod
    def resolve_is_stale(connection: Connection) -> bool:
        return is_stale(connection, timezone.now())


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
    found, cursor = page_by_id(with_queues(Connection.objects.order_by()), asked)
    return {"items": found, "next_cursor": cursor}


@router.get("/connections/{connection_id}", response=ConnectionOut, summary="Read a connection")
@needs(Scope.READ_ATS, Permission.VIEW_ATS)
def connection_read(request: TokenRequest, connection_id: Id) -> Connection:
    return get_object_or_404(with_queues(Connection.objects.all()), pk=connection_id)


@router.get("/connections/{connection_id}/jobs", response=list[JobOut], summary="List the ATS’s open jobs")
@needs(Scope.READ_ATS, Permission.VIEW_ATS)
def connection_jobs(request: TokenRequest, connection_id: Id) -> list[dict[str, str]]:
    """To which people can be added, by the ATS’s ids; at most 2,000."""
    return [{"id": pk, "name": name} for pk, name in open_jobs(get_object_or_404(Connection, pk=connection_id))]


@candidates.get("/{candidate_id}/ats-records", response=Page[RecordOut], summary="List a person’s records in an ATS")
@needs(Scope.READ_ATS, Permission.VIEW_CANDIDATES)
def record_list(request: TokenRequest, candidate_id: Id, asked: Query[PageQuery]) -> dict[str, object]:
    person = get_object_or_404(Candidate.objects.present(), pk=candidate_id)
    found, cursor = page_by_id(AtsRecord.objects.filter(candidate=person).select_related("application"), asked)
    return {"items": found, "next_cursor": cursor}
