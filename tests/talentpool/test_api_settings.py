"""What the settings pages and the clipper do, through the API: thresholds of matching, own fields, clips."""

import json
from typing import get_args

import pytest

from crm.models import AuditEntry, Role
from crm.models.api_token import Scope
from talentpool.actions.erasure import erase_candidate
from talentpool.api.matching import AskLess, Caution
from talentpool.custom_values import CustomKind
from talentpool.forms.matching import ASK_LESS, CAUTION
from talentpool.models import Candidate, CustomField, MatchingRules, Profile
from talentpool.person import PersonFields
from tests.api_client import program_of
from tests.conftest import make_member
from tests.talentpool.clip.test_clips import PERSON, payload
from tests.talentpool.test_candidate_pages import received


@pytest.fixture
def program(member):
    return program_of(member)


def told(response, status=200):
    assert response.status_code == status, response.content
    return response.json()


def test_thresholds_of_matching_are_read_and_changed(program):
    assert told(program.get("/matching")) == {
        "automatic": True,
        "caution": 0,
        "ask_less": 0,
        "career_gate": False,
        "phone_gate": False,
        "records": 0,
        "merge_from": 20,
        "ask_from": 15,
        "open_questions": {"merged": 0, "strong": 0, "asked": 0, "gone": 0},
    }
    changed = told(program.patch("/matching", {"caution": 4, "automatic": False}))
    assert (changed["merge_from"], changed["ask_from"], changed["automatic"]) == (24, 15, False)
    assert told(program.patch("/matching", {"ask_less": 3}))["ask_from"] == 18
    rules = MatchingRules.objects.get()
    assert (rules.caution, rules.ask_less, rules.automatic) == (4, 3, False)
    assert AuditEntry.objects.filter(verb="matching.changed").count() == 2
    for wrong in ({"caution": 100}, {"caution": "x"}, {"ask_less": 1}, {"automatic": "perhaps"}):
        assert program.patch("/matching", wrong).status_code == 422
    assert told(program.patch("/matching", {}))["ask_from"] == 18


def test_api_takes_the_thresholds_that_the_page_offers():
    assert (get_args(Caution), get_args(AskLess)) == (
        tuple(number for number, _ in CAUTION),
        tuple(number for number, _ in ASK_LESS),
    )


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/matching", None),
        ("PATCH", "/matching", {"automatic": False}),
        ("POST", "/custom-fields", {"label": "Size", "kind": "text"}),
        ("PUT", "/rules", {"groups": {}}),
    ],
)
def test_settings_need_their_scope_and_the_permission(tenant, member, method, path, body):
    others = [scope for scope in Scope if scope is not Scope.SETTINGS]
    assert program_of(member, *others).send(method, path, body).status_code == 403
    assert program_of(make_member(tenant, Role.RECRUITER)).send(method, path, body).status_code == 403
    assert program_of(member, Scope.SETTINGS).send(method, path, body).status_code in (200, 201)


def test_own_fields_are_made_changed_archived_and_brought_back(program, tenant):
    made = told(program.post("/custom-fields", {"label": "Shirt size", "kind": "choice", "choices": ["S", "M"]}), 201)
    assert made == {
        "id": made["id"],
        "key": "shirt_size",
        "label": "Shirt size",
        "kind": "choice",
        "help_text": "",
        "choices": ["S", "M"],
        "is_restricted": False,
        "is_archived": False,
    }
    path = f"/custom-fields/{made['id']}"
    changed = told(program.patch(path, {"choices": ["M", "L"], "help_text": "For the bag"}))
    assert (changed["choices"], changed["help_text"], changed["run_id"] is not None) == (
        ["M", "L"],
        "For the bag",
        True,
    )
    assert CustomField.objects.get().past_choices == ["S"]
    assert told(program.patch(path, {"help_text": "Of the bag"}))["run_id"] is None
    assert told(program.post(f"{path}/archive"))["is_archived"] is True
    assert (told(program.get("/custom-fields")), len(told(program.get("/custom-fields", archived="true")))) == ([], 1)
    assert told(program.post(f"{path}/restore"))["is_archived"] is False
    for wrong in (
        {"label": "shirt SIZE", "kind": "text"},
        {"label": "x", "kind": "choice"},
        {"label": "x", "kind": "y"},
    ):
        assert program.post("/custom-fields", wrong).status_code == 422
    assert program.patch(path, {"label": " \u200b"}).status_code == 422


