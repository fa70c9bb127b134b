"""A mapped ATS, kept in step; and the page on which the mapping is written and tried out."""

import json
import random
from collections.abc import Iterator

import pytest

from ats_sync.actions.connections import create_connection
from ats_sync.actions.events import keep_event, work_on_waiting
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import Kind
from crm.models import Role
from tests.ats_sync.comparing import ours
from tests.ats_sync.generic_mapping import mapping, mapping_text
from tests.ats_sync.sweeping import sweep
from tests.ats_sync.test_lever_sync import way
from tests.conftest import make_member, signed_in
from tests.simulators.ats.chance import random_change
from tests.simulators.ats.server import Simulator

BASE = "/o/acme/settings/ats/"


@pytest.fixture
def plain() -> Iterator[Simulator]:
    with Simulator.of("generic", people=10, seed=11, paging="cursor") as simulator:
        yield simulator


@pytest.fixture
def mapped(plain, connect):
    return connect(plain, "generic", mapping=mapping_text("cursor"))


def load(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(next_poll_at="2020-01-01T00:00Z")
    poll(connection.pk, worker="test")
    connection.refresh_from_db()
    assert connection.error == ""


def both_sides(connection: Connection, simulator: Simulator):
    """Nobody is anonymised by a plain list: it shows the words that stand in the person's place."""
    world, here = simulator.world, ours(connection)
    there = {
        "people": {str(row.id): sorted(one["value"].lower() for one in row.emails) for row in world.candidates},
        "applications": {str(row.id): (str(row.candidate_id), *way(world, row)) for row in world.applications},
        "notes": {str(row.id): str(row.candidate_id) for row in world.notes},
        "files": {str(row.id): (str(row.candidate_id), row.filename) for row in world.attachments},
    }
    ours_now = {
        "people": {key: emails for key, (_, emails) in here["people"].items()},
        "applications": here["applications"],
        "notes": {key: person for key, (person, _) in here["notes"].items()},
        "files": here["files"],
    }
    return ours_now, there


def test_first_load_changes_and_a_sweep_end_in_equal_states(plain, mapped):
    load(mapped)
    here, there = both_sides(mapped, plain)
    assert here == there
    dice = random.Random(5)
    for _ in range(40):
        random_change(plain.world, dice)
    load(mapped)
    sweep(mapped, settles=True)
    here, there = both_sides(mapped, plain)
    assert here == there


def test_webhooks_tell_at_once(plain, mapped):
    plain.webhooks.subscribe("http://127.0.0.1:9/", mapped.webhook_secret)
    load(mapped)
    plain.webhooks.sent.clear()
    row = next(each for each in plain.world.applications if each.status == "active" and each.job_id)
    plain.world.withdraw(row.id)
    while plain.webhooks.sent:
        sent = plain.webhooks.sent.popleft()
        keep_event(mapped.pk, {name.lower(): value for name, value in sent.headers.items()}, sent.body)
    work_on_waiting(mapped.pk, worker="test")
    record = AtsRecord.objects.get(kind=Kind.APPLICATION, external_id=str(row.id))
    assert record.application.state == "withdrawn"


def test_page_shows_what_first_records_become_and_keeps_nothing_before_it_is_saved(client, plain, mapped):
    url = f"{BASE}{mapped.pk}/answers/"
    assert "How its answers are read" in client.get(f"{BASE}{mapped.pk}/").content.decode()
    row = plain.world.candidates.get(plain.world.candidates.ids[-1])
    said = mapping("cursor")
    said["lists"]["person"]["fields"]["headline"] = "=Somebody"
    plain.faults.add("forbid", path="/api/notes")

    page = client.post(url, {"mapping": json.dumps(said), "try": ""}).content.decode()

    assert "Somebody" in page
    assert row.emails[0]["value"] in page
    assert "The ATS does not allow this" in page
    assert "generic-token" not in page
    mapped.refresh_from_db()
    assert "Somebody" not in mapped.credentials
    assert AtsRecord.objects.count() == 0
    client.post(url, {"mapping": json.dumps(said), "save": ""})
    mapped.refresh_from_db()
    assert json.loads(json.loads(mapped.credentials)["mapping"]) == said
    assert json.loads(mapped.credentials)["token"] == "generic-token"
    assert "Somebody" in client.get(url).content.decode()


def test_wrong_mapping_is_said_and_a_profile_can_be_begun_with(client, member):
    connection = create_connection("generic", "Taleo", {"profile": "taleo", "account": "x.example"}, by=member)
    url = f"{BASE}{connection.pk}/answers/"
    answer = client.post(url, {"mapping": "{", "save": ""})
    assert answer.status_code == 422
    assert "no JSON" in answer.content.decode()
    assert "candidateapplication" in client.get(url).content.decode()
    assert "Report_Entry" in client.get(f"{url}?profile=workday").content.decode()
    assert client.get(f"{url}?profile=nothing").status_code == 404


def test_only_who_may_manage_sees_it_and_only_for_a_mapped_ats(client, member):
    generic = create_connection("generic", "Plain", {}, by=member)
    other = create_connection("greenhouse", "Greenhouse", {}, by=member)
    assert client.get(f"{BASE}{generic.pk}/answers/").status_code == 200
    answer = client.get(f"{BASE}{other.pk}/answers/", follow=True)
    assert "Its answers are read without a mapping" in answer.content.decode()
    assert answer.redirect_chain[0][0] == f"{BASE}{other.pk}/"
    recruiter = signed_in(make_member(member.tenant, Role.RECRUITER))
    assert recruiter.get(f"{BASE}{generic.pk}/answers/").status_code == 403
