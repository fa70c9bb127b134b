"""Imports: upload a file, say what its columns are, see the trial, bring it in, read the report.

The same steps as on the page: nothing is written before `bring-in`. Trial and run go on in the background; read the
import until its `state` is `done`, `failed` or `cancelled`.
"""

from datetime import datetime
from typing import BinaryIO, Literal, cast

from django.shortcuts import get_object_or_404
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.import_undo import undo_import
from talentpool.actions.imports import bring_in, cancel_import, choose_columns, choose_encoding, start_import
from talentpool.actions.sources import source_named
from talentpool.api.words import Id, Line, Prose
from talentpool.intake.columns import KEEP, LEAVE
from talentpool.intake.columns import Field as PersonField
from talentpool.models import Basis, ImportOutcome, ImportRemainder, ImportRow, ImportRun, SourceKind
from talentpool.queries.brought import Undoing
from talentpool.queries.import_undoing import undoing_of

router = Router()
COLUMN_WORDS = ", ".join(sorted(map(str, [*PersonField, KEEP, LEAVE])))


class ImportIn(Schema):
    source: Line = Field(min_length=1, max_length=120, description="The source's name; made if there is none.")
    basis: Literal["", "consent", "legitimate_interest"] = Field("", description="Why they may be written to.")
    basis_text: Prose = Field("", description="How they agreed, or what the interest is; kept as the proof.")


class UndoneOut(Schema):
    total: int = Field(description="Records that the import brought.")
    profiles: int = Field(description="Records that are gone by now.")
    people: int = Field(description="People who are gone with them.")
    kept: int = Field(description="People who stayed, for something else is known of them.")


class UndoingOut(Schema):
    profiles: int
    people: int
    kept: int
    gone: int


class StayedOut(Schema):
    candidate_id: int
    reasons: list[str]


class ImportOut(Schema):
    id: int
    file: str = Field(alias="file.name")
    source: str = Field(alias="source.name")
    kind: str
    step: str = Field(description="encoding, columns, check (the trial), ready, run, over, undo or undone")
    state: str = Field(description="queued, running, done, failed or cancelled: what the background work does")
    headings: list[str]
    columns: list[str] = Field(description="What each column becomes.")
    total: int
    settled: int = Field(alias="cursor")
    counts: dict[str, int]
    error: str
    created_at: datetime
    ended_at: datetime | None
    undone: UndoneOut | None = Field(None, description="What undoing took away, once it was asked for.")

    @staticmethod
    def resolve_undone(run: ImportRun) -> dict[str, int] | None:
        return run.undone or None

    @staticmethod
    def resolve_headings(run: ImportRun) -> list[str]:
        return [str(each) for each in run.options.get("headings", [])]

    @staticmethod
    def resolve_columns(run: ImportRun) -> list[str]:
        return [str(each) for each in run.options.get("columns", [])]


class ColumnsIn(Schema):
    columns: list[Line] = Field(max_length=500, description=f"One for each heading, of: {COLUMN_WORDS}, custom.key.")


class EncodingIn(Schema):
    encoding: Line


class RowOut(Schema):
    number: int
    outcome: str
    reason: str
    name: str
    email: str
    candidate_id: int | None


class RowQuery(PageQuery):
    outcome: Literal["new", "updated", "unchanged", "duplicate", "invalid", "erased"] | None = None


@router.get("", response=Page[ImportOut], summary="List imports")
@needs(Scope.IMPORTS, Permission.IMPORT_CANDIDATES)
def import_list(request: TokenRequest, asked: Query[PageQuery]) -> dict[str, object]:
    found, cursor = page_by_id(ImportRun.objects.select_related("file", "source"), asked)
    return {"items": found, "next_cursor": cursor}


