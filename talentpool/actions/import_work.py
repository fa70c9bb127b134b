"""The background half of an import: trying every row out without writing, and bringing them in.

Rows are brought in by chunks, each with the cursor in one transaction, so that a chunk is done and written down or
neither; who claims the run of a dead worker goes on at the cursor.
"""

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crm.audit import record
from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope
from talentpool.actions.bulk_insert import insert_rows
from talentpool.actions.import_chunks import chunks_of, likely_total
from talentpool.actions.import_consents import grant_basis
from talentpool.actions.import_files import discard_unused, keep_resumes
from talentpool.actions.import_forecast import Forecast
from talentpool.actions.import_reading import Chunk
from talentpool.actions.import_report import (
    Verdict,
    counts_of,
    kept,
    letters_of,
    rows_of,
    twice_in_the_file,
    verdicts,
    with_changes,
)
from talentpool.actions.import_undo import undo
from talentpool.actions.imports import bring_in
from talentpool.actions.people import receive_arrivals
from talentpool.intake.rows import IncomingRow, TableRow
from talentpool.models import ImportChunk, ImportOutcome, ImportRow, ImportRun, ImportStep, Profile

MOST_ATTEMPTS = 5  # without progress between them

log = structlog.get_logger()


def work_on_import(run_id: int, *, worker: str) -> None:
    """Claims the run and works until it ends, is stopped, or another worker has it."""
    run = ImportRun.objects.select_related("file", "source", "by").filter(pk=run_id).first()
    if run is None or not run.claim(worker):
        return
    if run.attempts > MOST_ATTEMPTS:
        _fail(run, worker, "It was tried five times and never came further.")
        return
    try:
        if run.step == ImportStep.CHECK:
            _try_out(run, worker)
        elif run.step == ImportStep.UNDO:
            undo(run, worker)
        else:
            _bring_in(run, worker)
    except ValidationError as error:
        _fail(run, worker, " ".join(error.messages))
    except DatabaseError:
        raise  # the lease runs out, and the run goes on elsewhere
    except Exception:
        log.exception("import_failed", run_id=run.pk, row=run.cursor)
        _fail(run, worker, "It stopped at a fault of Rapport’s, which is in the log. What was brought in so far stays.")


def queue_stuck() -> None:
    """Imports that are due but on no queue any more: their worker died, or Valkey lost its memory."""
    from talentpool.tasks import work_on_import as task

    with connection.cursor() as cursor:
        cursor.execute("SELECT tenants_with_open_imports()")
        tenant_ids = [tenant_id for (tenant_id,) in cursor.fetchall()]
    for tenant_id in tenant_ids:
        with tenant_scope(tenant_id):
            for run_id in ImportRun.objects.claimable().values_list("pk", flat=True):
                task.delay(run_id)


def _try_out(run: ImportRun, worker: str) -> None:
    """What the run would make of each row. It is decided as there, chunk by chunk, and nobody is written."""
    forecast = Forecast()
    with transaction.atomic():
        ImportRow.objects.filter(run=run).delete()
        ImportChunk.objects.filter(run=run).delete()
    run.cursor, run.counts, run.total = 0, {}, run.total or likely_total(run)
    with contextlib.closing(chunks_of(run, to_be_written=False)) as chunks:
        for chunk in chunks:
            if not _try_out_chunk(run, chunk, forecast, worker):
                return
    done = {"counts": run.counts, "total": run.cursor, "cursor": run.cursor}
    if run.close(worker, WorkState.DONE, step=ImportStep.READY, **done) and run.options.get("by_itself"):
        run.refresh_from_db(fields=["step", "state"])
        bring_in(run, by=run.by)


