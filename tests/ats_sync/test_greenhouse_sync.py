"""Greenhouse, kept in step: first load, changes by webhook and by round, sweeps, pushes."""

import random

from ats_sync.actions.applying import Batch
from ats_sync.actions.events import work_on_waiting
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection, Event, Round
from ats_sync.providers.greenhouse import Greenhouse
from ats_sync.vocabulary import Kind
from talentpool.actions import key_rows
from talentpool.actions.merges import unmerge
from talentpool.models import Application, ApplicationStep, Candidate, Merge
from tests.ats_sync.comparing import differences
from tests.ats_sync.delivering import deliver, load
from tests.ats_sync.sweeping import sweep
from tests.simulators.ats.chance import random_change


def test_first_load_brings_everything(greenhouse, connect):
    connection = connect(greenhouse)
    load(connection)
    assert differences(connection, greenhouse.world) == {}
    assert connection.as_of is not None
    assert connection.loaded_at is not None
    assert Round.objects.filter(connection=connection, began_at=None).count() == len(Greenhouse.kinds)


def test_second_round_asks_for_changes_only_and_changes_nothing(greenhouse, connect):
    connection = connect(greenhouse)
    load(connection)
    before = Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()
    load(connection)
    assert (Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()) == before


def test_rounds_alone_follow_random_changes(greenhouse, connect):
    connection = connect(greenhouse)
    load(connection)
    dice = random.Random(5)
    for _ in range(60):
        random_change(greenhouse.world, dice)
    load(connection)
    sweep(connection, settles=True)
    assert differences(connection, greenhouse.world) == {}


def test_webhooks_alone_tell_of_moves_at_once(greenhouse, listening):
    load(listening)
    world = greenhouse.world
    application = next(row for row in world.applications if row.status == "active" and not row.prospect)
    later = [stage for stage in world.stages_of(application.job_id) if stage.id != application.stage_id][-1]
    world.move(application.id, later.id)
    assert deliver(listening, greenhouse) == 1
    work_on_waiting(listening.pk, worker="test")
    assert Event.objects.get().state == "done"
    record = AtsRecord.objects.get(kind=Kind.APPLICATION, external_id=str(application.id))
    assert record.application.stage == later.name


def test_merge_there_is_a_merge_here_and_stays_undone_when_somebody_undid_it(greenhouse, listening):
    load(listening)
    loser, winner = (row for row in list(greenhouse.world.candidates)[:2])
    ours_of = {
        row.id: AtsRecord.objects.get(kind=Kind.PERSON, external_id=str(row.id)).candidate_id for row in (loser, winner)
    }
    greenhouse.world.merge(loser.id, winner.id)
    deliver(listening, greenhouse)
    work_on_waiting(listening.pk, worker="test")
    assert Candidate.objects.get(pk=ours_of[loser.id]).merged_into_id == ours_of[winner.id]
    merge = Merge.objects.get()
    unmerge(merge, by=listening.by)
    load(listening)
    sweep(listening, settles=True)
    assert Candidate.objects.get(pk=ours_of[loser.id]).merged_into_id is None


def test_batch_in_which_people_come_go_and_are_merged_holds_keys_in_order(greenhouse, listening, monkeypatch):
    """Held one after the other, a worker and a member would wait for each other for ever."""
    load(listening)
    world = greenhouse.world
    batches: list[list[set[int]]] = [[]]
    hold_batch, hold_keys = Batch.hold, key_rows._hold

    def begin(batch):
        batches.append([])
        hold_batch(batch)

    def hold(wanted):
        batches[-1].append(set(wanted))
        hold_keys(batches[-1][-1])

    monkeypatch.setattr(Batch, "hold", begin)
    monkeypatch.setattr(key_rows, "_hold", hold)
    first, second, third = (row.id for row in list(world.candidates)[:3])
    world.merge(first, second)
    world.anonymise(third)
    dice = random.Random(3)
    for _ in range(20):
        random_change(world, dice)
    deliver(listening, greenhouse)
    work_on_waiting(listening.pk, worker="test")
    Connection.objects.update(next_poll_at="2020-01-01T00:00Z")
    poll(listening.pk, worker="test")
    assert any(len(held) > 1 for held in batches)
    for first_held, *later in filter(None, batches):
        assert all(wanted <= first_held for wanted in later)
