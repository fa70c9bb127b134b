"""An ATS that takes few requests, and workers that die in between: everything goes on from where it stood."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ats_sync.actions import reading, rounds, sweeps
from ats_sync.actions.connections import pause_connection
from ats_sync.actions.rounds import poll
from ats_sync.actions.sweeps import start_sweep, work_on_sweep
from ats_sync.budget import ConnectionBudget
from ats_sync.models import AtsRecord, Connection, Drift, Sweep
from ats_sync.providers.errors import Throttled
from ats_sync.vocabulary import Kind
from crm.models.leased import WorkState
from talentpool.models import File
from tests.ats_sync.comparing import differences
from tests.ats_sync.sweeping import sweep

AT_ONCE = 12  # requests that the ATS takes before it wants a pause; a page of jobs takes six
MOST_TASKS = 100


class Narrow:
    """So many requests are taken, then none until somebody waited."""

    def __init__(self) -> None:
        self.left, self.waited = AT_ONCE, 0

    def take(self, budget: ConnectionBudget) -> None:
        budget.alive()
        if not self.left:
            self.left, self.waited = AT_ONCE, self.waited + 1
            raise Throttled(30)
        self.left -= 1


@pytest.fixture
def narrow(monkeypatch):
    limit = Narrow()
    monkeypatch.setattr(ConnectionBudget, "take", lambda budget: limit.take(budget))  # noqa: PLW0108 - it is no method
    monkeypatch.setattr(reading, "FILES_AT_ONCE", 2)
    return limit


def load(connection):
    for _ in range(MOST_TASKS):
        Connection.objects.filter(pk=connection.pk).update(next_poll_at="2020-01-01T00:00Z")
        poll(connection.pk, worker="test")
        connection.refresh_from_db()
        if connection.loaded_at:
            return
    raise AssertionError("the first load did not end")


def test_first_load_ends_although_the_ats_and_its_storage_want_pauses(greenhouse, connect, narrow):
    greenhouse.faults.add("too_many", path="/files/*", times=6, chance=0.5, retry_after=60)
    connection = connect(greenhouse)
    load(connection)
    assert narrow.waited > 1
    assert differences(connection, greenhouse.world) == {}
    assert File.objects.exists()


def test_sweep_goes_on_after_each_pause_that_the_ats_wants(greenhouse, connect, narrow):
    connection = connect(greenhouse)
    load(connection)
    with greenhouse.world.silently():
        greenhouse.world.edit_candidate(next(iter(greenhouse.world.candidates)).id, last_name="Renamed")
    narrow.waited = 0
    look = sweep(connection, settles=True)
    assert (look.state, look.error) == (WorkState.DONE, "")
    assert narrow.waited > 1
    assert look.there == {kind: number for kind, number in look.here.items() if kind in look.there}
    assert differences(connection, greenhouse.world) == {}


class Killed(BaseException):
    """What no worker can catch."""


def test_sweep_goes_on_where_its_worker_died(greenhouse, connect, monkeypatch):
    connection = connect(greenhouse)
    load(connection)
    step, steps = sweeps._Look._step, []

    def deadly(look, kind):
        steps.append(kind)
        if len(steps) == 6:
            raise Killed
        return step(look, kind)

    monkeypatch.setattr(sweeps._Look, "_step", deadly)
    look = start_sweep(connection, settles=False)
    with pytest.raises(Killed):
        work_on_sweep(look.pk, worker="first")
    work_on_sweep(look.pk, worker="second")
    look.refresh_from_db()
    assert (look.state, look.worker) == (WorkState.RUNNING, "first"), "the lease holds until it runs out"
    Sweep.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work_on_sweep(look.pk, worker="second")
    look.refresh_from_db()
    assert (look.state, look.missed, look.gone) == (WorkState.DONE, 0, 0)
    assert steps[6] == steps[5], "it goes on with the kind that was looked through"
    assert look.there == {kind: number for kind, number in look.here.items() if kind in look.there}
    assert Drift.objects.count() == 0


def test_load_and_sweep_of_many_turns(greenhouse, connect, monkeypatch):
    monkeypatch.setattr(rounds, "TURN", 0.0)
    monkeypatch.setattr(sweeps, "TURN", 0.0)
    connection = connect(greenhouse)
    load(connection)
    assert differences(connection, greenhouse.world) == {}
    look = sweep(connection, settles=True)
    assert (look.state, look.missed, look.gone) == (WorkState.DONE, 0, 0)
    assert look.attempts > len(look.there)


def test_stopping_a_connection_stops_its_sweep(greenhouse, connect, monkeypatch, member):
    connection = connect(greenhouse)
    load(connection)
    step = sweeps._Look._step

    def pausing(look, kind):
        monkeypatch.setattr(sweeps._Look, "_step", step)
        pause_connection(connection, by=member)
        return step(look, kind)

    monkeypatch.setattr(sweeps._Look, "_step", pausing)
    look = start_sweep(connection, settles=True)
    work_on_sweep(look.pk, worker="test")
    look.refresh_from_db()
    assert look.state == WorkState.CANCELLED
    assert look.error == "It was stopped."


def test_one_sweep_at_a_time(greenhouse, connect):
    connection = connect(greenhouse)
    assert start_sweep(connection, settles=True) == start_sweep(connection, settles=False)
    assert Sweep.objects.count() == 1


def test_file_that_could_not_be_fetched_comes_with_the_next_look(greenhouse, connect):
    greenhouse.faults.add("error", path="*/files/*", times=1, status=503)
    connection = connect(greenhouse)
    load(connection)
    left = AtsRecord.objects.filter(connection=connection, kind=Kind.FILE, file=None)
    assert left.count() == 1
    sweep(connection, settles=True)
    assert left.count() == 0
    assert differences(connection, greenhouse.world) == {}
