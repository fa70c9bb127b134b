"""From a person's page to the ATS, many at once, Home and jobs; nothing is asked of an ATS here."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ats_sync.actions.connections import create_connection
from ats_sync.models import AtsRecord, Connection, ConnectionState, Push
from ats_sync.vocabulary import Kind
from crm.actions.bulk_runs import work_on
from crm.models import BulkRun, Role
from talentpool.actions.applications import Standing, Telling
from talentpool.actions.notes import add_note
from talentpool.actions.selections import select_people
from talentpool.models import ApplicationState, Job, Phase, Pipeline
from talentpool.search.index import outbox
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate


@pytest.fixture
def running(member):
    now = timezone.now()
    connection = create_connection("greenhouse", "Greenhouse", {}, by=member)
    Connection.objects.filter(pk=connection.pk).update(
        state=ConnectionState.ON, as_of=now, loaded_at=now, next_poll_at=now + timedelta(days=1)
    )
    connection.refresh_from_db()
    return connection


def word(connection, kind, external_id, name, **columns):
    return AtsRecord.objects.create(
        connection=connection, kind=kind, external_id=external_id, name=name, checked_at=timezone.now(), **columns
    )


@pytest.fixture
def job(running):
    job = Job.objects.create(title="ICU Nurse", location="Fresno", source=running.source, team=["Ruth Ade"])
    word(running, Kind.JOB, "70", job.title, job=job)
    return job


def applicant(connection, job, name="Ada Byron", number=1):
    person = make_candidate(name=name)
    whose = {"candidate": person, "origin": person}
    word(connection, Kind.PERSON, f"p{number}", "", **whose)
    standing = Standing("Phone screen", Phase.SCREENING, ApplicationState.OPEN)
    with Telling(timezone.now()) as telling:
        application = telling.start(person.pk, person.pk, job, connection.source, standing)
    word(connection, Kind.APPLICATION, f"a{number}", "", application=application, parent=f"p{number}", **whose)
    return person, application


def test_tab_shows_steps_and_as_of_when(client, running, job):
    person, application = applicant(running, job)
    page = client.get(f"/o/acme/people/{person.pk}/applications/").content.decode()
    assert "ATS state as of" in page
    assert "Phone screen" in page
    assert f"/ats/applications/{application.pk}/move/" in page
    assert "not sure any more" not in page
    Connection.objects.update(as_of="2026-01-01T00:00Z")
    AtsRecord.objects.update(checked_at="2026-01-01T00:00Z")
    assert "not sure any more" in client.get(f"/o/acme/people/{person.pk}/applications/").content.decode()


def test_who_may_not_push_sees_and_may_nothing(tenant, running, job):
    person, application = applicant(running, job)
    viewer = signed_in(make_member(tenant, Role.VIEWER))
    page = viewer.get(f"/o/acme/people/{person.pk}/applications/").content.decode()
    assert "Phone screen" in page
    assert "/ats/" not in page
    assert viewer.post(f"/o/acme/people/{person.pk}/ats/applications/{application.pk}/move/").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_tab_makes_the_same_queries_for_many(client, running, job, django_assert_num_queries, number):
    person, _ = applicant(running, job)
    for each in range(1, number):
        standing = Standing("Offer", Phase.OFFER, ApplicationState.OPEN)
        with Telling(timezone.now()) as telling:
            application = telling.start(person.pk, person.pk, job, running.source, standing)
        word(running, Kind.APPLICATION, f"b{each}", "", application=application, candidate=person, origin=person)
    client.get(f"/o/acme/people/{person.pk}/applications/")
    with django_assert_num_queries(22):
        client.get(f"/o/acme/people/{person.pk}/applications/")


def test_adding_shows_first_what_would_happen(client, running, job):
    person = make_candidate(name="Femi Ade", contact_points=[{"kind": "email", "value": "femi@example.org"}])
    word(running, Kind.SOURCE, "5", "Referral")
    url = f"/o/acme/people/{person.pk}/ats/add/"
    page = client.post(url, {"job": "70", "source": "5"}).content.decode()
    assert "Would be added" in page
    assert "femi@example.org" in page
    assert "Greenhouse may send its own confirmation" in page
    assert Push.objects.count() == 0
    client.post(url, {"job": "70", "source": "5", "yes": "1"})
    push = Push.objects.get()
    assert (push.kind, push.content, push.candidate) == ("add", {"job": "70", "source": "5"}, person)
    assert "Is on the way there already" in client.post(url, {"job": "70", "yes": "1"}).content.decode()
    assert Push.objects.count() == 1


def test_who_has_no_address_cannot_be_added(client, running):
    person = make_candidate(name="Nameless One")
    page = client.post(f"/o/acme/people/{person.pk}/ats/add/", {"job": "", "source": "", "yes": "1"}).content.decode()
    assert "no e-mail address or phone number" in page
    assert Push.objects.count() == 0


def test_moving_and_rejecting_ask_for_the_job_s_own_words(client, running, job):
    person, application = applicant(running, job)
    word(running, Kind.STAGE, "81", "Onsite", parent="70")
    word(running, Kind.STAGE, "82", "Stage of another job", parent="71")
    word(running, Kind.REASON, "91", "Lacks experience")
    base = f"/o/acme/people/{person.pk}/ats/applications/{application.pk}"
    page = client.get(f"{base}/move/").content.decode()
    assert "Onsite" in page
    assert "Stage of another job" not in page
    assert client.post(f"{base}/move/", {"stage": "82"}).status_code == 422
    client.post(f"{base}/move/", {"stage": "81"})
    client.post(f"{base}/reject/", {"reason": "91"})
    sent = {push.kind: push.content for push in Push.objects.all()}
    assert sent == {
        "move": {"application": "a1", "stage": "81", "seen": ""},
        "reject": {"application": "a1", "reason": "91", "seen": ""},
    }
    page = client.get(f"/o/acme/people/{person.pk}/applications/").content.decode()
    assert "on its way to Greenhouse" in page


def test_the_same_move_counts_again_once_the_ats_has_changed(client, running, job):
    person, application = applicant(running, job)
    word(running, Kind.STAGE, "81", "Onsite", parent="70")
    url = f"/o/acme/people/{person.pk}/ats/applications/{application.pk}/move/"
    client.post(url, {"stage": "81"})
    client.post(url, {"stage": "81"})
    assert Push.objects.count() == 1
    AtsRecord.objects.filter(kind=Kind.APPLICATION).update(fingerprint="newer")
    client.post(url, {"stage": "81"})
    assert Push.objects.count() == 2


def test_own_notes_go_along_and_theirs_do_not(client, member, running, job):
    person, _ = applicant(running, job)
    ours = add_note(person, "Likes nights", by=member)
    page = client.get(f"/o/acme/people/{person.pk}/ats/send/").content.decode()
    assert "Likes nights" in page
    assert client.post(f"/o/acme/people/{person.pk}/ats/send/", {}).status_code == 422
    client.post(f"/o/acme/people/{person.pk}/ats/send/", {"notes": [ours.pk]})
    assert Push.objects.get().content == {"note_id": ours.pk}


def test_many_at_once_are_looked_at_first(client, member, running, job):
    there, _ = applicant(running, job)
    new = make_candidate(name="Femi Ade", contact_points=[{"kind": "email", "value": "femi@example.org"}])
    selection = select_people(candidate_ids=[there.pk, new.pk], by=member)
    url = f"/o/acme/people/selections/{selection.pk}/ats/"
    page = client.post(url, {"job": "70", "source": ""}).content.decode()
    assert "and in process for this job" in page
    assert "Add 1" in page
    assert Push.objects.count() == 0
    client.post(url, {"job": "70", "source": "", "yes": "1"})
    run = BulkRun.objects.get()
    work_on(run.pk, worker="test")
    run.refresh_from_db()
    assert run.state == "done"
    assert sorted(run.result["sentences"]) == ["Is there already: 1.", "Would be added: 1."]
    assert Push.objects.get().candidate == new


def test_button_stands_in_the_list_only_where_an_ats_runs(client, running):
    make_candidate(name="Ada Byron")
    outbox.drain()
    assert 'value="ats"' in client.get("/o/acme/people/").content.decode()
    Connection.objects.update(state=ConnectionState.PAUSED)
    assert 'value="ats"' not in client.get("/o/acme/people/").content.decode()
    selection_page = client.get(f"/o/acme/people/{make_candidate(name='Bo').pk}/ats/add/").content.decode()
    assert "No ATS runs" in selection_page


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"state": "refused", "error": "Wrong key."}, "signed us out"),
        ({"error": "No answer.", "as_of": "2026-01-01T00:00Z"}, "is in trouble"),
        ({"as_of": "2026-01-01T00:00Z"}, "is behind"),
        ({}, ""),
    ],
)
def test_home_raises_the_alarm(client, running, columns, words):
    Connection.objects.filter(pk=running.pk).update(**columns)
    page = client.get("/o/acme/").content.decode()
    said = [each for each in ("signed us out", "is in trouble", "is behind") if each in page]
    assert said == ([words] if words else [])


def test_home_counts_what_was_not_sent(client, running):
    person, now = make_candidate(name="Ada Byron"), timezone.now()
    columns = {"candidate": person, "origin": person, "created_at": now, "next_at": now}
    Push.objects.create(connection=running, kind="tag", mark="1", state="failed", **columns)
    assert "1 change did not get to Greenhouse" in client.get("/o/acme/").content.decode()


def test_job_page_has_the_process_and_makes_a_pipeline(client, member, tenant, running, job):
    applicant(running, job)
    fitting = make_candidate(name="Femi Ade", current_title="ICU Nurse")
    colleague = make_member(tenant, Role.RECRUITER, "ruth@acme.example")
    word(running, Kind.USER, "3", "Ruth Ade", maps_to=str(colleague.pk))
    page = client.get(f"/o/acme/jobs/{job.pk}/").content.decode()
    assert "1 screening" in page
    assert "Ruth Ade" in page
    assert "1 screening" in client.get("/o/acme/jobs/").content.decode()
    client.post(f"/o/acme/jobs/{job.pk}/", {"selected": [fitting.pk]})
    pipeline = Pipeline.objects.get()
    assert (pipeline.name, pipeline.job, pipeline.owner) == ("ICU Nurse", job, colleague)
    assert [entry.candidate for entry in pipeline.entries.all()] == [fitting]


@pytest.mark.parametrize("number", [1, 3])
def test_jobs_make_the_same_queries_for_many(client, running, job, django_assert_num_queries, number):
    for each in range(number):
        applicant(running, job if not each else Job.objects.create(title=f"Job {each}"), number=each)
    client.get("/o/acme/jobs/")
    with django_assert_num_queries(10):
        client.get("/o/acme/jobs/")


@pytest.mark.parametrize("number", [1, 3])
def test_log_makes_the_same_queries_for_many(client, running, django_assert_num_queries, number):
    now = timezone.now()
    for each in range(number):
        person = make_candidate(name=f"Person {each}")
        columns = {"candidate": person, "origin": person, "created_at": now, "next_at": now}
        content = {"job": "70"}
        Push.objects.create(connection=running, kind="add", mark=str(each), content=content, **columns)
    url = f"/o/acme/settings/ats/{running.pk}/log/?show=went"
    client.get(url)
    with django_assert_num_queries(9):
        client.get(url)