@router.post("", response={201: ImportOut}, summary="Upload a file")
@needs(Scope.IMPORTS, Permission.IMPORT_CANDIDATES)
def import_upload(request: TokenRequest, asked: Form[ImportIn], file: File[UploadedFile]) -> Status[ImportRun]:
    """CSV, XLSX, JSON Resume, résumés, or a zip of them. A table then waits for its columns; résumés are tried out."""
    run = start_import(
        file.name or "upload",
        cast(BinaryIO, file),
        source=source_named(asked.source, kind=SourceKind.OTHER, by=request.member),
        by=request.member,
        basis=Basis(asked.basis) if asked.basis else None,
        basis_text=asked.basis_text,
    )
    return Status(201, run)


@router.get("/{import_id}", response=ImportOut, summary="Read an import's state")
@needs(Scope.IMPORTS, Permission.IMPORT_CANDIDATES)
def import_read(request: TokenRequest, import_id: Id) -> ImportRun:
    return _run(import_id)


@router.get("/{import_id}/rows", response=Page[RowOut], summary="Read an import's report, row by row")
@needs(Scope.IMPORTS, Permission.IMPORT_CANDIDATES)
def import_rows(request: TokenRequest, import_id: Id, asked: Query[RowQuery]) -> dict[str, object]:
    """Before `bring-in` what would happen, afterwards what did. Of rows that go in only the first are kept."""
    rows = ImportRow.objects.filter(run=_run(import_id))
    if asked.outcome:
        rows = rows.filter(outcome=ImportOutcome(asked.outcome))
    found, cursor = page_by_id(rows, asked)
    return {"items": found, "next_cursor": cursor}


@router.post("/{import_id}/encoding", response=ImportOut, summary="Say in which encoding the file is")
@needs(Scope.IMPORTS, Permission.IMPORT_CANDIDATES)
def import_encoding(request: TokenRequest, import_id: Id, payload: EncodingIn) -> ImportRun:
    choose_encoding(_run(import_id), payload.encoding)
    return _run(import_id)


@router.post("/{import_id}/columns", response=ImportOut, summary="Say what the columns are, and try every row out")
@needs(Scope.IMPORTS, Permission.IMPORT_CANDIDATES)
def import_columns(request: TokenRequest, import_id: Id, payload: ColumnsIn) -> ImportRun:
    choose_columns(_run(import_id), payload.columns)
    return _run(import_id)


@router.post("/{import_id}/bring-in", response=ImportOut, summary="Bring the people in")
@needs(Scope.IMPORTS, Permission.IMPORT_CANDIDATES)
def import_bring_in(request: TokenRequest, import_id: Id) -> ImportRun:
    bring_in(_run(import_id), by=request.member)
    return _run(import_id)


@router.post("/{import_id}/cancel", response=ImportOut, summary="Stop an import")
@needs(Scope.IMPORTS, Permission.IMPORT_CANDIDATES)
def import_cancel(request: TokenRequest, import_id: Id) -> ImportRun:
    """What was brought in until then stays."""
    cancel_import(_run(import_id), by=request.member)
    return _run(import_id)


@router.get("/{import_id}/undo", response=UndoingOut, summary="Count what undoing an import would take away")
@needs(Scope.IMPORTS, Permission.IMPORT_CANDIDATES)
def import_undoing(request: TokenRequest, import_id: Id) -> Undoing:
    return undoing_of(_run(import_id))


@router.post("/{import_id}/undo", response=ImportOut, summary="Undo an import")
@needs(Scope.IMPORTS, Permission.IMPORT_CANDIDATES)
def import_undo(request: TokenRequest, import_id: Id) -> ImportRun:
    """In the background: what it alone brought goes, whoever has been touched by anything else stays."""
    undo_import(_run(import_id), by=request.member)
    return _run(import_id)


@router.get("/{import_id}/stayed", response=Page[StayedOut], summary="List who stayed when an import was undone")
@needs(Scope.IMPORTS, Permission.IMPORT_CANDIDATES)
def import_stayed(request: TokenRequest, import_id: Id, asked: Query[PageQuery]) -> dict[str, object]:
    stayed = ImportRemainder.objects.filter(run=_run(import_id), candidate__erased_at=None)
    found, cursor = page_by_id(stayed, asked)
    return {"items": found, "next_cursor": cursor}


def _run(import_id: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("file", "source"), pk=import_id)
