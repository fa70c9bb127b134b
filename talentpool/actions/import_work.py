"""The background half of an import: trying every row out without writing, and bringing them in.

Rows are brought in by chunks, each with the cursor in one transaction, so that a chunk is done and written down or
neither; who claims the run of a dead worker goes on at the cursor.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crm.audit import record
from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope
from talentpool.actions.arrivals import Arrival, arrivals_of, settle
from talentpool.actions.bulk_insert import insert_rows
from talentpool.actions.files import content_of
from talentpool.actions.import_consents import grant_basis
from talentpool.actions.import_files import discard_unused, keep_resumes
from talentpool.actions.import_report import Verdict, counts_of, kept, rows_of, verdicts, with_changes
from talentpool.actions.imports import open_table
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.identity.matching import Matching
from talentpool.intake.rows import IncomingRow, resume_rows, table_row
from talentpool.intake.sizes import refuse_rows
from talentpool.models import ImportOutcome, ImportRow, ImportRun, ImportStep, Profile
from talentpool.person import PersonFields

MOST_ATTEMPTS = 5  # without progress between them
RESUME_CHUNK = 20  # they are read before the transaction, some of them slowly

log = structlog.get_logger()
T = TypeVar("T")


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
    """What receive_profiles would make of each row; reads only."""
    matching = Matching()
    seen: dict[tuple[int, str], Arrival] = {}
    rows: list[IncomingRow] = []
    arrivals: list[Arrival] = []
    for chunk in _chunks(_rows(run), _chunk_size(run)):
        batch = arrivals_of([_record(run, row) for row in chunk if not row.problem], len(arrivals))
        settle(batch, matching, seen)
        arrivals += map(_lightened, batch)
        rows += [replace(row, raw={}, suggestions=(), text="", resume=None) for row in chunk]
        if not run.renew(worker, cursor=len(rows), total=max(run.total, len(rows)), attempts=0):
            return
    numbers = dict(enumerate(row.number for row in rows if not row.problem))
    found = verdicts(rows, (each.answer() for each in arrivals), numbers)
    with transaction.atomic():
        ImportRow.objects.filter(run=run).delete()
        insert_rows(rows_of(run, with_changes(kept(found))))
        counts = counts_of(found)
        if not run.close(
            worker, WorkState.DONE, step=ImportStep.READY, counts=counts, total=len(rows), cursor=len(rows)
        ):
            transaction.set_rollback(True)


def _lightened(arrival: Arrival) -> Arrival:
    """Without what only its own batch asked about: a trial holds every row of the file until its end."""
    arrival.record = replace(arrival.record, fields=PersonFields(), raw={}, suggestions=())
    arrival.fields, arrival.raw, arrival.suggestions, arrival.keys = PersonFields(), {}, [], []
    return arrival


def _bring_in(run: ImportRun, worker: str) -> None:
    for chunk in _chunks(_rows(run, start=run.cursor), _chunk_size(run)):
        if not _bring_in_chunk(run, chunk, worker):
            return
    with transaction.atomic():
        if run.close(worker, WorkState.DONE, step=ImportStep.OVER, ended_at=timezone.now()):
            record("import.done", run, by=run.by, **run.counts)


@transaction.atomic
def _bring_in_chunk(run: ImportRun, chunk: Sequence[IncomingRow], worker: str) -> bool:
    """One transaction; False when the run was stopped or belongs to another worker by now, and nothing was done."""
    now = timezone.now()
    coming = [row for row in chunk if not row.problem]
    files = keep_resumes([row for row in coming if row.resume], by=run.by)
    received = receive_profiles([_record(run, row, files.get(row.number)) for row in coming], by=run.by, now=now)
    discard_unused(files.values())
    numbers = dict(enumerate(row.number for row in coming))
    found = _with_earlier_chunks(run, verdicts(chunk, received, numbers))
    _grant(run, found, now)
    _replace_rows(run, chunk, kept(found, run.counts))
    run.counts = counts_of(found, run.counts)
    run.cursor += len(chunk)
    if not run.renew(worker, cursor=run.cursor, counts=run.counts, total=max(run.total, run.cursor), attempts=0):
        transaction.set_rollback(True)
        return False
    return True


def _with_earlier_chunks(run: ImportRun, found: list[Verdict]) -> list[Verdict]:
    """People whom an earlier chunk of this run has brought in are twice in the file, not known from before."""
    known = {each.candidate_id for each in found if each.outcome in (ImportOutcome.UPDATED, ImportOutcome.UNCHANGED)}
    theirs = Profile.objects.filter(
        import_run_id=run.pk, candidate__in=known - {None}, row_number__lt=found[0].row.number
    )
    first = dict(theirs.order_by("-row_number").values_list("candidate_id", "row_number"))
    return [
        Verdict(
            each.row, ImportOutcome.DUPLICATE, f"The same person as row {first[each.candidate_id]:,}", each.candidate_id
        )
        if each.candidate_id in first and each.outcome in (ImportOutcome.UPDATED, ImportOutcome.UNCHANGED)
        else each
        for each in found
    ]


def _grant(run: ImportRun, found: Iterable[Verdict], now: datetime) -> None:
    people = {each.candidate_id: each.row.number for each in found if each.candidate_id is not None}
    grant_basis(run, people, now=now)


def _replace_rows(run: ImportRun, chunk: Sequence[IncomingRow], shown: Sequence[Verdict]) -> None:
    """The rows of the trial give way; what the trial said about new facts stays with them."""
    tried = ImportRow.objects.filter(run=run, number__gte=chunk[0].number, number__lte=chunk[-1].number)
    foreseen = dict(tried.filter(outcome=ImportOutcome.UPDATED).values_list("number", "reason"))
    tried.delete()
    rows = rows_of(run, shown)
    for row in rows:
        row.reason = row.reason or foreseen.get(row.number, "")
    insert_rows(rows)


def _rows(run: ImportRun, start: int = 0) -> Iterator[IncomingRow]:
    """From the row after the first `start`; `total` is known when it begins."""
    if not run.is_table:
        yield from resume_rows(content_of(run.file), run.file.name, start=start)
        return
    table = open_table(run)
    rows = list(itertools.islice(table.rows, settings.IMPORT_MAX_ROWS + 1))
    refuse_rows(len(rows))
    run.total = len(rows)
    for row in rows[start:]:
        yield table_row(row, table.headings, run.options["columns"])


def _record(run: ImportRun, row: IncomingRow, file_id: int | None = None) -> IncomingRecord:
    return IncomingRecord(
        source=run.source,
        kind=row.kind,
        fields=row.fields,
        suggestions=row.suggestions,
        raw=row.raw,
        external_id=row.external_id,
        file_id=file_id,
        import_run_id=run.pk,
        row_number=row.number,
    )


def _chunk_size(run: ImportRun) -> int:
    return int(settings.IMPORT_CHUNK) if run.is_table else RESUME_CHUNK


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    rows = iter(rows)
    while chunk := list(itertools.islice(rows, size)):
        yield chunk


def _fail(run: ImportRun, worker: str, sentence: str) -> None:
    """A trial that fails goes back to the columns; a run can go on from where it stopped."""
    run.close(worker, WorkState.FAILED, error=sentence, ended_at=timezone.now())
