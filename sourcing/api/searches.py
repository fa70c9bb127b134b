"""The search log to read."""

from datetime import UTC, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator, AwareDatetime

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from sourcing.models import EntryKind, SearchLogEntry
from sourcing.queries.log import LoggedSearch, found_by, with_words
from talentpool.api.words import Id

router = Router()


def _in_utc(at: datetime) -> datetime:
    """PostgreSQL knows fewer offsets than ISO 8601 has."""
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("This is before or after all years that can be told.") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class SearchPosition(Schema):
    title: str
    reason: str = Field(description="Why there is no position; else empty.")
    job_id: int | None
    pipeline_id: int | None


class LoggedSearchOut(Schema):
    id: int
    at: datetime
    member: str
    text: str = Field(description="As typed.")
    as_run: str
    facets: dict[str, list[str]]
    total: int | None
    total_is_estimate: bool
    position: SearchPosition | None


class LoggedPerson(Schema):
    candidate_id: int
    opened_at: datetime | None = Field(alias="opened")
    considered: list[str] = Field(alias="acts", description="What the person was chosen for.")
    contacted: list[str] = Field(alias="contacts")


class LoggedSearchWithPeople(LoggedSearchOut):
    people: list[LoggedPerson] = Field(description="The first 500 whom it showed.")


class LogQuery(PageQuery):
    since: Moment | None = None
    until: Moment | None = None


@router.get("", response=Page[LoggedSearchOut], summary="List searches of the log")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_SEARCH_LOG)
def search_list(request: TokenRequest, asked: Query[LogQuery]) -> dict[str, object]:
    entries = SearchLogEntry.objects.filter(kind=EntryKind.SEARCHED).select_related("member")
    if asked.since:
        entries = entries.filter(at__gte=asked.since)
    if asked.until:
        entries = entries.filter(at__lt=asked.until)
    found, cursor = page_by_id(entries, asked)
    return {"items": [_told(search) for search in with_words(found)], "next_cursor": cursor}


@router.get("/{search_id}", response=LoggedSearchWithPeople, summary="Read a search of the log")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_SEARCH_LOG)
def search_read(request: TokenRequest, search_id: Id) -> dict[str, object]:
    entries = SearchLogEntry.objects.filter(kind=EntryKind.SEARCHED).select_related("member")
    entry = get_object_or_404(entries, pk=search_id)
    [search] = with_words([entry])
    return _told(search) | {"people": found_by(entry)}


def _told(search: LoggedSearch) -> dict[str, Any]:
    entry = search.entry
    return {
        "id": entry.pk,
        "at": entry.at,
        "member": entry.member.name if entry.member else "",
        "text": search.said.get("text", ""),
        "as_run": search.said.get("as_run", ""),
        "facets": search.said.get("facets", {}),
        "total": entry.total,
        "total_is_estimate": entry.total_is_estimate,
        "position": search.position,
    }
