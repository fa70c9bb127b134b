"""Settings, ATS: connecting, how a connection stands, what its words mean, what came and went."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from ats_sync.actions.connections import map_words
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection, ConnectionState, Drift, Event, Push, Round
from ats_sync.queries.words import likely_ending
from ats_sync.vocabulary import Kind
from crm.models import Role
from talentpool.models import Application, Phase
from tests.ats_sync.sweeping import sweep
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate
from tests.simulators.ats.server import Simulator

BASE = "/o/acme/settings/ats/"


@pytest.fixture
def greenhouse():
    """Smaller than the sync's own tests have it: here the pages matter."""
    with Simulator.of("greenhouse", people=4, seed=7, limit=100_000) as simulator:
        yield simulator


def loaded(connect, simulator):
    connection = connect(simulator)
    poll(connection.pk, worker="test")
    connection.refresh_from_db()
    return connection


def made(member, **columns):
    """A connection without an ATS behind it."""
    from ats_sync.actions.connections import create_connection

    connection = create_connection("greenhouse", columns.pop("name", "Greenhouse"), {"client_id": "c"}, by=member)
    Connection.objects.filter(pk=connection.pk).update(**columns)
    connection.refresh_from_db()
    return connection


def test_gallery_offers_every_provider(client, tenant):
    answer = client.get(BASE).content.decode()
    assert "?provider=greenhouse" in answer
    assert "Connected" not in answer
    assert client.get(BASE + "new/?provider=nobody").status_code == 404


def test_connecting_tries_the_credentials_out_and_names_what_is_missing(client, greenhouse):
    greenhouse.faults.add("forbid", path="/v3/offers")
    known = greenhouse.credentials()
    said = {"name": "Our Greenhouse", **{name: known[name] for name in ("client_id", "client_secret", "url")}}
    answer = client.post(BASE + "new/?provider=greenhouse", said, follow=True)
    connection = Connection.objects.get()
    assert (connection.name, connection.state) == ("Our Greenhouse", ConnectionState.SETTING_UP)
    assert [kind for kind, _ in connection.missing] == ["offer"]
    page = answer.content.decode()
    assert "harvest:offers:list" in page
    assert known["client_secret"] not in page
    assert known["client_secret"] not in client.get(f"{BASE}{connection.pk}/credentials/").content.decode()


def test_wrong_credentials_are_said_and_can_be_changed(client, greenhouse):
    said = {"name": "G", "client_id": "nobody", "client_secret": "wrong", "url": greenhouse.url}
    page = client.post(BASE + "new/?provider=greenhouse", said, follow=True).content.decode()
    assert "lets nobody in" in page
    connection = Connection.objects.get()
    known = greenhouse.credentials()
    again = {"client_id": known["client_id"], "client_secret": known["client_secret"], "url": greenhouse.url}
    page = client.post(f"{BASE}{connection.pk}/credentials/", again, follow=True).content.decode()
    assert "It lets us in" in page


def test_secret_that_is_left_empty_stays(client, member):
    connection = made(member)
    Connection.objects.filter(pk=connection.pk).update(
        credentials=json.dumps({"client_id": "a", "client_secret": "kept", "url": "http://127.0.0.1:9"})
    )
    client.post(
        f"{BASE}{connection.pk}/credentials/", {"client_id": "b", "client_secret": "", "url": "http://127.0.0.1:9"}
    )
    connection.refresh_from_db()
    assert json.loads(connection.credentials)["client_secret"] == "kept"
    assert json.loads(connection.credentials)["client_id"] == "b"


def test_name_that_is_taken_is_refused_with_a_sentence(client, member):
    made(member)
    said = {"name": "greenhouse", "client_id": "c", "client_secret": "s", "url": ""}
    answer = client.post(BASE + "new/?provider=greenhouse", said)
    assert answer.status_code == 422
    assert "called “greenhouse” already" in answer.content.decode()


def test_recruiter_may_look_and_change_nothing(tenant, member):
    connection = made(member)
    recruiter = signed_in(make_member(tenant, Role.RECRUITER))
    page = recruiter.get(f"{BASE}{connection.pk}/")
    assert page.status_code == 200
    assert connection.webhook_secret not in page.content.decode()
    assert recruiter.get(f"{BASE}{connection.pk}/mapping/").status_code == 200
    for act in ("start", "pause", "end", "check", "sweep", "settle"):
        assert recruiter.post(f"{BASE}{connection.pk}/{act}/").status_code == 403
    assert recruiter.get(BASE + "new/?provider=greenhouse").status_code == 403


def test_start_pause_and_disconnect(client, member, greenhouse, connect):
    connection = connect(greenhouse)
    steps = [("pause", ConnectionState.PAUSED), ("start", ConnectionState.ON), ("end", ConnectionState.ENDED)]
    for act, state in steps:
        client.post(f"{BASE}{connection.pk}/{act}/")
        connection.refresh_from_db()
        assert connection.state == state
    assert connection.credentials == "{}"
    page = client.post(f"{BASE}{connection.pk}/start/", follow=True).content.decode()
    assert "Connect it anew" in page


