"""Disconnecting: what came is kept, or what came from there alone is taken away."""

import json

import pytest
from django.core.exceptions import ValidationError

from ats_sync.actions import removal
from ats_sync.actions.applying import apply_changes
from ats_sync.actions.connections import create_connection, end_connection
from ats_sync.actions.removal import remove_slice, start_removal
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection, ConnectionState, Push, Remainder
from ats_sync.providers.errors import Refused
from ats_sync.queries.connections import webhook_url
from ats_sync.queries.removal import removal_of
from ats_sync.vocabulary import Kind
from crm.actions.bulk_runs import KINDS, cancel_bulk_run, work_on
from crm.models import AuditEntry, BulkRun, Role
from crm.models.leased import WorkState
from talentpool.actions.merges import merge_candidates
from talentpool.actions.notes import add_note
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.actions.pipelines import add_to_pipeline, create_pipeline
from talentpool.actions.tags import tag_named, tag_people
from talentpool.models import (
    Activity,
    Application,
    ApplicationStep,
    Candidate,
    CandidateTag,
    ErasedKey,
    File,
    FileContent,
    IdentityKey,
    Job,
    Note,
    Profile,
    ProfileKind,
    Source,
    Tag,
)
from talentpool.person import PersonFields
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.simulators.ats.server import Simulator

BASE = "/o/acme/settings/ats/"


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch):
    monkeypatch.setattr(removal, "SLICE", 4)
    monkeypatch.setattr(removal, "ROWS", 50)


@pytest.fixture
def loaded(greenhouse, connect):
    person = next(iter(greenhouse.world.candidates))
    greenhouse.world.edit_candidate(person.id, tags=["Night shift", "VIP"])
    connection = connect(greenhouse)
    poll(connection.pk, worker="test")
    connection.refresh_from_db()
    assert connection.error == ""
    return connection


def record_of(connection, row):
    return AtsRecord.objects.get(connection=connection, kind=Kind.PERSON, external_id=str(row.id))


def candidate(connection, row):
    return Candidate.objects.get(pk=record_of(connection, row).candidate_id)


def told(source_name, member, **fields):
    source, _ = Source.objects.get_or_create(name=source_name)
    [answer] = receive_profiles([IncomingRecord(source, ProfileKind.API, PersonFields(**fields))], by=member)
    return answer.candidate_id


def removed(connection, member):
    """In the background, by a worker that comes when the transaction is over."""
    end_connection(connection, by=member, removes=True)
    connection.refresh_from_db()
    work_on(connection.removal_id, worker="test")
    connection.refresh_from_db()
    assert connection.removal.state == WorkState.DONE, connection.removal.error
    return connection.removal.result


def everything():
    tables = (Profile, Application, ApplicationStep, Note, File, FileContent, CandidateTag, IdentityKey, Job, AtsRecord)
    return {model.__name__: model.objects.count() for model in tables}


def test_nothing_is_left_of_whom_nobody_else_knows(loaded, member, client):
    before = {name: count for name, count in everything().items() if not count}
    assert before == {}
    counted = removal_of(loaded)
    people = Candidate.objects.present().count()
    page = client.get(f"{BASE}{loaded.pk}/end/").content.decode()
    assert f"<b>{people} people</b> of whom nothing else is known" in page
    assert everything()["Profile"] == counted.people.profiles
    result = removed(loaded, member)
    assert everything() == dict.fromkeys(everything(), 0)
    assert Candidate.objects.present().count() == 0
    assert Activity.objects.count() == 0
    assert Tag.objects.count() == 0
    assert ErasedKey.objects.count() == 0  # nothing keeps them from coming back
    told_of = {name: result[name] for name in ("people", "kept", "applications", "notes", "files", "tags", "jobs")}
    assert told_of == {
        "people": people,
        "kept": 0,
        **{name: getattr(counted, name) for name in ("applications", "notes", "files", "tags", "jobs")},
    }
    assert AuditEntry.objects.get(verb="connection.removed").detail == told_of
    page = client.get(f"{BASE}{loaded.pk}/").content.decode()
    assert f"{people:,} people are gone" in page


