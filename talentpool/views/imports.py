"""Bringing people in from files: the upload, and one page that follows an import from step to step."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import render_page
from crm.tenancy.scope import tenant_scope
from talentpool.actions.files import start_of
from talentpool.actions.import_outcomes import outcome_lines
from talentpool.actions.import_undo import may_be_undone
from talentpool.actions.imports import (
    SAMPLE,
    bring_in,
    cancel_import,
    change_columns,
    choose_columns,
    choose_encoding,
    choose_sheet,
    earlier_import,
    open_table,
    start_import,
)
from talentpool.actions.sources import source_named
from talentpool.forms.imports import ColumnsForm, EncodingForm, ImportForm, ImportRowsForm, SheetForm
from talentpool.intake.encodings import MOST_LOOKED_AT, likely_encodings
from talentpool.intake.rejected import csv_lines
from talentpool.intake.tables import NumberedRow
from talentpool.models import Basis, ImportRun, ImportStep, SourceKind
from talentpool.queries.import_undoing import PAGE, remainders_of
from talentpool.queries.imports import rejected_rows, rows_of_import, time_left

LATEST = 20
SHOWN = 3


@require(Permission.IMPORT_CANDIDATES)
def imports(request: MemberRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = _started(request, form)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("talentpool:import", request.tenant.slug, run.pk)
    context = {"form": form, "limit": settings.IMPORT_MAX_CSV_BYTES, "runs": ImportRun.objects.latest_first()[:LATEST]}
    return render_page(request, "talentpool/imports.html", context, status=422 if form.errors else 200)


def _started(request: MemberRequest, form: ImportForm) -> ImportRun:
    chosen = form.cleaned_data
    file = chosen["file"]
    kind = SourceKind(chosen["new_source_kind"] or SourceKind.OTHER)
    source = chosen["source"] or source_named(chosen["new_source"].strip(), kind=kind, by=request.member)
    basis = Basis(chosen["basis"]) if chosen["basis"] else None
    return start_import(
        file.name or "unnamed",
        file,
        source=source,
        by=request.member,
        basis=basis,
        basis_text=chosen["basis_text"].strip() if basis else "",
    )


@require(Permission.IMPORT_CANDIDATES)
@require_GET
def import_page(request: MemberRequest, pk: int) -> HttpResponse:
    """Where the import stands now."""
    run = _run(pk)
    if run.step == ImportStep.ENCODING and not run.is_original_gone:
        return _encoding_page(request, run)
    is_at_columns = run.step == ImportStep.COLUMNS or (run.step == ImportStep.CHECK and run.is_table and run.is_over)
    if is_at_columns and not run.is_original_gone:
        return _columns_page(request, run)
    form = ImportRowsForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = rows_of_import(run, outcome=chosen.get("outcome", ""), after=int(chosen.get("after") or 0))
    context = {"run": run, "page": rows, "left": time_left(run), "earlier": earlier_import(run)}
    context |= {"may_be_undone": may_be_undone(run), **_stayed(run, int(chosen.get("stayed") or 0))}
    return render_page(request, "talentpool/import.html", context, partials=["import", "rows"])


@require(Permission.IMPORT_CANDIDATES)
@require_POST
def import_encoding(request: MemberRequest, pk: int) -> HttpResponse:
    run = _run_with_file(pk)
    form = _encoding_form(request, run)
    if not form.is_valid():
        return _encoding_page(request, run, form)
    return _then(request, run, lambda: choose_encoding(run, form.cleaned_data["encoding"]))


@require(Permission.IMPORT_CANDIDATES)
@require_POST
def import_sheet(request: MemberRequest, pk: int) -> HttpResponse:
    run = _run_with_file(pk)
    form = SheetForm(request.POST, sheets=run.options.get("sheets", []))
    return _then(request, run, lambda: choose_sheet(run, form.data.get("sheet", "") if form.is_valid() else ""))


@require(Permission.IMPORT_CANDIDATES)
@require_POST
def import_columns(request: MemberRequest, pk: int) -> HttpResponse:
    run = _run_with_file(pk)
    if "change" in request.POST:
        return _then(request, run, lambda: change_columns(run))
    form = _columns_form(request, run, request.POST)
    if not form.is_valid():
        return _columns_page(request, run, form)
    return _then(request, run, lambda: choose_columns(run, form.columns, by=request.member))


@require(Permission.IMPORT_CANDIDATES)
@require_POST
def import_start(request: MemberRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    return _then(request, run, lambda: bring_in(run, by=request.member))


@require(Permission.IMPORT_CANDIDATES)
@require_POST
def import_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    return _then(request, run, lambda: cancel_import(run, by=request.member))


@require(Permission.IMPORT_CANDIDATES)
@require_GET
def import_rejected(request: MemberRequest, pk: int) -> StreamingHttpResponse:
    """The rows that stay out, as a CSV; read now, while the organisation is known."""
    run = _run(pk)
    lines = list(csv_lines(rejected_rows(run)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rows-that-stayed-out.csv"'
    return response


@require(Permission.IMPORT_CANDIDATES)
@require_GET
def import_outcomes(request: MemberRequest, pk: int) -> StreamingHttpResponse:
    """Every row with what became of it. A million of them are read while they are sent, in the organisation's scope."""
    run, tenant_id = _run_with_file(pk), request.tenant.pk

    def lines() -> Iterator[str]:
        with tenant_scope(tenant_id):
            yield from csv_lines(outcome_lines(run))

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="what-became-of-each-row.csv"'
    return response