def test_page_says_as_of_when_and_what_waits(client, member):
    now = timezone.now()
    connection = made(member, state=ConnectionState.ON, as_of=now, loaded_at=now)
    Event.objects.create(
        connection=connection, mark="1", body=b"", received_at=now, next_at=now, state="failed", error="Odd"
    )
    page = client.get(f"{BASE}{connection.pk}/").content.decode()
    assert "In step" in page
    assert "ATS state as of <b" in page
    assert "every 2s" not in page
    Event.objects.create(connection=connection, mark="2", body=b"", received_at=now, next_at=now)
    assert "every 2s" in client.get(f"{BASE}{connection.pk}/").content.decode()


def test_old_state_says_so(client, member):
    long_ago = timezone.now() - timedelta(hours=2)
    connection = made(member, state=ConnectionState.ON, as_of=long_ago, loaded_at=long_ago, started_at=long_ago)
    page = client.get(f"{BASE}{connection.pk}/").content.decode()
    assert "Behind" in page
    assert "2 h ago" in page


def test_first_load_shows_how_far_it_is(client, member):
    connection = made(member, state=ConnectionState.ON)
    began = timezone.now() - timedelta(seconds=100)
    Round.objects.create(connection=connection, kind=Kind.PERSON, began_at=began, read=1000, total=4000)
    part = client.get(f"{BASE}{connection.pk}/", headers={"HX-Request": "true", "HX-Target": "state"}).content.decode()
    assert "1,000 of 4,000" in part
    assert "about 5 min left" in part
    assert 'max="4000"' in part
    assert "<html" not in part


def test_comparing_lists_what_differs_and_settling_takes_it_over(client, greenhouse, connect):
    connection = loaded(connect, greenhouse)
    row = next(iter(greenhouse.world.candidates))
    with greenhouse.world.silently():
        greenhouse.world.edit_candidate(row.id, last_name="Renamed")
    sweep(connection, settles=False)
    page = client.get(f"{BASE}{connection.pk}/").content.decode()
    assert "Take over what the ATS says" in page
    assert f"<code>{row.id}</code>" in page
    sweep(connection, settles=False)
    assert Drift.objects.filter(state="found").count() == 1  # a later look takes the earlier one's place
    sweep(connection, settles=True)
    assert Drift.objects.filter(state="found").count() == 0


def test_unknown_provider_is_said_and_breaks_nothing(client, member):
    connection = made(member, provider="forgotten")
    for path in ("", "mapping/", "log/", "settings/"):
        assert client.get(f"{BASE}{connection.pk}/{path}").status_code == 200
    page = client.post(f"{BASE}{connection.pk}/check/", follow=True).content.decode()
    assert "does not know that ATS" in page


@pytest.mark.parametrize("number", [1, 3])
def test_list_makes_the_same_queries_for_many(client, member, django_assert_num_queries, number):
    for each in range(number):
        made(member, name=f"G{each}", state=ConnectionState.ON)
    client.get(BASE)
    with django_assert_num_queries(7):
        client.get(BASE)


def test_words_get_their_meaning_and_applications_follow(client, tenant, greenhouse, connect):
    connection = loaded(connect, greenhouse)
    colleague = make_member(tenant, Role.RECRUITER, next(row.email for row in greenhouse.world.users if row.email))
    application = Application.objects.exclude(stage="").filter(state="open").first()
    stage = AtsRecord.objects.filter(kind=Kind.STAGE, name=application.stage).first()
    other = AtsRecord.objects.filter(kind=Kind.STAGE).exclude(pk=stage.pk).first()
    page = client.get(f"{BASE}{connection.pk}/mapping/").content.decode()
    assert f"word-{stage.pk}" in page
    assert f'<option value="{colleague.pk}" selected>' in page
    wrong = {f"word-{stage.pk}": "offer", f"word-{other.pk}": "banquet"}
    answer = client.post(f"{BASE}{connection.pk}/mapping/", wrong)
    assert (answer.status_code, "can’t mean that" in answer.content.decode()) == (422, True)
    assert AtsRecord.objects.get(pk=stage.pk).maps_to == stage.maps_to
    client.post(f"{BASE}{connection.pk}/mapping/", {f"word-{stage.pk}": Phase.OFFER.value})
    application.refresh_from_db()
    stage.refresh_from_db()
    assert (stage.maps_to, application.phase) == ("offer", "offer")
    reason = AtsRecord.objects.filter(kind=Kind.REASON).first()
    job = greenhouse.world.jobs.get(int(AtsRecord.objects.get(kind=Kind.JOB, job=application.job).external_id))
    department = AtsRecord.objects.get(kind=Kind.DEPARTMENT, external_id=str(job.department_id))
    client.post(
        f"{BASE}{connection.pk}/mapping/", {f"word-{reason.pk}": "withdrawn", f"word-{department.pk}": "Bedside"}
    )
    record = AtsRecord.objects.get(kind=Kind.APPLICATION, application=application)
    with greenhouse.world.silently():
        greenhouse.world.reject(int(record.external_id), int(reason.external_id))
        greenhouse.world.edit_job(job.id, title="Renamed")
    Connection.objects.update(next_poll_at="2020-01-01T00:00Z")
    poll(connection.pk, worker="test")
    application.refresh_from_db()
    assert (application.state, application.reason) == ("withdrawn", reason.name)
    assert (application.job.title, application.job.department) == ("Renamed", "Bedside")


