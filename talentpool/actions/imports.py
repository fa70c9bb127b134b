"""What its person does with an import, step by step: upload, letters, columns, trial, run.

The rows are import_work's.
"""

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.models.leased import WorkState
from talentpool.actions.custom_fields import create_field
from talentpool.actions.files import content_of, keep_stream, pieces_of, pieces_read
from talentpool.actions.saved_columns import remember_columns, remembered_columns
from talentpool.custom_values import likely_kind
from talentpool.intake.columns import KEEP, LEAVE, NEW_FIELD, Field, recognised
from talentpool.intake.encodings import certain_encoding, known_encodings
from talentpool.intake.kinds import CSV, RESUMES, XLSX, import_kind, is_surely_table
from talentpool.intake.kinds import SAMPLE as START
from talentpool.intake.resume_files import count_resume_files
from talentpool.intake.sizes import refuse_rows, refuse_size
from talentpool.intake.tables import Table, read_csv, read_sheet, sheet_names
from talentpool.models import Basis, ImportChunk, ImportRun, ImportStep, Source
from talentpool.queries.custom_fields import custom_fields

SAMPLE = 50  # rows that tell what an unnamed column holds
_MEDIA_TYPES = {
    CSV: "text/csv",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    RESUMES: "application/octet-stream",
}


@transaction.atomic
def start_import(
    name: str,
    content: bytes | BinaryIO,
    *,
    source: Source,
    by: Member,
    basis: Basis | None = None,
    basis_text: str = "",
    by_itself: bool = False,
) -> ImportRun:
    """Keeps the file and finds out what it is; a CSV is never held as a whole, and the others are as far as
    IMPORT_MAX_BYTES.

    A table then waits for its columns (or first for its encoding), résumés are tried out at once. `basis` is on what
    ground these people may be written to; None means not yet. `by_itself` goes on to the end without asking, as long
    as the source's columns are known. Raises ValidationError for files that can't be taken.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    size = stream.seek(0, io.SEEK_END)
    refuse_size(size, settings.IMPORT_MAX_CSV_BYTES)
    kind, whole = _kind_of_upload(stream, name, size)
    options: dict[str, Any] = {"basis": basis.value if basis else "", "basis_text": basis_text}
    options |= {"by_itself": True} if by_itself else {}
    file = keep_stream(name, stream, media_type=_MEDIA_TYPES[kind], by=by)
    run = ImportRun(file=file, source=source, kind=kind, state=WorkState.DONE, options=options, by=by)
    if kind == RESUMES:
        run.total = count_resume_files(whole, name)
        if run.total == 0:
            raise ValidationError("There are no files in this zip.", code="empty")
        refuse_rows(run.total)
        run.save()
        _try_out(run)
    else:
        _open_table(run, stream, whole)
        run.save()
        if by_itself and run.options.get("saved_columns"):
            choose_columns(run, run.options["columns"])
    record("import.uploaded", run, by=by, file=name, bytes=size, source=source.name)
    return run


def earlier_import(run: ImportRun) -> ImportRun | None:
    """The last import of the very same file that brought something in."""
    same = ImportRun.objects.filter(file__sha256=run.file.sha256, step=ImportStep.OVER, cursor__gt=0)
    return same.exclude(pk=run.pk).select_related("by", "source").order_by("-pk").first()


def open_table(run: ImportRun) -> Table:
    if run.kind == XLSX:
        return read_sheet(content_of(run.file), run.options.get("sheet", ""))
    return read_csv(pieces_of(run.file), encoding=run.options.get("encoding", ""))


@transaction.atomic
def choose_encoding(run: ImportRun, encoding: str) -> None:
    _refuse_unless(run, ImportStep.ENCODING, ImportStep.COLUMNS, ImportStep.READY)
    if encoding not in known_encodings():
        raise ValidationError("Choose one of the encodings.")
    run.options["encoding"] = encoding
    _read_columns(run)
    run.save()


@transaction.atomic
def choose_sheet(run: ImportRun, sheet: str) -> None:
    _refuse_unless(run, ImportStep.COLUMNS, ImportStep.READY)
    if sheet not in run.options.get("sheets", []):
        raise ValidationError("There is no such sheet in this file.")
    run.options["sheet"] = sheet
    _read_columns(run)
    run.save()


@transaction.atomic
def change_columns(run: ImportRun) -> None:
    """Back from the trial to the columns; nothing was written yet."""
    _refuse_unless(run, ImportStep.READY, ImportStep.COLUMNS)
    ImportRun.objects.filter(pk=run.pk).update(step=ImportStep.COLUMNS, error="")


@transaction.atomic
def make_field_of(run: ImportRun, number: int, *, by: Member) -> str:
    """A field of the organisation's own, called as the column is, of the kind that its first values have; its name."""
    heading = run.options["headings"][number]
    cells = [row.cells[number] for row in open_table(run).first(SAMPLE) if number < len(row.cells)]
    field = create_field(heading[:80], likely_kind([each for each in cells if each.strip()]), by=by)
    return field.name


