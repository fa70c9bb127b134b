"""Messages and changes of our own while an ATS lets nobody ask, and with several workers at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ats_sync import tasks
from ats_sync.actions import events, pushes
from ats_sync.actions.events import work_on_waiting
from ats_sync.actions.pushes import push, send_waiting
from ats_sync.budget import ConnectionBudget, Share
from ats_sync.models import AtsRecord, Event, Push, PushKind
from ats_sync.providers.base import Rate
from ats_sync.providers.errors import Throttled
from ats_sync.providers.greenhouse import Greenhouse
from ats_sync.vocabulary import Kind
from crm.models.leased import WorkState
from talentpool.models import Candidate
from tests.ats_sync.delivering import deliver, load


@pytest.fixture
def running(greenhouse, listening):
    load(listening)
    return listening


@pytest.fixture
def called(monkeypatch):
    """Tasks that were called for."""
    names = []
    for part in (events, pushes):
        monkeypatch.setattr(part, "call", lambda task, connection_id: names.append(task.name.rpartition(".")[2]))
    return names


def rename(connection, greenhouse, name):
    greenhouse.world.edit_candidate(next(iter(greenhouse.world.candidates)).id, last_name=name)
    deliver(connection, greenhouse)


def make_offer(connection, greenhouse):
    """Of which a message says no more than its id."""
    application = next(row for row in greenhouse.world.applications if row.status == "active" and not row.prospect)
    greenhouse.world.make_offer(application.id)
    deliver(connection, greenhouse)


def budget_of(connection, share=Share.BACKGROUND, **more):
    return ConnectionBudget(connection.pk, Greenhouse.rate, share, **more)


def let_nobody_ask(connection):
    with pytest.raises(Throttled):
        budget_of(connection).told(429, {"retry-after": "60"})


def states(model=Event):
    return [WorkState(state).label for state in model.objects.order_by("pk").values_list("state", flat=True)]


def tag_somebody(connection, tag, member, *, place):
    record = AtsRecord.objects.filter(connection=connection, kind=Kind.PERSON).order_by("pk")[place]
    return push(connection, record.candidate, PushKind.TAG, {"tags": [tag]}, by=member)


def test_what_needs_no_question_is_taken_over_while_the_ats_lets_nobody_ask(greenhouse, running):
    make_offer(running, greenhouse)
    rename(running, greenhouse, "Renamed-Meanwhile")
    let_nobody_ask(running)
    work_on_waiting(running.pk, worker="test")
    assert states() == ["Waiting", "Done"]
    assert Candidate.objects.filter(family_name="Renamed-Meanwhile").exists()
    asking = Event.objects.get(state=WorkState.QUEUED)
    assert asking.attempts == 0
    assert asking.next_at > timezone.now() + timedelta(seconds=30)


def test_what_hangs_on_something_unknown_is_asked_for_and_the_rest_is_not(greenhouse, running):
    with greenhouse.world.silently():
        new = greenhouse.world.add_candidate(first_name="Ngozi", last_name="Weiß")
    job = next(row for row in greenhouse.world.jobs if row.status == "open")
    greenhouse.world.apply(new.id, job.id)
    deliver(running, greenhouse)
    rename(running, greenhouse, "Renamed-Meanwhile")
    AtsRecord.objects.filter(kind=Kind.JOB, external_id=str(job.id)).delete()
    asked = len(greenhouse.requests)
    work_on_waiting(running.pk, worker="test")
    assert states() == ["Done", "Done"]
    assert len(greenhouse.requests) > asked
    record = AtsRecord.objects.get(kind=Kind.APPLICATION, parent=str(new.id))
    assert record.application.job.title == job.title  # read anew


def test_one_worker_goes_through_a_connections_messages_and_another_one_after_its_lease(greenhouse, running):
    rename(running, greenhouse, "First")
    first = Event.objects.get()
    now = timezone.now()
    Event.objects.update(state=WorkState.RUNNING, worker="another", lease_until=now + Event.LEASE)
    rename(running, greenhouse, "Second")
    work_on_waiting(running.pk, worker="test")
    assert states() == ["Running", "Waiting"]
    Event.objects.filter(pk=first.pk).update(lease_until=now - timedelta(seconds=1))  # killed
    work_on_waiting(running.pk, worker="test")
    assert states() == ["Done", "Done"]
    assert Candidate.objects.filter(family_name="Second").exists()


def test_a_turn_that_is_over_calls_for_the_next_one(greenhouse, running, monkeypatch, called):
    monkeypatch.setattr(events, "TURN", 0.0)
    monkeypatch.setattr(events, "AT_ONCE", 1)
    rename(running, greenhouse, "First")
    rename(running, greenhouse, "Second")
    called.clear()
    work_on_waiting(running.pk, worker="test")
    assert (states(), called) == (["Done", "Waiting"], ["work_on_events"])
    tasks.work_on_events(running.pk)
    assert states() == ["Done", "Done"]


def test_no_more_goes_to_the_ats_than_its_limit_has_room_for(greenhouse, running, member, monkeypatch):
    monkeypatch.setattr(Greenhouse, "rate", Rate(requests=1, seconds=60, burst=40))
    for _ in range(36):
        budget_of(running, Share.PEOPLE).take()
    tag_somebody(running, "one", member, place=0)
    tag_somebody(running, "two", member, place=1)
    send_waiting(running.pk, worker="test")
    assert states(Push) == ["Done", "Waiting"]
    assert not Push.objects.exclude(attempts=0).exists()


def test_nothing_goes_to_an_ats_that_lets_nobody_ask(greenhouse, running, member):
    tag_somebody(running, "one", member, place=0)
    let_nobody_ask(running)
    send_waiting(running.pk, worker="test")
    assert states(Push) == ["Waiting"]


@pytest.mark.parametrize("burst", [4, 10, 20, 50])
def test_a_first_load_that_asks_for_all_it_may_have_keeps_no_change_of_ours_waiting(
    greenhouse, running, member, monkeypatch, burst
):
    monkeypatch.setattr(Greenhouse, "rate", Rate(requests=60, seconds=60, burst=burst))
    for share in (Share.BACKGROUND, Share.NEWS):
        with pytest.raises(Throttled):
            while True:
                budget_of(running, share, patience=0.0).take()
    tag_somebody(running, "one", member, place=0)
    send_waiting(running.pk, worker="test")
    assert states(Push) == ["Done"]
