"""Background acts upon many rows: started, worked on in slices, cancelled, taken over when a worker dies.

An app registers a kind with `@bulk_kind("name")`: a function that does the next slice of a run and returns how many
rows it did, 0 when nothing is left. It runs inside a transaction that also saves `run.cursor`, so that a slice is done
and written down, or neither.

A kind may be a generator instead, whose every step is such a slice: it can hold something open from the first to the
last, a snapshot for instance, and is closed however the run ends. Who takes such a run over begins it anew.
"""

import inspect
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from crm.audit import record
from crm.models import BulkRun, Member
from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope

Slice = Callable[[BulkRun], int] | Callable[[BulkRun], Generator[int, None, None]]
KINDS: dict[str, Slice] = {}
MOST_ATTEMPTS = 5

log = structlog.get_logger()


def bulk_kind(name: str) -> Callable[[Slice], Slice]:
    def register(work: Slice) -> Slice:
        KINDS[name] = work
        return work

    return register


@transaction.atomic
def start_bulk_run(
    kind: str, params: dict[str, Any], *, by: Member, title: str, total: int = 0, back_url: str = ""
) -> BulkRun:
    from crm.tasks import work_on_bulk_run  # tasks stand above actions; queueing follow-up work is the exception

    run = _new_run(kind, params, by=by, title=title, total=total, back_url=back_url)
    work_on_bulk_run.delay(run.pk)
    return run


def finish_bulk_run(
    kind: str, params: dict[str, Any], *, by: Member, title: str, total: int = 0, back_url: str = ""
) -> BulkRun:
    """A run upon so few that the page waits for its end; should the page die, a worker takes it over."""
    run = _new_run(kind, params, by=by, title=title, total=total, back_url=back_url)
    work_on(run.pk, worker=f"page {run.pk}")
    run.refresh_from_db()
    return run


@transaction.atomic
def _new_run(kind: str, params: dict[str, Any], *, by: Member, **shown: Any) -> BulkRun:
    if kind not in KINDS:
        raise LookupError(f"No bulk kind “{kind}” is registered.")
    run: BulkRun = BulkRun.objects.create(kind=kind, params=params, by=by, **shown)
    record("bulk_run.started", run, by=by, kind=kind)
    return run


@transaction.atomic
def cancel_bulk_run(run: BulkRun, *, by: Member) -> None:
    if not run.cancel():
        raise ValidationError("It has ended already.")
    BulkRun.objects.filter(pk=run.pk).update(ended_at=timezone.now())
    record("bulk_run.cancelled", run, by=by)


def work_on(run_id: int, *, worker: str) -> None:
    """Claim the run and do its slices until it ends, is cancelled, or another worker has it."""
    run = BulkRun.objects.filter(pk=run_id).first()
    if run is None or not run.claim(worker):
        return
    if run.attempts > MOST_ATTEMPTS:
        run.close(worker, WorkState.FAILED, error="It was tried five times and never came to an end.", ended_at=_now())
        return
    try:
        with _slices(run) as next_slice:
            while _do_slice(run, worker, next_slice):
                pass
    except ValidationError as error:
        run.close(worker, WorkState.FAILED, error=" ".join(error.messages), ended_at=_now())
    except Exception:
        log.exception("bulk_run_failed", run_id=run.pk, kind=run.kind)
        sentence = "It stopped at a fault of Rapport's, which is in the log. What was done so far stays done."
        run.close(worker, WorkState.FAILED, error=sentence, ended_at=_now())


@contextmanager
def _slices(run: BulkRun) -> Iterator[Callable[[], int]]:
    """What does the next slice."""
    kind: Any = KINDS[run.kind]
    if not inspect.isgeneratorfunction(kind):
        yield lambda: kind(run)
        return
    run.cursor, run.done = {}, 0
    with closing(kind(run)) as steps:
        yield lambda: next(steps, 0)


def _do_slice(run: BulkRun, worker: str, next_slice: Callable[[], int]) -> bool:
    """One slice in one transaction; False when the run is over."""
    with transaction.atomic():
        number = next_slice()
        run.done += number
        kept = run.renew(worker, cursor=run.cursor, done=run.done, total=max(run.total, run.done), result=run.result)
        if not kept:  # cancelled, or the lease ran out and another worker goes on
            transaction.set_rollback(True)
            return False
    if number == 0:
        run.close(worker, WorkState.DONE, ended_at=_now())
        return False
    return True


def queue_stuck() -> None:
    """Runs that are due but on no queue any more: their worker died, or Valkey lost its memory."""
    from crm.tasks import work_on_bulk_run

    for tenant_id in tenants_with_open_runs():
        with tenant_scope(tenant_id):
            for run_id in BulkRun.objects.claimable().values_list("pk", flat=True):
                work_on_bulk_run.delay(run_id)


def tenants_with_open_runs() -> Iterator[int]:
    """Ids from a function of the owner's that looks across tenants and tells nothing but ids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenants_with_open_runs()")
        yield from [tenant_id for (tenant_id,) in cursor.fetchall()]


def _now() -> datetime:
    return timezone.now()