def _try_out_chunk(run: ImportRun, chunk: Chunk, forecast: Forecast, worker: str) -> bool:
    found = verdicts(chunk.rows, forecast.receive(chunk.arrivals), _numbers(chunk))
    found = twice_in_the_file(found, partial(forecast.first_rows, before=chunk.rows[0].number))
    with transaction.atomic():
        insert_rows(rows_of(run, with_changes(kept(found, run.counts))))
        ImportChunk.objects.create(run=run, start=chunk.start, letters=letters_of(found))
        run.cursor += len(chunk.rows)
        run.counts = counts_of(found, run.counts)
        total = max(run.total, run.cursor)
        if not run.renew(worker, cursor=run.cursor, counts=run.counts, total=total):
            transaction.set_rollback(True)
            return False
    return True


def _bring_in(run: ImportRun, worker: str) -> None:
    with contextlib.closing(chunks_of(run, start=run.cursor, to_be_written=True)) as chunks:
        for chunk in chunks:
            if not _bring_in_chunk(run, chunk, worker):
                return
    with transaction.atomic():
        if run.close(worker, WorkState.DONE, step=ImportStep.OVER, ended_at=timezone.now()):
            record("import.done", run, by=run.by, **run.counts)


@transaction.atomic
def _bring_in_chunk(run: ImportRun, chunk: Chunk, worker: str) -> bool:
    """One transaction; False when the run was stopped or belongs to another worker by now, and nothing was done."""
    now = timezone.now()
    resumes = [row for row in chunk.rows if isinstance(row, IncomingRow) and row.resume and not row.problem]
    files = keep_resumes(resumes, by=run.by)
    for each in chunk.arrivals if files else ():
        each.record = replace(each.record, file_id=files.get(each.record.row_number or 0))
    received = receive_arrivals(chunk.arrivals, by=run.by, now=now)
    discard_unused(files.values())
    found = twice_in_the_file(verdicts(chunk.rows, received, _numbers(chunk)), partial(_first_rows, run, chunk))
    _grant(run, found, now)
    _replace_rows(run, chunk.rows, kept(found, run.counts))
    ImportChunk.objects.update_or_create(run=run, start=chunk.start, defaults={"letters": letters_of(found)})
    run.counts = counts_of(found, run.counts)
    run.cursor += len(chunk.rows)
    if not run.renew(worker, cursor=run.cursor, counts=run.counts, total=max(run.total, run.cursor), attempts=0):
        transaction.set_rollback(True)
        return False
    return True


def _numbers(chunk: Chunk) -> dict[int, int]:
    return dict(enumerate(row.number for row in chunk.rows if not row.problem))


def _first_rows(run: ImportRun, chunk: Chunk, people: set[int]) -> dict[int, int]:
    theirs = Profile.objects.filter(import_run=run, candidate__in=people, row_number__lt=chunk.rows[0].number)
    return {pk: row for pk, row in theirs.order_by("-row_number").values_list("candidate_id", "row_number") if row}


def _grant(run: ImportRun, found: Iterable[Verdict], now: datetime) -> None:
    people = {each.candidate_id: each.row.number for each in found if each.candidate_id is not None}
    new = {each.candidate_id for each in found if each.outcome is ImportOutcome.NEW and each.candidate_id is not None}
    grant_basis(run, people, new=new, now=now)


def _replace_rows(run: ImportRun, chunk: Sequence[IncomingRow | TableRow], shown: Sequence[Verdict]) -> None:
    """The rows of the trial give way; what the trial said about new facts stays with them."""
    tried = ImportRow.objects.filter(run=run, number__gte=chunk[0].number, number__lte=chunk[-1].number)
    foreseen = dict(tried.filter(outcome=ImportOutcome.UPDATED).values_list("number", "reason"))
    tried.delete()
    rows = rows_of(run, shown)
    for row in rows:
        row.reason = row.reason or foreseen.get(row.number, "")
    insert_rows(rows)


def _fail(run: ImportRun, worker: str, sentence: str) -> None:
    """A trial that fails goes back to the columns; a run can go on from where it stopped."""
    run.close(worker, WorkState.FAILED, error=sentence, ended_at=timezone.now())
