"""The ATS by API: how connections stand, a person's records, and what is sent there."""

import json

import pytest

from ats_sync.models import Push
from ats_sync.vocabulary import Kind
from crm.models import Role
from crm.models.api_token import Scope
from talentpool.actions.notes import add_note
from tests.api_client import program_of
from tests.ats_sync.test_people_pages import applicant, job, running, word
from tests.conftest import make_member
from tests.factories.people import make_candidate

__all__ = ["job", "running"]  # fixtures


@pytest.fixture
def program(member):
    return program_of(member)


def test_connections_are_read_without_their_secrets(program, running):
    answer = program.get("/ats/connections")
    (line,) = answer.json()["items"]
    assert (line["name"], line["says"], line["is_stale"], line["drift"]) == ("Greenhouse", "In step", False, 0)
    text = json.dumps(line)
    assert running.webhook_secret not in text
    assert running.address not in text
    assert program.get(f"/ats/connections/{running.pk}").json() == line


def test_records_of_a_person_say_where_they_stand(program, running, job):
    person, application = applicant(running, job)
    items = program.get(f"/candidates/{person.pk}/ats-records").json()["items"]
    assert [(each["kind"], each["external_id"], each["stage"], each["phase"]) for each in items] == [
        ("person", "p1", "", ""),
        ("application", "a1", "Phone screen", "screening"),
    ]
    assert items[1]["application_id"] == application.pk


def test_dry_run_says_what_would_happen_and_does_nothing(program, running, job):
    there, _ = applicant(running, job)
    new = make_candidate(contact_points=[{"kind": "email", "value": "n@example.org"}])
    assert program.get(f"/ats/connections/{running.pk}/jobs").json() == [{"id": "70", "name": "ICU Nurse, Fresno"}]
    wish = {"connection_id": running.pk, "candidate_ids": [there.pk, new.pk], "job": "70"}
    answer = program.post("/ats/people", wish | {"dry_run": True}).json()
    assert [(each["outcome"], each["push_id"]) for each in answer["items"]] == [("there", None), ("new", None)]
    assert "Greenhouse may send" in answer["warning"]
    assert Push.objects.count() == 0
    done = program.post("/ats/people", wish).json()
    assert [each["push_id"] for each in done["items"]] == [None, Push.objects.get().pk]
    again = program.post("/ats/people", wish).json()
    assert [each["outcome"] for each in again["items"]] == ["there", "waits"]


def test_changes_are_asked_for_listed_and_cancelled(program, member, running, job):
    person, application = applicant(running, job)
    word(running, Kind.STAGE, "81", "Onsite", parent="70")
    note = add_note(person, "Likes nights", by=member)
    wish = {"connection_id": running.pk, "candidate_id": person.pk}
    asked = [
        {"kind": "note", "note_id": note.pk},
        {"kind": "tag", "tags": ["Nights"]},
        {"kind": "move", "application_id": application.pk, "stage": "81"},
        {"kind": "reject", "application_id": application.pk},
    ]
    answers = [program.post("/ats/pushes", wish | each) for each in asked]
    assert [answer.status_code for answer in answers] == [202] * 4
    listed = program.get("/ats/pushes", connection_id=running.pk, state="queued").json()["items"]
    assert [each["kind"] for each in listed] == ["note", "tag", "move", "reject"]
    gone = program.post(f"/ats/pushes/{listed[0]['id']}/cancel").json()
    assert gone["state"] == "cancelled"
    assert program.post(f"/ats/pushes/{listed[0]['id']}/cancel").status_code == 422
    assert program.post(f"/ats/pushes/{listed[1]['id']}/retry").status_code == 422


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": "note", "note_id": 1},
        {"kind": "file"},
        {"kind": "tag"},
        {"kind": "move", "application_id": 1, "stage": "1"},
    ],
)
def test_what_is_not_there_is_refused_with_a_sentence(program, running, wish):
    person = make_candidate()
    answer = program.post("/ats/pushes", {"connection_id": running.pk, "candidate_id": person.pk} | wish)
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert Push.objects.count() == 0


def test_scope_and_role_are_both_needed(tenant, member, running):
    reader = program_of(member, Scope.READ_ATS)
    assert reader.get("/ats/connections").status_code == 200
    assert reader.post("/ats/people", {"connection_id": running.pk, "candidate_ids": [1]}).status_code == 403
    viewer = program_of(make_member(tenant, Role.VIEWER))
    assert viewer.get("/ats/connections").status_code == 403
