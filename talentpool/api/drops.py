"""Watched places and remembered columns: where a source's files are found, and what becomes of them by itself."""

from datetime import datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.drops import approve_host_key, create_drop, look_now, remove_drop
from talentpool.actions.saved_columns import forget_columns, rename_columns
from talentpool.api.words import Id, Line, Prose
from talentpool.api.words import Query as LongLine
from talentpool.models import Drop, DropFile, DropKind, SavedColumns, Source

router = Router()
columns_router = Router()


class DropIn(Schema):
    source_id: Id
    kind: Literal["folder", "sftp", "url"]
    path: Line = Field("", description="Below the organisation's own folder, or on the SFTP server.")
    url: LongLine = ""
    host: Line = Field("", max_length=253)
    port: int = Field(22, ge=1, le=65535)
    username: Line = Field("", max_length=120)
    password: Line = Field("", description="Kept encrypted and never shown.")
    private_key: Prose = Field("", description="In OpenSSH's format, without a passphrase; kept like the password.")
    every_minutes: int = Field(60, ge=5, le=10_080)
    basis: Literal["", "consent", "legitimate_interest"] = ""
    basis_text: Prose = ""
    is_on: bool = True


class DropOut(Schema):
    id: int
    source_id: int
    kind: str
    where: str
    every_minutes: int
    is_on: bool
    state: str = Field(description="queued or running while somebody looks there, else done")
    error: str = Field(description="Why the last look failed.")
    host_key: str
    offered_key: str = Field(description="What the server showed and nobody has approved yet.")
    last_at: datetime | None
    next_at: datetime | None

    @staticmethod
    def resolve_where(drop: Drop) -> str:
        return str(drop)


class HostKeyIn(Schema):
    key: Line = Field(max_length=1000, description="The `offered_key`, once you have compared it.")


class DropFileOut(Schema):
    id: int
    name: str
    at: datetime
    import_id: int | None = Field(alias="run_id")
    said: str = Field(description="Why there is no import.")


class SavedColumnsOut(Schema):
    id: int
    source_id: int
    name: str
    columns: list[list[str]] = Field(description="Pairs of a heading and what it becomes.")
    used_at: datetime


class NameIn(Schema):
    name: Line = Field(min_length=1, max_length=120)


@router.get("", response=Page[DropOut], summary="List watched places")
@needs(Scope.IMPORTS, Permission.MANAGE_SOURCES)
def drop_list(request: TokenRequest, asked: Query[PageQuery]) -> dict[str, object]:
    found, cursor = page_by_id(Drop.objects.order_by(), asked)
    return {"items": found, "next_cursor": cursor}


@router.post("", response={201: DropOut}, summary="Watch a place")
@needs(Scope.IMPORTS, Permission.MANAGE_SOURCES)
def drop_create(request: TokenRequest, payload: DropIn) -> Status[Drop]:
    """Of an SFTP server the first look only learns the key; nothing is sent before it is approved."""
    source = get_object_or_404(Source, pk=payload.source_id)
    given: dict[str, Any] = payload.dict(exclude={"source_id", "kind"})
    return Status(201, create_drop(source, DropKind(payload.kind), given, by=request.member))


@router.get("/{drop_id}", response=DropOut, summary="Read a watched place")
@needs(Scope.IMPORTS, Permission.MANAGE_SOURCES)
def drop_read(request: TokenRequest, drop_id: Id) -> Drop:
    return _drop(drop_id)


@router.delete("/{drop_id}", response={204: None}, summary="Watch a place no more")
@needs(Scope.IMPORTS, Permission.MANAGE_SOURCES)
def drop_delete(request: TokenRequest, drop_id: Id) -> Status[None]:
    remove_drop(_drop(drop_id), by=request.member)
    return Status(204, None)


@router.post("/{drop_id}/look", response=DropOut, summary="Look at a watched place now")
@needs(Scope.IMPORTS, Permission.MANAGE_SOURCES)
def drop_look(request: TokenRequest, drop_id: Id) -> Drop:
    look_now(_drop(drop_id), by=request.member)
    return _drop(drop_id)


@router.post("/{drop_id}/approve-key", response=DropOut, summary="Approve an SFTP server's key")
@needs(Scope.IMPORTS, Permission.MANAGE_SOURCES)
def drop_approve(request: TokenRequest, drop_id: Id, payload: HostKeyIn) -> Drop:
    approve_host_key(_drop(drop_id), payload.key, by=request.member)
    return _drop(drop_id)


@router.get("/{drop_id}/files", response=Page[DropFileOut], summary="List what was found in a watched place")
@needs(Scope.IMPORTS, Permission.MANAGE_SOURCES)
def drop_files(request: TokenRequest, drop_id: Id, asked: Query[PageQuery]) -> dict[str, object]:
    found, cursor = page_by_id(DropFile.objects.filter(drop=_drop(drop_id)), asked)
    return {"items": found, "next_cursor": cursor}


@columns_router.get("", response=Page[SavedColumnsOut], summary="List remembered columns")
@needs(Scope.IMPORTS, Permission.MANAGE_SOURCES)
def columns_list(request: TokenRequest, asked: Query[PageQuery]) -> dict[str, object]:
    found, cursor = page_by_id(SavedColumns.objects.order_by(), asked)
    return {"items": found, "next_cursor": cursor}


@columns_router.post("/{columns_id}/rename", response=SavedColumnsOut, summary="Rename remembered columns")
@needs(Scope.IMPORTS, Permission.MANAGE_SOURCES)
def columns_rename(request: TokenRequest, columns_id: Id, payload: NameIn) -> SavedColumns:
    saved = get_object_or_404(SavedColumns, pk=columns_id)
    rename_columns(saved, payload.name, by=request.member)
    return saved


@columns_router.delete("/{columns_id}", response={204: None}, summary="Forget remembered columns")
@needs(Scope.IMPORTS, Permission.MANAGE_SOURCES)
def columns_delete(request: TokenRequest, columns_id: Id) -> Status[None]:
    forget_columns(get_object_or_404(SavedColumns.objects.select_related("source"), pk=columns_id), by=request.member)
    return Status(204, None)


def _drop(drop_id: int) -> Drop:
    return get_object_or_404(Drop.objects.select_related("source__tenant"), pk=drop_id)