def test_who_was_touched_by_anything_else_stays_without_it_and_is_listed(loaded, member, greenhouse, client):
    world = greenhouse.world
    rows = list(world.candidates)
    noted, both, piped, tagged, sent = (candidate(loaded, row) for row in rows[:5])
    add_note(noted, "Called her", by=member)
    assert told("Spring job fair", member, name=both.name, emails=(both.email,), headline="Nurse") == both.pk
    pipeline = create_pipeline(name="ICU", by=member)
    add_to_pipeline(pipeline, [piped.pk], by=member)
    kept_tag = tag_named("Champion")
    tag_people(kept_tag, [tagged.pk], by=member)
    Push.objects.create(
        connection=loaded,
        candidate=sent,
        origin=sent,
        kind="tag",
        mark="1",
        created_at=loaded.as_of,
        next_at=loaded.as_of,
    )
    counted = removal_of(loaded)
    assert counted.people.kept == 4
    assert sorted(counted.people.reasons) == [("a note", 1), ("a pipeline", 1), ("a tag", 1), ("another source", 1)]
    assert removed(loaded, member)["kept"] == 4
    assert {each.candidate_id: each.reasons for each in Remainder.objects.all()} == {
        noted.pk: ["a note"],
        both.pk: ["another source"],
        piped.pk: ["a pipeline"],
        tagged.pk: ["a tag"],
    }
    name = both.name
    both.refresh_from_db()
    assert (both.name, both.headline, [each["kind"] for each in both.contact_points]) == (
        name,
        "Nurse",
        ["email"],
    )
    assert Candidate.objects.present().count() == 4
    assert [note.text for note in Note.objects.all()] == ["Called her"]
    assert list(CandidateTag.objects.values_list("candidate", "tag")) == [(tagged.pk, kept_tag.pk)]
    assert list(Tag.objects.values_list("name", flat=True)) == ["Champion"]
    assert list(Profile.objects.values_list("source__name", flat=True)) == ["Spring job fair"]
    assert Application.objects.count() == Push.objects.count() == 0
    page = client.get(f"{BASE}{loaded.pk}/stayed/").content.decode()
    assert name in page
    assert "Another source" in page


def test_keeping_leaves_everything_in_the_pool(loaded, member, client):
    before = everything() | {"AtsRecord": 0}
    client.post(f"{BASE}{loaded.pk}/end/", {"what_came": "keep"})
    assert everything() == before
    assert BulkRun.objects.count() == 0
    loaded.refresh_from_db()
    with pytest.raises(ValidationError, match="kept"):
        start_removal(loaded, by=member)
    assert client.post(f"{BASE}{loaded.pk}/end/", {"what_came": "everything"}).status_code in (302, 422)


def test_what_another_ats_said_stays(loaded, member, greenhouse, connect):
    with Simulator.of("greenhouse", people=6, seed=7, limit=100_000) as other:
        known = {name: value for name, value in other.credentials().items() if name != "dialect"}
        second = create_connection("greenhouse", "Second", known, by=member)
        Connection.objects.filter(pk=second.pk).update(state="on", next_poll_at="2020-01-01T00:00Z")
        poll(second.pk, worker="test")
    theirs = {
        "profiles": Profile.objects.filter(source=second.source).count(),
        "applications": Application.objects.filter(source=second.source).count(),
        "jobs": Job.objects.filter(source=second.source).count(),
        "records": AtsRecord.objects.filter(connection=second).count(),
    }
    notes = AtsRecord.objects.filter(connection=second, kind=Kind.NOTE).exclude(note=None).count()
    files = AtsRecord.objects.filter(connection=second, kind=Kind.FILE).exclude(file=None).count()
    removed(loaded, member)
    assert theirs == {
        "profiles": Profile.objects.count(),
        "applications": Application.objects.count(),
        "jobs": Job.objects.count(),
        "records": AtsRecord.objects.count(),
    }
    assert AtsRecord.objects.filter(kind=Kind.NOTE).exclude(note=None).count() == notes
    assert AtsRecord.objects.filter(kind=Kind.FILE).exclude(file=None).count() == files
    assert all(each.candidate.name for each in Profile.objects.select_related("candidate"))


