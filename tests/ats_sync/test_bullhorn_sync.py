"""Bullhorn, kept in step: rounds read what its queue of events names, and the sweep finds what it did not tell."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import Kind
from talentpool.models import Application, ApplicationStep, Candidate
from tests.ats_sync.comparing import ours
from tests.ats_sync.comparing import theirs as neutral
from tests.ats_sync.sweeping import sweep
from tests.simulators.ats.chance import random_change
from tests.simulators.ats.server import Simulator


@pytest.fixture
def bullhorn() -> Iterator[Simulator]:
    with Simulator.of("bullhorn", people=12, seed=11, limit=100_000) as simulator:
        yield simulator


def load(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(next_poll_at="2020-01-01T00:00Z")
    poll(connection.pk, worker="test")
    connection.refresh_from_db()
    assert connection.error == ""


def theirs(simulator: Simulator) -> dict[str, Any]:
    """The neutral world, of which Bullhorn shows no prospects, and the status where others have a stage."""
    world = simulator.world
    found = neutral(world)
    found["applications"] = {
        key: (*there[:3], simulator.dialect.entities.status(world.applications.get(int(key))))
        for key, there in found["applications"].items()
        if len(there) > 1
    }
    found["notes"] = {key: person for key, (person, _) in found["notes"].items()}
    return found


def differences(simulator: Simulator, connection: Connection) -> dict[str, Any]:
    there, here = theirs(simulator), ours(connection)
    here["notes"] = {key: person for key, (person, _) in here["notes"].items()}
    return {
        f"{kind} {key}": (there[kind].get(key), here[kind].get(key))
        for kind in there
        for key in sorted({*there[kind], *here[kind]})
        if there[kind].get(key) != here[kind].get(key)
    }


def test_first_load_brings_everything_and_a_second_round_nothing(bullhorn, connect):
    connection = connect(bullhorn, "bullhorn")
    load(connection)
    assert differences(bullhorn, connection) == {}
    before = Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()
    bullhorn.requests.clear()
    load(connection)
    assert len(bullhorn.requests) == 1
    assert (Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()) == before


def test_a_round_follows_a_decision_long_after_applying(bullhorn, connect):
    connection, world = connect(bullhorn, "bullhorn"), bullhorn.world
    load(connection)
    row = next(each for each in world.applications if each.status == "active" and each.job_id)
    world.reject(row.id, world.reject_reasons.ids[0])
    load(connection)
    record = AtsRecord.objects.get(kind=Kind.APPLICATION, external_id=str(row.id))
    assert (record.application.state, record.application.stage) == ("rejected", "Client Rejected")


def test_rounds_and_a_sweep_follow_random_changes(bullhorn, connect):
    connection, dice = connect(bullhorn, "bullhorn"), random.Random(6)
    load(connection)
    for _ in range(4):
        for _ in range(15):
            random_change(bullhorn.world, dice)
        load(connection)
    sweep(connection, settles=True)
    assert differences(bullhorn, connection) == {}
