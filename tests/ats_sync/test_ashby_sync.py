"""Ashby, kept in step: first load, rounds, webhooks and sweeps end in equal states."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from ats_sync.actions.events import keep_event, work_on_waiting
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection, Event
from ats_sync.vocabulary import Kind
from ats_sync.wording import plain_text
from talentpool.models import Application, ApplicationStep, Candidate
from tests.ats_sync.comparing import STATES, ours
from tests.ats_sync.sweeping import sweep
from tests.simulators.ats.chance import random_change
from tests.simulators.ats.dialects._ashby_rows import applications_of, current_stage, uuid_of
from tests.simulators.ats.server import Simulator
from tests.simulators.ats.world import World


@pytest.fixture
def ashby() -> Iterator[Simulator]:
    with Simulator.of("ashby", people=12, seed=11, limit=1_000_000) as simulator:
        yield simulator


def load(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(next_poll_at="2020-01-01T00:00Z")
    poll(connection.pk, worker="test")
    connection.refresh_from_db()
    assert connection.error == ""


def theirs(world: World) -> dict[str, Any]:
    """In the shape of `ours`, as Ashby shows the world."""
    present = [row for row in world.candidates if not row.anonymised]
    ids = {row.id for row in present}
    return {
        "people": {uuid_of(row.id): sorted(one["value"].lower() for one in row.emails) for row in present},
        "applications": {
            uuid_of(row.id): (
                uuid_of(row.candidate_id),
                world.jobs.get(row.job_id).title,
                STATES[row.status],
                current_stage(world, row)["title"],
            )
            for person in present
            for row in applications_of(world, person.id)
        },
        "notes": {
            uuid_of(row.id): (uuid_of(row.candidate_id), plain_text(row.body))
            for row in world.notes
            if row.candidate_id in ids
        },
        "files": {
            uuid_of(row.id): (uuid_of(row.candidate_id), row.filename)
            for row in world.attachments
            if row.candidate_id in ids
        },
    }


def held(connection: Connection) -> dict[str, Any]:
    here = ours(connection)
    return here | {"people": {key: emails for key, (_, emails) in here["people"].items()}}


def listening(connect: Any, ashby: Simulator) -> Connection:
    connection = connect(ashby, "ashby")
    hook = ashby.webhooks.subscribe("http://127.0.0.1:9/", connection.webhook_secret)
    hook.enabled = True
    ashby.webhooks.sent.clear()
    return connection


def deliver(connection: Connection, ashby: Simulator, *, times: int = 1) -> int:
    """What the simulator sent to nobody comes in, as the web door would take it."""
    bodies = [({name.lower(): value for name, value in one.headers.items()}, one.body) for one in ashby.webhooks.sent]
    for headers, body in bodies * times:
        keep_event(connection.pk, headers, body)
    ashby.webhooks.sent.clear()
    return len(bodies)


def test_first_load_brings_everything_and_a_second_changes_nothing(ashby, connect):
    connection = connect(ashby, "ashby")
    load(connection)
    assert held(connection) == theirs(ashby.world)
    assert set(connection.missing) == set()
    before = Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()
    load(connection)
    assert (Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()) == before


def test_rounds_and_a_sweep_follow_random_changes(ashby, connect):
    connection = connect(ashby, "ashby")
    load(connection)
    dice = random.Random(5)
    for _ in range(60):
        random_change(ashby.world, dice)
    load(connection)
    sweep(connection, settles=True)
    assert held(connection) == theirs(ashby.world)


def test_webhooks_alone_tell_at_once_and_each_only_once(ashby, connect):
    connection = listening(connect, ashby)
    load(connection)
    world = ashby.world
    shown = [row for person in world.candidates for row in applications_of(world, person.id)]
    hired, moved = [row for row in shown if row.status == "active"][:2]
    later = [stage for stage in world.stages_of(moved.job_id) if stage.id != moved.stage_id][-1]
    world.hire(hired.id)
    world.move(moved.id, later.id)
    number = deliver(connection, ashby, times=2)
    work_on_waiting(connection.pk, worker="test")

    assert number == Event.objects.count() == Event.objects.filter(state="done").count() >= 5
    records = {row.external_id: row for row in AtsRecord.objects.filter(kind=Kind.APPLICATION)}
    assert records[uuid_of(hired.id)].application.state == "hired"
    assert records[uuid_of(moved.id)].application.stage == later.name
    steps = ApplicationStep.objects.filter(application=records[uuid_of(moved.id)].application, stage=later.name)
    assert steps.count() == 1


def test_a_merge_and_a_deletion_are_told_by_webhook(ashby, connect):
    connection = listening(connect, ashby)
    load(connection)
    loser, winner, gone = list(ashby.world.candidates)[:3]
    ashby.world.merge(loser.id, winner.id)
    ashby.world.delete_candidate(gone.id)
    deliver(connection, ashby)
    work_on_waiting(connection.pk, worker="test")
    load(connection)

    here, there = held(connection), theirs(ashby.world)
    assert (here["people"], here["applications"]) == (there["people"], there["applications"])
    people = {record.external_id: record for record in AtsRecord.objects.filter(kind=Kind.PERSON)}
    assert (people[uuid_of(loser.id)].gone, people[uuid_of(loser.id)].into) == ("merged", uuid_of(winner.id))
    assert people[uuid_of(gone.id)].gone == "deleted"