def test_people_merged_here_go_or_stay_together(loaded, member, greenhouse):
    one, two, three, four = (candidate(loaded, row) for row in list(greenhouse.world.candidates)[:4])
    merge_candidates(one, two, by=member)
    merge_candidates(three, four, by=member)
    add_note(three, "Stays", by=member)
    removed(loaded, member)
    assert list(Candidate.objects.present().values_list("pk", flat=True)) == [three.pk]
    assert set(
        Candidate.objects.filter(pk__in=[one.pk, two.pk, four.pk], is_undone=True).values_list("pk", flat=True)
    ) == {
        one.pk,
        two.pk,
        four.pk,
    }


def test_worker_that_dies_in_the_middle_is_followed_by_another(loaded, member, monkeypatch):
    end_connection(loaded, by=member, removes=True)
    loaded.refresh_from_db()
    done = []

    def dies(run):
        if len(done) == 2:
            raise KeyboardInterrupt  # as SIGKILL does: nothing after it runs, and the open transaction is rolled back
        done.append(1)
        return remove_slice(run)

    monkeypatch.setitem(KINDS, "ats_removal", dies)
    with pytest.raises(KeyboardInterrupt):
        work_on(loaded.removal_id, worker="first")
    monkeypatch.setitem(KINDS, "ats_removal", remove_slice)
    run = BulkRun.objects.get(pk=loaded.removal_id)
    assert (run.state, run.done) == (WorkState.RUNNING, 8)
    assert 0 < Profile.objects.count() < run.total
    BulkRun.objects.update(lease_until="2020-01-01T00:00Z")
    work_on(run.pk, worker="second")
    run.refresh_from_db()
    assert (run.state, run.result["people"], Profile.objects.count()) == (WorkState.DONE, 12, 0)


def test_stopped_removal_goes_on_when_somebody_wants_it(loaded, member, client):
    end_connection(loaded, by=member, removes=True)
    loaded.refresh_from_db()
    with pytest.raises(ValidationError, match="being removed already"):
        start_removal(loaded, by=member)
    cancel_bulk_run(loaded.removal, by=member)
    assert "Go on removing" in client.get(f"{BASE}{loaded.pk}/").content.decode()
    client.post(f"{BASE}{loaded.pk}/remove/")
    loaded.refresh_from_db()
    work_on(loaded.removal_id, worker="test")
    assert everything() == dict.fromkeys(everything(), 0)


def test_second_admin_is_told_that_it_was_disconnected(loaded, tenant, member, client):
    other = signed_in(make_member(tenant, Role.ADMIN))
    stale = Connection.objects.get(pk=loaded.pk)
    assert other.post(f"{BASE}{loaded.pk}/end/", {"what_came": "remove"}).status_code == 302
    with pytest.raises(ValidationError, match="disconnected before"):
        end_connection(stale, by=member)  # its page was open since before
    assert "was disconnected before" in client.post(f"{BASE}{loaded.pk}/end/", follow=True).content.decode()
    assert BulkRun.objects.count() == 1


def test_batch_that_was_on_its_way_comes_in_no_more(loaded, member):
    end_connection(loaded, by=member)
    with pytest.raises(Refused, match="disconnected"):
        apply_changes(loaded, [], now=loaded.as_of)


def test_by_api(loaded, member, tenant):
    program = program_of(member)
    counted = program.get(f"/ats/connections/{loaded.pk}/removal").json()
    assert counted["gone"] == counted["people"] == Candidate.objects.present().count()
    answer = program.post(f"/ats/connections/{loaded.pk}/end", {"what_came": "remove"}).json()
    assert (answer["connection"]["state"], answer["connection"]["removal"]) == ("ended", "queued")
    assert "by hand" in answer["left"]
    loaded.refresh_from_db()
    work_on(loaded.removal_id, worker="test")
    assert program.get(f"/ats/connections/{loaded.pk}").json()["removal"] == "done"
    assert program.get(f"/ats/connections/{loaded.pk}/stayed").json()["items"] == []
    assert program.post(f"/ats/connections/{loaded.pk}/end", {"what_came": "keep"}).status_code == 422
    recruiter = program_of(make_member(tenant, Role.RECRUITER))
    assert recruiter.post(f"/ats/connections/{loaded.pk}/end", {"what_came": "keep"}).status_code == 403
    assert recruiter.get(f"/ats/connections/{loaded.pk}/removal").status_code == 403