def test_kind_that_could_not_read_the_values_is_refused_until_one_is_sure(program, tenant):
    made = told(program.post("/custom-fields", {"label": "Badge", "kind": "text"}), 201)
    for number, badge in enumerate(("17", "blue")):
        received(PersonFields(name="Ada", emails=(f"{number}@example.org",), custom={"badge": badge}))
    path = f"/custom-fields/{made['id']}"
    refused = told(program.patch(path, {"kind": "number"}), 422)
    assert refused["errors"] == [
        {
            "field": "kind",
            "message": "One person has a value that would not be read, such as “blue”. "
            "Send sure=true to change it all the same.",
        }
    ]
    assert CustomField.objects.get().kind == CustomKind.TEXT
    assert told(program.patch(path, {"kind": "number", "sure": True}))["kind"] == "number"


def test_archived_fields_are_for_who_may_change_them(program, tenant):
    made = told(program.post("/custom-fields", {"label": "Health", "kind": "text", "is_restricted": True}), 201)
    told(program.post(f"/custom-fields/{made['id']}/archive"))
    manager = program_of(make_member(tenant, Role.HIRING_MANAGER))
    assert told(manager.get("/custom-fields", archived="true")) == []


def clip(**more):
    return json.loads(payload(linked=[json.dumps(PERSON)], **more))


def test_clip_is_read_without_being_kept_and_then_saved(program):
    read = told(program.post("/clips/read", clip()))
    assert (read["known"], read["candidate_id"], Candidate.objects.count()) == ("no", None, 0)
    person = read["person"]
    assert (person["name"], person["emails"], person["positions"][0]["employer"]) == (
        "Zoë Müller",
        ["zoe@example.org"],
        "Mercy General",
    )
    saved = told(program.post("/clips", {"clip": clip(), "person": person | {"headline": "Nurse in charge"}}), 201)
    assert (saved["outcome"], saved["candidate"]["headline"]) == ("new", "Nurse in charge")
    profile = Profile.objects.get()
    assert (profile.kind, profile.source.name, profile.raw["url"]) == (
        "clip",
        "Web clip",
        "https://people.example.org/zoe",
    )
    again = told(program.post("/clips/read", clip()))
    assert (again["known"], again["candidate_id"]) == ("yes", saved["candidate"]["id"])
    assert told(program.post("/clips", {"clip": clip()}))["outcome"] == "updated"
    assert told(program.post("/clips", {"clip": clip()}))["outcome"] == "unchanged"
    assert Candidate.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"clip": {}},
        {"clip": {"text": "x" * 300_001}},
        {"clip": {"links": ["x"] * 101}},
        {"clip": {"card": {"name": "Ada"}}},
        {"clip": {"text": 7}},
        {},
    ],
)
def test_clip_that_cannot_be_taken_is_refused(program, body):
    assert program.post("/clips", body).status_code == 422
    assert Profile.objects.count() == 0


def test_clip_of_somebody_erased_is_not_kept(program, member):
    told(program.post("/clips", {"clip": clip()}), 201)
    erase_candidate(Candidate.objects.get(), reason="asked", by=member)
    assert told(program.post("/clips/read", clip()))["known"] == "erased"
    assert "asked to be erased" in told(program.post("/clips", {"clip": clip()}), 422)["detail"]


def test_viewers_clip_nothing(tenant):
    viewer = program_of(make_member(tenant, Role.VIEWER))
    assert [viewer.post(path, {"clip": clip()}).status_code for path in ("/clips", "/clips/read")] == [403, 403]
