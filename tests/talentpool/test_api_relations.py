from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Role
from talentpool.actions.notes import add_note
from talentpool.models import NoteKind, Tag, Task
from talentpool.search.index.employments import keep_employments
from tests.api_client import program_of
from tests.conftest import make_member
from tests.factories.people import make_candidate


@pytest.fixture
def program(member):
    return program_of(member)


@pytest.fixture
def priya(tenant):
    return make_member(tenant, Role.RECRUITER)


def told(response):
    assert response.status_code == 200, response.content
    return response.json()


def test_notes_and_mentions(program, member, priya):
    person = make_candidate()
    path = f"/candidates/{person.pk}/notes"
    made = told(program.post(path, {"text": f"@{priya.name}: well", "kind": "call"}))
    assert (made["kind"], made["mentions"]) == ("call", [{"id": priya.pk, "name": priya.name}])
    assert program.post(path, {"text": "  "}).status_code == 422
    assert told(program.patch(f"{path}/{made['id']}", {"text": f"@{priya.name}: better"}))["edited_at"]
    [mention] = told(program_of(priya).get("/mentions"))["items"]
    assert (mention["text"], mention["by"]["id"]) == (f"@{priya.name}: better", member.pk)
    assert [note["text"] for note in told(program.get(path))["items"]] == [f"@{priya.name}: better"]
    assert program_of(priya).patch(f"{path}/{made['id']}", {"text": "mine"}).status_code == 422


def test_watchers_and_tags_of_a_person(program, member, priya):
    path = f"/candidates/{make_candidate().pk}"
    assert told(program.post(f"{path}/watchers", {})) == [{"id": member.pk, "name": member.name}]
    assert len(told(program.post(f"{path}/watchers", {"member_id": priya.pk}))) == 2
    assert program.post(f"{path}/watchers", {"member_id": 99999}).status_code == 422
    assert [each["id"] for each in told(program.send("DELETE", f"{path}/watchers/{member.pk}"))] == [priya.pk]
    [tag] = told(program.post(f"{path}/tags", {"name": "ICU"}))
    assert (tag["name"], tag["colour"]) == ("ICU", "teal")
    assert told(program.send("DELETE", f"{path}/tags/{tag['id']}")) == []
    assert {each["id"] for each in told(program.get("/members"))} == {member.pk, priya.pk}


def test_tags_of_the_organisation(program, member):
    path = f"/candidates/{make_candidate().pk}"
    told(program.post(f"{path}/tags", {"name": "ICU"}))
    icu, nights = Tag.objects.get(), Tag.objects.create(name="Nights")
    assert told(program.patch(f"/tags/{icu.pk}", {"colour": "red"}))["colour"] == "red"
    assert program.patch(f"/tags/{icu.pk}", {"name": "nights"}).status_code == 422
    assert [(tag["name"], tag["people"]) for tag in told(program.get("/tags"))["items"]] == [("ICU", 1), ("Nights", 0)]
    assert told(program.post(f"/tags/{icu.pk}/merge", {"into": nights.pk}))["name"] == "Nights"
    assert told(program.send("DELETE", f"/tags/{nights.pk}")) == {"people": 1}


def test_tasks(program, member, priya):
    person = make_candidate()
    body = {"text": "Call", "candidate_id": person.pk, "assignee_id": priya.pk, "due_day": "2026-03-04"}
    made = told(program.post("/tasks", body))
    assert (made["due_at"], made["whole_day"], made["is_overdue"]) == ("2026-03-04T17:00:00Z", True, True)
    path = f"/tasks/{made['id']}"
    changed = told(program.patch(path, {"due_day": "2026-03-05", "due_time": "14:30"}))
    assert (changed["text"], changed["due_at"]) == ("Call", "2026-03-05T22:30:00Z")
    assert told(program.patch(path, {"text": "Write"}))["due_at"] == "2026-03-05T22:30:00Z"
    assert told(program.patch(path, {"due_day": None}))["due_at"] is None
    for wrong in ({"due_time": "10:00"}, {"assignee_id": 99999}, {"candidate_id": 99999}, {"due_day": "9999-12-31"}):
        assert program.post("/tasks", {"text": "x"} | wrong).status_code == 422
    assert told(program.post(f"{path}/done"))["done_at"]
    assert [told(program.get("/tasks", state=state))["items"] != [] for state in ("open", "done", "all")] == [
        False,
        True,
        True,
    ]
    assert told(program.post(f"{path}/reopen"))["done_at"] is None
    assert len(told(program.get("/tasks", assignee_id=priya.pk, candidate_id=person.pk))["items"]) == 1
    viewer = make_member(member.tenant, Role.VIEWER)
    assert program_of(viewer).post(f"{path}/done").status_code == 403
    assert Task.objects.get().done_at is None


def test_relationship_colleagues_and_conversations(program, member, priya):
    post = [{"employer": "Acme", "start": "2019", "end": "2020"}]
    one, two = make_candidate("Ada", positions=post), make_candidate("Ben", positions=post, owner=priya)
    keep_employments([one.pk, two.pk])
    add_note(one, "x", by=priya, kind=NoteKind.MEETING, now=timezone.now() - timedelta(days=3))
    path = f"/candidates/{one.pk}"
    warm = told(program.get(f"{path}/relationship"))
    assert (warm["level"], warm["reasons"][0]["words"]) == (3, f"Last conversation: a meeting with {priya.name}")
    assert told(program.get(path))["warmth"] == 3
    found = told(program.get(f"{path}/colleagues"))
    assert (found["number"], found["items"][0]["name"], found["items"][0]["months"]) == (1, "Ben", 24)
    assert found["items"][0]["owner"] == {"id": priya.pk, "name": priya.name}
    [talk] = told(program.get(f"{path}/conversations"))
    assert (talk["who"], talk["about"]) == (priya.name, ["a meeting"])
