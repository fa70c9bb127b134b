"""Lever, kept in step: contacts and their opportunities, what hangs on them, webhooks that say ids only."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from ats_sync.actions.connections import change_credentials
from ats_sync.actions.events import keep_event, work_on_waiting
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection, Event
from ats_sync.providers.errors import SignInRefused
from ats_sync.vocabulary import Kind
from talentpool.models import Application, ApplicationStep, Candidate
from tests.ats_sync.comparing import STATES, ours
from tests.ats_sync.sweeping import sweep
from tests.simulators.ats.chance import random_change
from tests.simulators.ats.dialects._lever_rows import uid
from tests.simulators.ats.server import Simulator
from tests.simulators.ats.world import World


@pytest.fixture
def lever() -> Iterator[Simulator]:
    with Simulator.of("lever", people=12, seed=11, rate=1_000_000, burst=1_000_000) as simulator:
        yield simulator


def load(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(next_poll_at="2020-01-01T00:00Z")
    poll(connection.pk, worker="test")
    connection.refresh_from_db()
    assert connection.error == ""


def deliver(connection: Connection, simulator: Simulator) -> int:
    number = 0
    while simulator.webhooks.sent:
        number += keep_event(connection.pk, {}, simulator.webhooks.sent.popleft().body)
    return number


def way(world: World, row: Any) -> tuple[str, ...]:
    """Nothing for who is kept in mind without a job."""
    if not row.job_id:
        return ()
    return world.jobs.get(row.job_id).title, STATES[row.status], world.stages.get(row.stage_id).name


def theirs(world: World) -> dict[str, Any]:
    """In the shape of `ours`, as Lever shows the world: a contact without any opportunity is in no list."""
    people = [row for row in world.candidates if not row.anonymised and world.applications.where(candidate_id=row.id)]
    ids = {row.id for row in people}
    return {
        "people": {uid("contact", row.id): sorted(one["value"].lower() for one in row.emails) for row in people},
        "applications": {
            uid("opportunity", row.id): (uid("contact", row.candidate_id), *way(world, row))
            for row in world.applications
            if row.candidate_id in ids
        },
        "notes": {
            uid("note", row.id): uid("contact", row.candidate_id) for row in world.notes if row.candidate_id in ids
        },
        "files": {
            uid("file", row.id): (uid("contact", row.candidate_id), row.filename)
            for row in world.attachments
            if row.candidate_id in ids
        },
    }


def differences(connection: Connection, world: World) -> dict[str, Any]:
    here, there = ours(connection), theirs(world)
    here["people"] = {key: emails for key, (_, emails) in here["people"].items()}
    here["notes"] = {key.partition(":")[2]: owner for key, (owner, _) in here["notes"].items()}
    here["files"] = {key.partition(":")[2]: said for key, said in here["files"].items()}
    return {
        f"{kind} {key}": (there[kind].get(key), here[kind].get(key))
        for kind in there
        for key in sorted({*there[kind], *here[kind]})
        if there[kind].get(key) != here[kind].get(key)
    }


@pytest.fixture
def listening(lever, connect):
    connection = connect(lever, "lever")
    lever.webhooks.subscribe("http://127.0.0.1:9/", connection.webhook_secret)
    load(connection)
    lever.webhooks.sent.clear()
    return connection


def test_first_load_brings_everything_and_a_second_round_nothing(lever, connect):
    connection = connect(lever, "lever")
    load(connection)
    assert differences(connection, lever.world) == {}
    assert connection.loaded_at is not None
    before = Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()
    load(connection)
    assert (Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()) == before


def test_rounds_and_a_sweep_follow_random_changes(lever, connect):
    connection, dice = connect(lever, "lever"), random.Random(5)
    load(connection)
    for _ in range(3):
        for _ in range(20):
            random_change(lever.world, dice)
        load(connection)
    sweep(connection, settles=True)
    assert differences(connection, lever.world) == {}


def test_webhooks_alone_tell_of_moves_hires_and_deletions_at_once(lever, listening):
    world = lever.world
    rows = [row for row in world.applications if row.status == "active" and row.job_id]
    moved, hired, gone = rows[:3]
    later = [stage for stage in world.stages_of(None) if stage.id != moved.stage_id][-1]
    world.move(moved.id, later.id)
    world.hire(hired.id)
    world.delete_application(gone.id)
    assert deliver(listening, lever) > 3
    work_on_waiting(listening.pk, worker="test")
    assert set(Event.objects.values_list("state", flat=True)) == {"done"}

    def record(row: Any) -> AtsRecord:
        return AtsRecord.objects.get(kind=Kind.APPLICATION, external_id=uid("opportunity", row.id))

    assert record(moved).application.stage == later.name
    assert record(hired).application.state == "hired"
    assert record(gone).gone == "deleted"
    assert ours(listening)["applications"] == theirs(world)["applications"]


def test_a_replayed_message_with_other_words_is_not_heard(lever, listening):
    row = next(each for each in lever.world.applications if each.status == "active" and each.job_id)
    lever.world.withdraw(row.id)
    body = lever.webhooks.sent.popleft().body
    for _ in range(2):
        keep_event(listening.pk, {}, body)
    keep_event(listening.pk, {}, json.dumps(json.loads(body) | {"event": "candidateDeleted"}).encode())
    assert Event.objects.count() == 1


def test_tokens_that_lever_made_take_the_place_of_our_secret(lever, listening, member):
    change_credentials(listening, {"webhook_secret": "first second"}, by=member)
    lever.webhooks.hooks.clear()
    lever.webhooks.subscribe("http://127.0.0.1:9/", "second")
    row = next(each for each in lever.world.applications if each.status == "active" and each.job_id)
    lever.world.withdraw(row.id)
    assert deliver(listening, lever) == 1
    lever.webhooks.hooks.clear()
    lever.webhooks.subscribe("http://127.0.0.1:9/", listening.webhook_secret)
    lever.world.unreject(row.id)
    with pytest.raises(SignInRefused):
        deliver(listening, lever)