def _stayed(run: ImportRun, after: int) -> dict[str, Any]:
    """Who stayed when it was undone, and where the next page begins."""
    if run.step != ImportStep.UNDONE:
        return {}
    found = remainders_of(run, after=after)
    return {"stayed": found[:PAGE], "stayed_after": found[PAGE - 1].pk if len(found) > PAGE else None}


def _run(pk: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("file", "source", "by"), pk=pk)


def _run_with_file(pk: int) -> ImportRun:
    run = _run(pk)
    if run.is_original_gone:
        raise Http404
    return run


def _then(request: MemberRequest, run: ImportRun, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:import", request.tenant.slug, run.pk)


def _encoding_form(request: MemberRequest, run: ImportRun) -> EncodingForm:
    guesses = likely_encodings(start_of(run.file, MOST_LOOKED_AT))
    first = {"encoding": guesses[0].encoding} if guesses else None
    return EncodingForm(request.POST if request.method == "POST" else None, guesses=guesses, initial=first)


def _encoding_page(request: MemberRequest, run: ImportRun, form: EncodingForm | None = None) -> HttpResponse:
    context = {"run": run, "form": form or _encoding_form(request, run)}
    return render_page(request, "talentpool/import_encoding.html", context, status=422 if form else 200)


def _columns_page(request: MemberRequest, run: ImportRun, form: ColumnsForm | None = None) -> HttpResponse:
    """One line a column: its heading, what stands in its first rows, and what it becomes."""
    options = run.options
    if not options.get("headings"):
        return redirect("talentpool:imports", request.tenant.slug)
    shown = form or _columns_form(request, run, None)
    samples = _first_values(open_table(run).first(SAMPLE), len(options["headings"]))
    context = {
        "run": run,
        "form": shown,
        "columns": list(zip(options["headings"], samples, shown, strict=True)),
        "sheets": SheetForm(sheets=options["sheets"], initial=options) if len(options.get("sheets", [])) > 1 else None,
        "earlier": earlier_import(run),
    }
    return render_page(request, "talentpool/import_columns.html", context, status=422 if form else 200)


def _columns_form(request: MemberRequest, run: ImportRun, said: QueryDict | None) -> ColumnsForm:
    headings, columns = run.options.get("headings", []), run.options.get("columns", [])
    may_define = may(request.member, Permission.MANAGE_ORGANISATION)
    return ColumnsForm(said, headings=headings, columns=columns, may_define=may_define)


def _first_values(rows: list[NumberedRow], width: int) -> list[list[str]]:
    """Of each column what stands first in it, without the cells that hold nothing."""
    return [[row.cells[at] for row in rows if at < len(row.cells) and row.cells[at]][:SHOWN] for at in range(width)]
