"""Killing the worker in the middle of an import: real processes, real signals."""

import pytest
from django.utils import timezone

from crm.models.leased import WorkState
from talentpool.actions.import_undo import undo_import
from talentpool.actions.import_work import queue_stuck
from talentpool.actions.imports import bring_in, choose_columns, start_import
from talentpool.models import Activity, Basis, Candidate, Consent, IdentityKey, ImportRun, ImportStep, Profile, Source
from tests.workers import until

PEOPLE = 4000


@pytest.fixture
def run(celery_worker, member):
    rows = "".join(f"Person {n},person{n}@example.org\n" for n in range(PEOPLE))
    source = Source.objects.create(name="Spring job fair")
    return start_import("fair.csv", f"Name,E-mail\n{rows}".encode(), source=source, by=member, basis=Basis.CONSENT)


def now(run):
    return ImportRun.objects.get(pk=run.pk)


def test_killed_worker_loses_no_row_and_doubles_none_nor_does_undoing(run, celery_worker, member):
    worker = celery_worker()
    choose_columns(run, run.options["columns"])
    until(lambda: now(run).step == ImportStep.READY, seconds=120)
    bring_in(now(run), by=member)
    until(lambda: now(run).cursor > 0, seconds=120)
    worker.kill()
    done = now(run).cursor
    assert 0 < done < PEOPLE
    assert Profile.objects.count() == done
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())  # instead of waiting a minute
    worker.start()
    queue_stuck()  # what beat does every twenty seconds
    until(lambda: now(run).state == WorkState.DONE, seconds=240)
    assert (now(run).step, now(run).counts) == (ImportStep.OVER, {"new": PEOPLE})
    emails = sorted(Candidate.objects.values_list("email", flat=True))
    assert emails == sorted(f"person{n}@example.org" for n in range(PEOPLE))
    counts = [model.objects.count() for model in (Profile, IdentityKey, Consent)]
    assert counts == [PEOPLE, PEOPLE, PEOPLE]
    assert Activity.objects.filter(kind="received").count() == PEOPLE

    undo_import(now(run), by=member)
    until(lambda: now(run).undone["profiles"] > 0, seconds=120)
    worker.kill()
    gone = now(run).undone["profiles"]
    assert Profile.objects.count() == PEOPLE - gone
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())
    worker.start()
    queue_stuck()
    until(lambda: now(run).step == ImportStep.UNDONE, seconds=240)
    assert now(run).undone == {
        "after": now(run).undone["after"],
        "total": PEOPLE,
        "profiles": PEOPLE,
        "people": PEOPLE,
        "kept": 0,
    }
    left = [model.objects.count() for model in (Profile, IdentityKey, Consent)]
    assert (left, Candidate.objects.present().count()) == ([0, 0, 0], 0)
