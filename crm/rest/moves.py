"""Moving the whole pool out: pack it, wait until it is done, take it away."""

from datetime import datetime
from typing import Annotated

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from crm.actions.moving_out import download_archive, start_moving_out
from crm.models import PoolArchive
from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id

router = Router()
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class ArchiveOut(Schema):
    id: int
    name: str
    state: str = Field(description="queued, running, done, failed or cancelled")
    done: int = Field(description="Rows and files packed so far.")
    total: int
    size: int = Field(description="Bytes, once it is done.")
    is_there: bool = Field(description="It can be downloaded now.")
    at: datetime
    expires_at: datetime

    @staticmethod
    def resolve_state(archive: PoolArchive) -> str:
        return str(archive.run.state) if archive.run else "failed"

    @staticmethod
    def resolve_done(archive: PoolArchive) -> int:
        return archive.run.done if archive.run else 0

    @staticmethod
    def resolve_total(archive: PoolArchive) -> int:
        return archive.run.total if archive.run else 0


@router.get("", response=Page[ArchiveOut], summary="List archives")
@needs(Scope.MOVE_OUT, Permission.MOVE_POOL)
def archive_list(request: TokenRequest, asked: Query[PageQuery]) -> dict[str, object]:
    found, cursor = page_by_id(PoolArchive.objects.outgoing().select_related("run"), asked)
    return {"items": found, "next_cursor": cursor}


@router.post("", response={201: ArchiveOut}, summary="Pack the whole pool")
@needs(Scope.MOVE_OUT, Permission.MOVE_POOL)
def archive_make(request: TokenRequest) -> Status[PoolArchive]:
    """In the background; read the archive until its `state` is `done`. It is kept for two days."""
    return Status(201, start_moving_out(request.tenant, by=request.member))


@router.get("/{archive_id}", response=ArchiveOut, summary="Read an archive's state")
@needs(Scope.MOVE_OUT, Permission.MOVE_POOL)
def archive_read(request: TokenRequest, archive_id: Id) -> PoolArchive:
    return _archive(archive_id)


@router.get(
    "/{archive_id}/file",
    summary="Download an archive",
    openapi_extra={"responses": {200: {"description": "A zip", "content": {"application/zip": {}}}}},
)
@needs(Scope.MOVE_OUT, Permission.MOVE_POOL)
def archive_download(request: TokenRequest, archive_id: Id) -> StreamingHttpResponse:
    """A zip of JSON lines and files. Each download is in the audit log."""
    archive = _archive(archive_id)
    response = StreamingHttpResponse(download_archive(archive, by=request.member), content_type="application/zip")
    response["Content-Length"] = str(archive.size)
    return response


def _archive(archive_id: int) -> PoolArchive:
    return get_object_or_404(PoolArchive.objects.outgoing().select_related("run"), pk=archive_id)
