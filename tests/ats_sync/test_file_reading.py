"""CSV files that an ATS leaves in a watched place."""

import json
import os
from itertools import count

import pytest

from ats_sync.actions.connections import create_connection, end_connection, start_connection
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection, ConnectionState
from ats_sync.vocabulary import Kind
from crm.models.leased import WorkState
from talentpool.actions.drop_work import look_at_drop
from talentpool.actions.drops import create_drop
from talentpool.models import Application, Candidate, Drop, DropFile, DropKind, ImportRun, Job, Profile, Source
from tests.simulators.web import Page, WebServer

PEOPLE = "Id;Vorname;Nachname;E-Mail;Größe\n1;Ada;Byron;ada@example.org;38\n2;Ruth;O’Connell;ruth@example.org;40\n"
JOBS = 'Req,Title,Open\n70,"ICU Nurse, nights",yes\n71,Painter,closed\n'
APPLICATIONS = "No,Who,Req,Step,Status\n500,1,70,Phone screen,active\n501,2,70,Interview,active\n"
LISTS = {
    "job": {"file": "jobs*.csv", "fields": {"id": "Req", "title": "Title", "is_open": "Open"}},
    "person": {
        "file": "people*.csv",
        "fields": {
            "id": "Id",
            "given_name": "Vorname",
            "family_name": "Nachname",
            "emails": "E-Mail",
            "custom.Size": "Größe",
        },
    },
    "application": {
        "file": "applications*.csv",
        "fields": {
            "id": "No",
            "person": "Who",
            "job": "Req",
            "stage_name": "Step",
            "state": {"path": "Status", "values": {"active": "open", "out": "rejected"}},
        },
    },
}
_numbers = count(1)


def lists(**complete):
    return {kind: said | {"complete": complete.get(kind, False)} for kind, said in LISTS.items()}


def mapping(said=None):
    return json.dumps({"name": "Files", "lists": said or LISTS})


@pytest.fixture
def inbox(tmp_path, settings):
    settings.DROP_ROOT = str(tmp_path)
    folder = tmp_path / "acme" / "inbox"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def connection(member):
    made = create_connection("generic", "Old ATS", {"mapping": mapping()}, by=member)
    Connection.objects.filter(pk=made.pk).update(state=ConnectionState.ON)
    made.refresh_from_db()
    return made


@pytest.fixture
def drop(connection, member, inbox):
    return create_drop(connection.source, DropKind.FOLDER, {"path": "inbox", "every_minutes": 60}, by=member)


def remap(connection, said):
    Connection.objects.filter(pk=connection.pk).update(credentials=json.dumps({"mapping": mapping(said)}))


def left(inbox, name, text):
    """Each file is a second later than the one before, as its mark is made of that."""
    path = inbox / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    at = 1_780_000_000 + next(_numbers)
    os.utime(path, (at, at))


def look(drop, times=2):
    """What still grows is left alone: a file is taken at the second look."""
    for _ in range(times):
        Drop.objects.filter(pk=drop.pk).update(state=WorkState.QUEUED)
        look_at_drop(drop.pk, worker="test")
    drop.refresh_from_db()
    return list(DropFile.objects.filter(drop=drop).order_by("pk").values_list("name", "said"))


def standing():
    rows = Application.objects.order_by("pk").select_related("job", "candidate")
    return [(each.candidate.name, each.job.title, each.stage, each.phase, each.state) for each in rows]


def test_people_jobs_and_applications_come_as_by_rest_whatever_order_they_lie_in(drop, inbox, connection):
    left(inbox, "applications-1.csv", APPLICATIONS)
    left(inbox, "jobs.csv", JOBS)
    left(inbox, "PEOPLE.CSV", PEOPLE.encode("cp1252"))
    assert look(drop) == [
        ("jobs.csv", "2 rows of jobs: 2 new or changed."),
        ("PEOPLE.CSV", "2 rows of persons: 2 new or changed."),
        ("applications-1.csv", "2 rows of applications: 2 new or changed."),
    ]
    assert drop.error == ""
    assert standing() == [
        ("Ada Byron", "ICU Nurse, nights", "Phone screen", "screening", "open"),
        ("Ruth O’Connell", "ICU Nurse, nights", "Interview", "interview", "open"),
    ]
    assert list(Job.objects.order_by("title").values_list("title", "is_open")) == [
        ("ICU Nurse, nights", True),
        ("Painter", False),
    ]
    assert AtsRecord.objects.get(kind=Kind.FIELD).name == "Size"
    assert Profile.objects.first().fields["custom"] == {"Size": "38"}
    assert ImportRun.objects.count() == 0
    connection.refresh_from_db()
    assert connection.as_of.timestamp() > 1_780_000_000
    assert (Source.objects.get(pk=connection.source_id).synced_at, connection.loaded_at is None) == (
        connection.as_of,
        False,
    )
    before = connection.as_of
    Connection.objects.update(next_poll_at="2020-01-01T00:00Z")
    poll(connection.pk, worker="test")  # there is nothing to ask, so nobody knows more by that
    connection.refresh_from_db()
    assert (connection.as_of, connection.error) == (before, "")


