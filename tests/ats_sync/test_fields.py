"""Fields of an ATS's own: known from when somebody has one, mapped to ours, typed, with the ATS as whose word they are."""

import json

import pytest
from django.utils import timezone

from ats_sync.actions.applying import apply_changes
from ats_sync.actions.connections import map_words
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection
from ats_sync.providers._own_fields import as_text, own_fields
from ats_sync.vocabulary import Kind, PersonRecord
from crm.actions.bulk_runs import work_on
from crm.models import BulkRun, Role
from talentpool.actions.custom_fields import change_field, create_field
from talentpool.custom_values import CustomKind
from talentpool.models import Candidate, CustomField, Profile
from talentpool.person import PersonFields
from tests.api_client import program_of
from tests.ats_sync.generic_mapping import mapping
from tests.conftest import make_member, signed_in
from tests.simulators.ats.server import Simulator

BASE = "/o/acme/settings/ats/"
SHIFTS = ["Days", "Nights", "Weekends"]
LIMIT = {"limit": 1_000_000}
DIALECTS = {
    **dict.fromkeys(("greenhouse", "ashby", "bullhorn", "workable"), LIMIT),
    "lever": {"rate": 1_000_000, "burst": 1_000_000},
    "odoo": {},
    "generic": {},
}


def read(connection, *, anew=False):
    if anew:
        connection.rounds.all().delete()
    Connection.objects.filter(pk=connection.pk).update(next_poll_at="2020-01-01T00:00Z")
    poll(connection.pk, worker="test")
    connection.refresh_from_db()
    assert connection.error == ""


def worked_out():
    for run in BulkRun.objects.filter(kind="ats_derive", state="queued").order_by("pk"):
        work_on(run.pk, worker="test")


def credentials_for(dialect, ats):
    if dialect != "generic":
        return {}
    said = mapping()
    said["lists"]["person"]["fields"]["custom.Shift"] = "$.more.shift"
    return {"mapping": json.dumps(said)}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_field_of_theirs_is_ours_once_somebody_says_which(dialect, connect, member, client):
    shift = create_field("Preferred shift", CustomKind.CHOICE, by=member, choices=SHIFTS)
    create_field("Licence state", CustomKind.TEXT, key="licence_state", by=member)
    with Simulator.of(dialect, people=3, seed=7, **DIALECTS[dialect]) as ats:
        worked = {row.name: row.custom["shift"] for row in ats.world.candidates}
        for row in list(ats.world.candidates):
            ats.world.edit_candidate(row.id, custom={**row.custom, "licence_state": "CA"})
        connection = connect(ats, dialect, **credentials_for(dialect, ats))
        read(connection)
        word = AtsRecord.objects.get(connection=connection, kind=Kind.FIELD, name="Shift")
        page = client.get(f"{BASE}{connection.pk}/mapping/").content.decode()
        assert f'name="word-{word.pk}"' in page
        assert {json.dumps(each) for each in Candidate.objects.values_list("custom", flat=True)} == {"{}"}
        client.post(f"{BASE}{connection.pk}/mapping/", {f"word-{word.pk}": shift.key})
        worked_out()
        if dialect in ("lever", "workable"):  # answers to forms are not even taken before somebody chose the question
            assert not any("custom" in fields for fields in Profile.objects.values_list("fields", flat=True))
            read(connection, anew=True)
    people = {each.name: each.custom for each in Candidate.objects.present()}
    assert people
    assert people == {name: {"preferred_shift": worked[name]} for name in people}
    profile = Profile.objects.order_by("-pk").first()
    assert profile.candidate.lineage["custom"] == {"preferred_shift": {"from": [f"p{profile.pk}"]}}


@pytest.fixture
def loaded(greenhouse, connect):
    connection = connect(greenhouse)
    read(connection)
    return connection


def word(connection, name):
    return AtsRecord.objects.get(connection=connection, kind=Kind.FIELD, name=name)


def test_new_field_of_ours_is_made_of_the_kind_that_its_values_are(loaded, tenant, member, client):
    for each in Profile.objects.all():
        each.fields["custom"]["desired_salary"] = "52000"
        each.save(update_fields=["fields"])
    url = f"{BASE}{loaded.pk}/mapping/"
    salary = word(loaded, "Desired salary")
    client.post(url, {f"word-{salary.pk}": "+", f"word-{word(loaded, 'Shift').pk}": "+"})
    assert sorted(CustomField.objects.values_list("label", "kind")) == [("Desired salary", "number"), ("Shift", "text")]
    worked_out()
    assert set(Candidate.objects.present().values_list("custom__desired_salary", flat=True)) == {"52000"}
    client.post(url, {f"word-{salary.pk}": ""})
    worked_out()
    assert set(Candidate.objects.present().values_list("custom__desired_salary", flat=True)) == {None}
    assert Profile.objects.first().fields["custom"]["desired_salary"] == "52000"  # it stays as it came


