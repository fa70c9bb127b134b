"""Odoo, kept in step: there are no webhooks, so rounds bring what changed and the sweep finds what is gone."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from ats_sync.actions.connections import map_words
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import Kind
from talentpool.models import Application, ApplicationStep, Candidate
from tests.ats_sync.comparing import STATES, ours
from tests.ats_sync.sweeping import sweep
from tests.simulators.ats.chance import random_change
from tests.simulators.ats.server import Simulator


@pytest.fixture(params=[18, 19])
def odoo(request) -> Iterator[Simulator]:
    """18 knows people, 19 only applications."""
    with Simulator.of("odoo", people=12, seed=11, version=request.param) as simulator:
        yield simulator


def load(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(next_poll_at="2020-01-01T00:00Z")
    poll(connection.pk, worker="test")
    connection.refresh_from_db()
    assert connection.error == ""


def theirs(simulator: Simulator) -> dict[str, Any]:
    """In the shape of `ours`, as Odoo shows the world."""
    world, has_people = simulator.world, simulator.dialect.version == 18

    def owner(row: Any) -> str:
        if has_people:
            return str(row.candidate_id)
        return str(row.application_id or world.applications.where(candidate_id=row.candidate_id)[0].id)

    people = {
        str(row.id if has_people else application.id): row
        for row in world.candidates
        for application in world.applications.where(candidate_id=row.id)
    }
    return {
        "people": {key: sorted(one["value"].lower() for one in row.emails[:1]) for key, row in people.items()},
        "applications": {
            str(row.id): (str(row.candidate_id if has_people else row.id), *way(simulator, row))
            for row in world.applications
        },
        "notes": {str(row.id): owner(row) for row in world.notes},
        "files": {str(row.id): (owner(row), row.filename) for row in world.attachments},
    }


def way(simulator: Simulator, row: Any) -> tuple[str, ...]:
    """Nothing for who is kept in mind without a job."""
    if not row.job_id:
        return ()
    _, stage = simulator.dialect.models.stage(row)
    return simulator.world.jobs.get(row.job_id).title, STATES[row.status], stage


def differences(simulator: Simulator, connection: Connection) -> dict[str, Any]:
    here, there = ours(connection), theirs(simulator)
    here["people"] = {key: emails for key, (_, emails) in here["people"].items()}
    here["notes"] = {key: owner for key, (owner, _) in here["notes"].items()}
    return {
        f"{kind} {key}": (there[kind].get(key), here[kind].get(key))
        for kind in there
        for key in sorted({*there[kind], *here[kind]})
        if there[kind].get(key) != here[kind].get(key)
    }


def test_first_load_brings_everything_and_a_second_round_nothing(odoo, connect):
    connection = connect(odoo, "odoo")
    load(connection)
    assert differences(odoo, connection) == {}
    before = Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()
    load(connection)
    assert (Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()) == before


def test_a_round_follows_a_refusal_long_after_applying(odoo, connect):
    connection, world = connect(odoo, "odoo"), odoo.world
    load(connection)
    world.clock.advance(3600)
    row = next(each for each in world.applications if each.status == "active" and each.job_id)
    world.reject(row.id, world.reject_reasons.where(kind="us")[0].id)
    load(connection)
    record = AtsRecord.objects.get(kind=Kind.APPLICATION, external_id=str(row.id))
    assert (record.application.state, record.application.reason) == ("rejected", "Lacks the licence")


def test_rounds_and_a_sweep_follow_random_changes(odoo, connect):
    connection, dice = connect(odoo, "odoo"), random.Random(5)
    load(connection)
    for _ in range(4):
        for _ in range(15):
            random_change(odoo.world, dice)
        odoo.world.clock.advance(1200)
        load(connection)
    sweep(connection, settles=True)
    assert differences(odoo, connection) == {}


def test_odoo_says_where_it_writes_to_people_itself(odoo, connect):
    """Its first stage and one reason have a template."""
    connection = connect(odoo, "odoo")
    load(connection)
    mailing = AtsRecord.objects.filter(content__mails=True).order_by("kind").values_list("kind", "name")
    assert [kind for kind, _ in mailing] == [Kind.REASON, Kind.STAGE]


def test_a_reason_in_any_language_is_a_withdrawal_when_it_was_mapped_so(odoo, connect):
    """By its id: the same reason is called otherwise where the user's language is another."""
    connection, world = connect(odoo, "odoo"), odoo.world
    ours = world.reject_reasons.where(kind="us")[0]
    ours.name = "Vom Bewerber zurückgezogen"
    load(connection)
    reason = AtsRecord.objects.get(kind=Kind.REASON, external_id=str(ours.id))
    assert (reason.name, reason.maps_to) == ("Vom Bewerber zurückgezogen", "")
    assert map_words(connection, {reason.pk: "withdrawn"}, by=connection.by) == 1
    ours.name = "Retiré par le candidat"
    row = next(each for each in world.applications if each.status == "active" and each.job_id)
    world.clock.advance(3600)
    world.reject(row.id, ours.id)
    load(connection)
    application = AtsRecord.objects.get(kind=Kind.APPLICATION, external_id=str(row.id)).application
    assert application.state == "withdrawn"


def test_odoos_own_reasons_begin_as_what_they_are_and_can_be_mapped_otherwise(odoo, connect):
    connection, world = connect(odoo, "odoo"), odoo.world
    load(connection)
    theirs = world.reject_reasons.where(kind="them")[0]
    reason = AtsRecord.objects.get(kind=Kind.REASON, external_id=str(theirs.id))
    assert reason.maps_to == "withdrawn"
    map_words(connection, {reason.pk: "rejected"}, by=connection.by)
    row = next(each for each in world.applications if each.status == "active" and each.job_id)
    world.clock.advance(3600)
    world.withdraw(row.id, theirs.id)
    load(connection)
    application = AtsRecord.objects.get(kind=Kind.APPLICATION, external_id=str(row.id)).application
    assert application.state == "rejected"