@pytest.mark.parametrize("dialect", ["lever", "workable"])
def test_webhooks_to_us_are_removed_where_the_ats_lets_programs(dialect, connect, member):
    with Simulator.of(dialect, people=1, seed=7) as ats:
        connection = connect(ats, dialect)
        ours = [webhook_url(connection)] + [f"{webhook_url(connection)}?{n}" for n in (1, 2) if dialect == "workable"]
        for number, url in enumerate((*ours, "https://other.example/hook")):
            if dialect == "lever":
                hook = ats.webhooks.subscribe(url, "token", {"candidateHired"})
                ats.dialect.hooks()[f"hook-{number}"] = hook
            else:
                ats.webhooks.subscribe(url, "token")
        assert end_connection(connection, by=member) == ""
        assert [hook.url for hook in ats.webhooks.hooks] == ["https://other.example/hook"]
        ats.webhooks.hooks.clear()
        again = connect(ats, dialect)
        assert end_connection(again, by=member) == ""


def test_queue_of_events_is_deleted_at_bullhorn(connect, member, tenant):
    with Simulator.of("bullhorn", people=2, seed=7) as ats:
        connection = connect(ats, "bullhorn")
        poll(connection.pk, worker="test")
        assert len(ats.dialect.subscriptions) == 1
        connection.refresh_from_db()
        assert end_connection(connection, by=member) == ""
        assert ats.dialect.subscriptions == {}
        connection.refresh_from_db()
        assert json.loads(connection.session) == json.loads(connection.credentials) == {}


def test_ats_that_can_not_be_asked_keeps_nobody_connected(connect, member):
    with Simulator.of("lever", people=1, seed=7) as ats:
        connection = connect(ats, "lever")
        ats.faults.add("error", status=503)
        left = end_connection(connection, by=member)
    assert "by hand" in left
    connection.refresh_from_db()
    assert connection.state == ConnectionState.ENDED
    assert AuditEntry.objects.get(verb="connection.ended").detail == {"what_came": "kept", "left": left}


def test_who_would_stay_is_seen_by_reason_before_anything_is_done(loaded, member, greenhouse, client, monkeypatch):
    noted, both, tagged, alone = (candidate(loaded, row) for row in list(greenhouse.world.candidates)[:4])
    for person in (noted, both):
        add_note(person, "Called her", by=member)
    tag_people(tag_named("Champion"), [both.pk, tagged.pk], by=member)
    question = client.get(f"{BASE}{loaded.pk}/end/").content.decode()
    assert "What keeps 3 people" in question
    for word in ("a+note", "a+tag"):
        assert f'<a href="{BASE}{loaded.pk}/end/people/?reason={word}">2</a>' in question

    def told(query=""):
        page = client.get(f"{BASE}{loaded.pk}/end/people/{query}").content.decode()
        return {pk for pk in (noted.pk, both.pk, tagged.pk, alone.pk) if f'/o/acme/people/{pk}/"' in page}, page

    assert told()[0] == {noted.pk, both.pk, tagged.pk}
    assert told("?reason=a+note")[0] == {noted.pk, both.pk}
    found, page = told("?reason=a+tag")
    assert (found, "A tag, a note" in page or "A note, a tag" in page) == ({both.pk, tagged.pk}, True)
    assert "Nobody would stay for that." in told("?reason=nonsense")[1]
    monkeypatch.setattr("ats_sync.views.ending.STAYED_AT_ONCE", 1)
    monkeypatch.setattr("ats_sync.queries.removal.STAYED_AT_ONCE", 1)
    found, page = told("?reason=a+note")
    first, second = sorted((noted.pk, both.pk))
    assert (found, f'href="?reason=a+note&amp;after={first}"' in page) == ({first}, True)
    assert told(f"?reason=a+note&after={first}")[0] == {second}
    assert Candidate.objects.present().count() == len(greenhouse.world.candidates)
    Connection.objects.filter(pk=loaded.pk).update(state=ConnectionState.ENDED)
    assert client.get(f"{BASE}{loaded.pk}/end/people/").status_code == 404