def test_value_that_is_no_such_thing_is_not_shown_and_comes_back_with_the_kind(loaded, member):
    size = create_field("Size", CustomKind.NUMBER, by=member)
    map_words(loaded, {word(loaded, "Shift").pk: size.key}, by=member)
    worked_out()
    assert {json.dumps(each) for each in Candidate.objects.values_list("custom", flat=True)} == {"{}"}
    run = change_field(size, kind=CustomKind.TEXT, by=member)
    work_on(run.pk, worker="test")
    assert all(each["size"] in SHIFTS for each in Candidate.objects.present().values_list("custom", flat=True))


def test_two_of_theirs_are_not_one_of_ours(loaded, member, client):
    size = create_field("Size", CustomKind.TEXT, by=member)
    pks = [word(loaded, name).pk for name in ("Shift", "Desired salary")]
    answer = client.post(f"{BASE}{loaded.pk}/mapping/", {f"word-{pk}": size.key for pk in pks})
    assert answer.status_code == 422
    assert "Two of their fields can’t be “Size”" in answer.content.decode()
    loaded.source.refresh_from_db()
    assert (loaded.source.own_fields, set(AtsRecord.objects.filter(pk__in=pks).values_list("maps_to", flat=True))) == (
        {},
        {""},
    )


def test_words_get_their_meaning_by_api(loaded, member):
    create_field("Preferred shift", CustomKind.CHOICE, by=member, choices=SHIFTS)
    program = program_of(member)
    items = program.get(f"/ats/connections/{loaded.pk}/words", kind="field").json()["items"]
    shift = next(each for each in items if each["name"] == "Shift")
    url = f"/ats/connections/{loaded.pk}/words"
    answer = program.post(url, {"meanings": [{"id": shift["id"], "maps_to": "preferred_shift"}]})
    assert answer.json() == {"changed": 1}
    worked_out()
    assert all(each["preferred_shift"] in SHIFTS for each in Candidate.objects.values_list("custom", flat=True))
    assert program.post(url, {"meanings": [{"id": shift["id"], "maps_to": "banquet"}]}).status_code == 422
    assert program.post(url, {"meanings": [{"id": 2**40, "maps_to": ""}]}).status_code == 422


def test_who_may_only_look_maps_nothing(loaded, tenant):
    recruiter = signed_in(make_member(tenant, Role.RECRUITER))
    recruiter.post(f"{BASE}{loaded.pk}/mapping/", {f"word-{word(loaded, 'Shift').pk}": "+"})
    assert CustomField.objects.count() == 0


def test_two_hundred_fields_with_hostile_names(loaded, member, client):
    names = [
        "<script>alert(1)</script>",
        "\x00\u202eevil",
        "__proto__",
        "custom.name",
        "x" * 5000,
        "'; DROP TABLE x --",
    ]
    said = [(name, name, "v") for name in (*names, *(f"Field {n}" for n in range(400)))]
    custom, called = own_fields(said)
    assert len(called) == 200
    assert max(map(len, custom)) <= 100
    person = PersonRecord(id="9", fields=PersonFields(name="Ada Byron", custom=custom), called=called)
    apply_changes(loaded, [person], now=timezone.now())
    url = f"{BASE}{loaded.pk}/mapping/"
    page = client.get(url).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert page.count('name="word-') > 200
    hostile = word(loaded, "<script>alert(1)</script>")
    client.post(url, {f"word-{hostile.pk}": "+", f"word-{word(loaded, '__proto__').pk}": "+"})
    worked_out()
    ada = Candidate.objects.get(name="Ada Byron")
    assert sorted(ada.custom.values()) == ["v", "v"]
    assert "<script>alert" not in client.get(f"/o/acme/people/{ada.pk}/").content.decode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (12, "12"),
        (0, "0"),
        (3.5, "3.5"),
        (1e6, "1000000"),
        (["Days", None, "Nights"], "Days; Nights"),
        ({"amount": 1200, "unit": "EUR"}, "1200 EUR"),
        ({"value": 52000.0, "currencyCode": "USD"}, "52000 USD"),
        ({"id": 4, "name": "Ada", "email": "a@example.org"}, "Ada"),
        ({"body": "Yes\x00"}, "Yes"),
        ({"a": {"b": 1}}, ""),
        (" two\nlines ", "two\nlines"),
        ("x" * 20_000, "x" * 10_000),
    ],
)
def test_values_of_every_shape_become_one_text(value, text):
    assert as_text(value) == text
