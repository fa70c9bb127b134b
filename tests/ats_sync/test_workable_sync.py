"""Workable, kept in step: a person on two jobs is two of its candidates and one of ours."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from ats_sync.actions.events import keep_event, work_on_waiting
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection, Event
from ats_sync.providers.errors import SignInRefused
from ats_sync.vocabulary import Kind
from ats_sync.wording import plain_text
from talentpool.models import Application, ApplicationStep, Candidate
from tests.ats_sync.comparing import STATES, ours
from tests.ats_sync.sweeping import sweep
from tests.simulators.ats.chance import random_change
from tests.simulators.ats.dialects._workable_rows import id_of, notes_of, resume_of, stage_of
from tests.simulators.ats.server import Simulator


@pytest.fixture
def workable() -> Iterator[Simulator]:
    with Simulator.of("workable", people=12, seed=11, limit=1_000_000) as simulator:
        yield simulator


def load(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(next_poll_at="2020-01-01T00:00Z")
    poll(connection.pk, worker="test")
    connection.refresh_from_db()
    assert connection.error == ""


def theirs(simulator: Simulator) -> dict[str, Any]:
    """In the shape of `ours`, as Workable shows the world; who is in the talent pool is in no process."""
    world = simulator.world
    person = world.candidates.get
    present = [row for row in world.applications if not person(row.candidate_id).anonymised]
    resumes = {row.id: resume for row in present if (resume := resume_of(world, row))}
    return {
        "people": {
            id_of(row.id): sorted(one["value"].lower() for one in person(row.candidate_id).emails[:1])
            for row in present
        },
        "applications": {
            id_of(row.id): (
                id_of(row.id),
                *(
                    (world.jobs.get(row.job_id).title, STATES[row.status], stage_of(world, row)["name"])
                    if row.job_id
                    else ()
                ),
            )
            for row in present
        },
        "notes": {
            f"{id_of(row.id)}:{id_of(note.id)}": (id_of(row.id), plain_text(note.body))
            for row in present
            for note in notes_of(world, row)
        },
        "files": {f"{id_of(row)}:resume": (id_of(row), resume.filename) for row, resume in resumes.items()},
    }


def held(connection: Connection) -> dict[str, Any]:
    here = ours(connection)
    return here | {"people": {key: emails for key, (_, emails) in here["people"].items()}}


def test_first_load_brings_everything_and_a_second_changes_nothing(workable, connect):
    connection = connect(workable, "workable")
    load(connection)
    assert held(connection) == theirs(workable)
    assert connection.missing == []
    before = Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()
    load(connection)
    assert (Candidate.objects.count(), Application.objects.count(), ApplicationStep.objects.count()) == before


def test_two_of_its_candidates_are_one_person_with_two_applications(workable, connect):
    connection = connect(workable, "workable")
    world = workable.world
    twice = world.add_candidate(first_name="Two", last_name="Jobs", emails=[{"value": "two@mail.example"}])
    both = [id_of(world.apply(twice.id, job).id) for job in world.jobs.ids[:2]]
    load(connection)

    profiles = [record.profile for record in AtsRecord.objects.filter(kind=Kind.PERSON, external_id__in=both)]
    assert len(profiles) == 2
    (candidate,) = {profile.candidate_id for profile in profiles}
    assert {row.job.title for row in Application.objects.filter(candidate=candidate)} == {
        world.jobs.get(job).title for job in world.jobs.ids[:2]
    }


def test_rounds_and_a_sweep_follow_random_changes(workable, connect):
    connection = connect(workable, "workable")
    load(connection)
    dice = random.Random(5)
    for _ in range(60):
        random_change(workable.world, dice)
    load(connection)
    sweep(connection, settles=True)
    assert held(connection) == theirs(workable)


def test_webhooks_are_heard_when_they_are_signed_with_the_token(workable, connect):
    connection = connect(workable, "workable")
    load(connection)
    for secret in (connection.webhook_secret, workable.credentials()["token"]):
        workable.webhooks.subscribe("http://127.0.0.1:9/", secret).enabled = True
    world = workable.world
    row = next(row for row in world.applications if row.status == "active" and row.job_id)
    gone = next(one for one in world.applications if one.candidate_id != row.candidate_id and one.job_id)
    later = [stage for stage in world.stages_of(row.job_id) if stage.id != row.stage_id][-1]
    world.move(row.id, later.id)
    world.delete_candidate(gone.candidate_id)
    refused = 0
    for delivery in [*workable.webhooks.sent, *workable.webhooks.sent]:
        try:
            headers = {name.lower(): value for name, value in delivery.headers.items()}
            keep_event(connection.pk, headers, delivery.body)
        except SignInRefused:
            refused += 1
    work_on_waiting(connection.pk, worker="test")

    assert Event.objects.count() == Event.objects.filter(state="done").count() == refused / 2 == 2
    records = {record.external_id: record for record in AtsRecord.objects.filter(kind=Kind.APPLICATION)}
    assert records[id_of(row.id)].application.stage == later.name
    assert records[id_of(gone.id)].gone == "deleted"