def test_two_hundred_stages_are_one_page(client, member, django_assert_max_num_queries):
    connection = made(member)
    now = timezone.now()
    AtsRecord.objects.bulk_create(
        AtsRecord(connection=connection, kind=Kind.STAGE, external_id=str(n), name=f"Stage {n}", checked_at=now)
        for n in range(200)
    )
    with django_assert_max_num_queries(9):
        page = client.get(f"{BASE}{connection.pk}/mapping/").content.decode()
    assert page.count("<select") == 200
    assert "data-filter" in page


def test_endings_are_guessed_by_their_words():
    said = ["Candidate withdrew", "Declined our offer", "Lacks experience", "Accepted another position"]
    assert [likely_ending(each) for each in said] == ["withdrawn", "withdrawn", "rejected", "withdrawn"]


def test_log_shows_both_directions_and_what_failed_is_tried_again(client, member):
    connection = made(member, state=ConnectionState.ON)
    person, now = make_candidate(name="Ada Byron"), timezone.now()
    columns = {"connection": connection, "candidate": person, "origin": person, "created_at": now, "next_at": now}
    failed = Push.objects.create(
        **columns, kind="tag", mark="1", state="failed", error="No such tag", content={"tags": ["x"]}
    )
    queued = Push.objects.create(**columns, kind="note", mark="2")
    Event.objects.create(connection=connection, mark="1", body=b"", received_at=now, next_at=now, says="Person 17")
    assert "Person 17" in client.get(f"{BASE}{connection.pk}/log/").content.decode()
    page = client.get(f"{BASE}{connection.pk}/log/?show=went").content.decode()
    assert "Ada Byron" in page
    assert "No such tag" in page
    only = client.get(f"{BASE}{connection.pk}/log/?show=went&state=failed&before=junk").content.decode()
    assert "push" in only
    assert f"pushes/{queued.pk}/cancel" not in only
    client.post(f"{BASE}{connection.pk}/pushes/{failed.pk}/retry/")
    client.post(f"{BASE}{connection.pk}/pushes/{queued.pk}/cancel/")
    failed.refresh_from_db()
    queued.refresh_from_db()
    assert (failed.state, queued.state) == ("queued", "cancelled")


def test_map_words_of_another_connection_is_left_alone(member):
    first, second = made(member), made(member, name="Second")
    word = AtsRecord.objects.create(
        connection=second, kind=Kind.STAGE, external_id="1", name="Offer", checked_at=timezone.now()
    )
    assert map_words(first, {word.pk: "offer"}, by=member) == 0


def test_stages_of_one_name_get_their_phase_at_once(client, member):
    connection, now = made(member), timezone.now()
    columns = {"connection": connection, "kind": Kind.STAGE, "checked_at": now, "maps_to": "screening"}
    for number in range(3):
        AtsRecord.objects.create(external_id=str(number), name="Chat", parent=f"job {number}", **columns)
    first = AtsRecord.objects.order_by("pk").first()
    url = f"{BASE}{connection.pk}/mapping/"
    assert "in 3 jobs" in client.get(url).content.decode()
    client.post(url, {f"word-{first.pk}": "interview"})
    assert set(AtsRecord.objects.values_list("maps_to", flat=True)) == {"interview"}
    client.post(url + "?by=job", {f"word-{first.pk}": "offer"})
    assert sorted(AtsRecord.objects.values_list("maps_to", flat=True)) == ["interview", "interview", "offer"]
    assert "Differs from job to job" in client.get(url).content.decode()
    client.post(url, {f"word-{first.pk}": "*"})
    assert sorted(AtsRecord.objects.values_list("maps_to", flat=True)) == ["interview", "interview", "offer"]


def test_connection_leads_to_what_candidates_are_told(client, member):
    connection = made(member)
    leads = '<a class="button small" href="/o/acme/campaigns/status/">'
    assert leads in client.get(f"{BASE}{connection.pk}/").content.decode()
    Connection.objects.filter(pk=connection.pk).update(state=ConnectionState.ENDED)
    assert leads not in client.get(f"{BASE}{connection.pk}/").content.decode()
