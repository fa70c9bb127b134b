from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.actions import bulk_runs
from crm.models import AuditEntry, BulkRun
from crm.models.leased import WorkState
from tests.crm import kinds  # noqa: F401  (registers the kind)
from tests.workers import until


def counted() -> list[int]:
    entries = AuditEntry.objects.filter(verb="test.counted").order_by("pk")
    return [entry.detail["number"] for entry in entries]


def start(member, **params):
    return bulk_runs.start_bulk_run("test_count", {"total": 25, **params}, by=member, title="Counting", total=25)


def test_run_does_every_row_once(member):
    run = start(member)
    bulk_runs.work_on(run.pk, worker="one")
    run.refresh_from_db()
    assert (run.state, run.done, run.worker) == (WorkState.DONE, 25, "one")
    assert counted() == list(range(25))


def test_run_that_is_worked_on_twice_is_done_once(member):
    run = start(member)
    bulk_runs.work_on(run.pk, worker="one")
    bulk_runs.work_on(run.pk, worker="two")
    assert counted() == list(range(25))


def test_run_held_by_another_worker_is_left_alone(member):
    run = start(member)
    assert run.claim("one")
    bulk_runs.work_on(run.pk, worker="two")
    assert counted() == []


def test_run_whose_lease_ran_out_goes_on_where_it_was(member):
    run = start(member)
    run.claim("dead")
    BulkRun.objects.filter(pk=run.pk).update(
        cursor={"next": 20}, done=20, lease_until=timezone.now() - timedelta(minutes=5)
    )
    assert list(bulk_runs.tenants_with_open_runs()) == [member.tenant_id]
    bulk_runs.work_on(run.pk, worker="heir")
    run.refresh_from_db()
    assert (run.state, run.done, run.attempts, counted()) == (WorkState.DONE, 25, 2, [20, 21, 22, 23, 24])


def test_cancelled_run_stops_and_keeps_what_is_done(member):
    run = start(member)
    bulk_runs.cancel_bulk_run(run, by=member)
    bulk_runs.work_on(run.pk, worker="one")
    run.refresh_from_db()
    assert (run.state, counted()) == (WorkState.CANCELLED, [])
    with pytest.raises(ValidationError, match="ended already"):
        bulk_runs.cancel_bulk_run(run, by=member)


def test_fault_fails_the_run_in_words_and_undoes_its_slice(member):
    run = start(member, fails_at=10)
    bulk_runs.work_on(run.pk, worker="one")
    run.refresh_from_db()
    assert (run.state, run.done, counted()) == (WorkState.FAILED, 10, list(range(10)))
    assert run.error.startswith("It stopped at a fault of Rapport's")


@pytest.mark.django_db(transaction=True)
def test_killed_worker_loses_nothing_and_doubles_nothing(celery_worker, member):
    worker = celery_worker("tests.crm.kinds")
    run = start(member, total=200, pause=0.05)
    until(lambda: BulkRun.objects.get(pk=run.pk).done >= 30)
    worker.kill()
    done = BulkRun.objects.get(pk=run.pk).done
    assert 30 <= done < 200
    BulkRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())  # instead of waiting two minutes
    worker.start()
    bulk_runs.queue_stuck()  # what beat does every half minute
    until(lambda: BulkRun.objects.get(pk=run.pk).state == WorkState.DONE)
    assert counted() == list(range(200))