@transaction.atomic
def choose_columns(run: ImportRun, columns: Sequence[str], *, by: Member | None = None) -> None:
    """What each column becomes; then every row is tried out in the background, and nobody is written yet.

    A column that is to become a new field makes one, in the name of `by`.
    """
    _refuse_unless(run, ImportStep.COLUMNS, ImportStep.READY)
    if len(columns) != len(run.options["headings"]):
        raise ValidationError("The file has other columns than these.")
    if by:
        columns = [make_field_of(run, n, by=by) if each == NEW_FIELD else each for n, each in enumerate(columns)]
    if not set(columns) <= {KEEP, LEAVE, *Field, *(each.name for each in custom_fields())}:
        raise ValidationError("A column can’t become that.")
    if not {Field.NAME, Field.GIVEN_NAME, Field.FAMILY_NAME, Field.EMAIL, Field.PHONE, Field.LINK} & set(columns):
        raise ValidationError("Choose at least one column that holds names, e-mail addresses, phones or links.")
    run.options["columns"] = list(columns)
    remember_columns(run.source, run.options["headings"], columns, by=run.by)
    _try_out(run)


@transaction.atomic
def bring_in(run: ImportRun, *, by: Member) -> None:
    """From the trial to the real thing, in the background; or on from where it failed or was stopped."""
    going_on = run.step == ImportStep.RUN and run.state in (WorkState.FAILED, WorkState.CANCELLED)
    changes: dict[str, Any] = {"error": ""} if going_on else {"cursor": 0, "counts": {}, "error": ""}
    ready = ImportRun.objects.filter(pk=run.pk, step=run.step, state=run.state)
    if not (going_on or (run.step == ImportStep.READY and run.state == WorkState.DONE)) or not ready.update(
        step=ImportStep.RUN, state=WorkState.QUEUED, attempts=0, started_at=timezone.now(), ended_at=None, **changes
    ):
        raise ValidationError("This import is not ready to be brought in.")
    if not going_on:
        ImportChunk.objects.filter(run=run).delete()
    record("import.started", run, by=by, rows=run.total)
    queue_import(run)


@transaction.atomic
def cancel_import(run: ImportRun, *, by: Member) -> None:
    """Stops what is at work. What a run has brought in (or taken away again) until then stays so; a trial leaves
    nothing."""
    if not run.cancel():
        raise ValidationError("It has ended already.")
    at_work = ImportRun.objects.filter(pk=run.pk, step__in=(ImportStep.RUN, ImportStep.UNDO))
    at_work.update(ended_at=timezone.now())
    record("import.stopped", run, by=by)


def queue_import(run: ImportRun) -> None:
    from talentpool.tasks import work_on_import  # queueing follow-up work is the exception to the layers

    work_on_import.delay(run.pk)


def _refuse_unless(run: ImportRun, *steps: ImportStep) -> None:
    """Locks the run, so that two clicks come one after the other."""
    now = ImportRun.objects.select_for_update().get(pk=run.pk)
    if now.step not in steps and not (now.step == ImportStep.CHECK and now.is_over):
        raise ValidationError("This import has gone on already. Look at it again.")


def _kind_of_upload(stream: BinaryIO, name: str, size: int) -> tuple[str, bytes]:
    """What it is, and its content unless it is a table of text."""
    stream.seek(0)
    if is_surely_table(stream.read(START), name):
        return CSV, b""
    refuse_size(size)
    stream.seek(0)
    content = stream.read(size)
    return import_kind(content, name), content


def _open_table(run: ImportRun, stream: BinaryIO, content: bytes) -> None:
    stream.seek(0)
    if run.kind == XLSX:
        run.options |= {"sheets": sheet_names(content)}
        run.options["sheet"] = next(iter(run.options["sheets"]), "")
    elif (encoding := certain_encoding(pieces_read(stream))) is not None:
        run.options["encoding"] = encoding
    else:
        run.step = ImportStep.ENCODING
        return
    _read_columns(run)


def _read_columns(run: ImportRun) -> None:
    table = open_table(run)
    sample = [row.cells for row in table.first(SAMPLE)]
    if not sample:
        raise ValidationError("There is a heading in this file, but no rows below it.", code="empty")
    own = {each.label: each.name for each in custom_fields()}
    known = remembered_columns(run.source, table.headings)
    run.options |= {"headings": table.headings, "columns": recognised(table.headings, sample, own)}
    if known:
        there = {KEEP, LEAVE, *Field, *own.values()}  # a field may have been put away since
        columns = [each if each in there else KEEP for each in known[1]]
        run.options |= {"columns": columns, "saved_columns": known[0].pk}
    else:
        run.options.pop("saved_columns", None)  # of another sheet
    run.step, run.error = ImportStep.COLUMNS, ""


def _try_out(run: ImportRun) -> None:
    run.step, run.state, run.cursor, run.counts, run.error = ImportStep.CHECK, WorkState.QUEUED, 0, {}, ""
    run.attempts, run.started_at = 0, timezone.now()
    run.save()
    queue_import(run)