def test_same_rows_again_change_nothing_and_what_changed_is_followed(drop, inbox):
    for name, text in (("people.csv", PEOPLE), ("jobs.csv", JOBS), ("applications.csv", APPLICATIONS)):
        left(inbox, name, text)
    look(drop)
    profiles = Profile.objects.count()
    left(inbox, "people.csv", PEOPLE)
    left(inbox, "applications-2.csv", APPLICATIONS.replace("500,1,70,Phone screen,active", "500,1,70,Phone screen,out"))
    said = look(drop)[3:]
    assert said == [
        ("people.csv", "The same content came before."),
        ("applications-2.csv", "2 rows of applications: 1 new or changed."),
    ]
    assert (Profile.objects.count(), standing()[0][-1]) == (profiles, "rejected")
    left(inbox, "applications-2.csv", APPLICATIONS)  # back to how it was
    assert look(drop)[-1] == ("applications-2.csv", "2 rows of applications: 1 new or changed.")
    assert standing()[0][-1] == "open"


def test_missing_row_is_gone_only_if_the_file_is_called_complete(drop, inbox, connection):
    for name, text in (("people.csv", PEOPLE), ("jobs.csv", JOBS), ("applications.csv", APPLICATIONS)):
        left(inbox, name, text)
    look(drop)
    shorter = "\n".join(APPLICATIONS.splitlines()[:2])
    left(inbox, "applications-2.csv", shorter)
    look(drop)
    assert [each[-1] for each in standing()] == ["open", "open"]
    remap(connection, lists(application=True))
    left(inbox, "applications-3.csv", shorter + "\n")
    assert look(drop)[-1][1] == "1 rows of applications: 0 new or changed. Gone, for they are not in the file: 1."
    assert [each[-1] for each in standing()] == ["open", "withdrawn"]
    left(inbox, "applications-4.csv", APPLICATIONS.splitlines()[0])
    assert "so nothing was taken for gone" in look(drop)[-1][1]
    assert [each[-1] for each in standing()] == ["open", "withdrawn"]


def test_rows_that_make_no_sense_are_counted_and_hold_no_other_up(drop, inbox):
    left(inbox, "jobs.csv", JOBS)
    left(inbox, "applications.csv", "No,Who,Req\n,1,70\n500,404,70\n")
    left(inbox, "people.csv", 'Id,Vorname\n1,"never closed\n2,Ruth\n')
    left(inbox, "letters.csv", "a,b\n1,2\n")
    assert dict(look(drop)) == {
        "jobs.csv": "2 rows of jobs: 2 new or changed.",
        "applications.csv": "2 rows of applications: 0 new or changed. Left out, for they have no id: 1. "
        "Left out, for their people are not known: 1.",
        "people.csv": "In line 2 a quotation mark is opened and never closed.",
        "letters.csv": "The mapping has no list whose files are called so.",
    }
    assert Application.objects.count() == 0


def test_files_wait_for_a_connection_that_is_paused(drop, inbox, connection, member):
    Connection.objects.filter(pk=connection.pk).update(state=ConnectionState.PAUSED)
    left(inbox, "people.csv", PEOPLE)
    assert look(drop) == []
    assert "not running" in drop.error
    start_connection(connection, by=member)
    assert look(drop) == [("people.csv", "2 rows of persons: 2 new or changed.")]
    assert Candidate.objects.present().count() == 2


def test_disconnecting_forgets_the_place_with_its_password(drop, connection, member):
    Drop.objects.filter(pk=drop.pk).update(password="secret")
    end_connection(connection, by=member)
    assert Drop.objects.count() == 0


def test_file_at_an_address(connection, member, settings):
    settings.OUTGOING_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with WebServer({"/people.csv": Page(PEOPLE.encode())}) as web:
        drop = create_drop(connection.source, DropKind.URL, {"url": web.url("/people.csv")}, by=member)
        assert look(drop, times=1) == [("people.csv", "2 rows of persons: 2 new or changed.")]
        assert len(look(drop, times=2)) == 1


def test_mapping_of_files_names_what_is_wrong(connection, member, client):
    url = f"/o/acme/settings/ats/{connection.pk}/answers/"
    wrong = {"person": {"file": "people.csv", "fields": {"given_name": "Vorname"}}}
    answer = client.post(url, {"mapping": mapping(wrong), "save": ""})
    assert (answer.status_code, "needs the field “id”" in answer.content.decode()) == (422, True)
    answer = client.post(url, {"mapping": mapping(), "save": ""}, follow=True)
    assert "Saved." in answer.content.decode()


def test_heading_with_quotes_is_a_heading(drop, inbox, connection):
    heading = "It's a \"name\" \\ $['x']"
    said = {"person": {"file": "people.csv", "fields": {"id": "Id", "name": heading}}}
    remap(connection, said)
    left(inbox, "people.csv", 'Id,"It\'s a ""name"" \\ $[\'x\']"\n1,Ada Byron\n')
    look(drop)
    assert Candidate.objects.present().get().name == "Ada Byron"
