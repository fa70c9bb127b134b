import pytest

from crm.models import Role
from crm.models.api_token import Scope
from crm.tenancy.scope import tenant_scope
from talentpool.actions.erasure import erase_candidate
from talentpool.models import Candidate, FieldEdit, Profile, Source
from talentpool.search.index.outbox import drain
from tests.api_client import program_of
from tests.conftest import make_member
from tests.factories.people import make_candidate

ADA = {
    "name": "Ada Okafor",
    "emails": ["Ada@Example.org"],
    "phones": ["(559) 555-0123"],
    "country": "US",
    "location": "Fresno, CA",
    "positions": [{"employer": "Valley Oaks Hospital", "title": "ICU Nurse", "start": "2021-03", "current": True}],
    "education": [{"school": "Fresno City College", "degree": "Associate Degree", "area": "Nursing", "end": "2019"}],
    "skills": ["ECMO", "CRRT"],
    "source": "Careers site",
    "external_id": "A-17",
}


@pytest.fixture
def program(member):
    return program_of(member)


def test_create_brings_in_a_person_with_the_record_behind_her(program):
    response = program.post("/candidates", ADA)
    body = response.json()
    assert (response.status_code, body["outcome"]) == (201, "new")
    person = body["candidate"]
    assert {name: person[name] for name in ("name", "email", "phone", "current_title", "skills", "contact_state")} == {
        "name": "Ada Okafor",
        "email": "ada@example.org",
        "phone": "+15595550123",
        "current_title": "ICU Nurse",
        "skills": ["ECMO", "CRRT"],
        "contact_state": "no_consent",
    }
    profile = Profile.objects.get()
    assert (profile.source.name, profile.kind, profile.external_id) == ("Careers site", "api", "A-17")
    assert profile.raw["emails"] == ["Ada@Example.org"]


def test_create_adds_to_somebody_known(program):
    first = program.post("/candidates", ADA).json()["candidate"]
    again = program.post("/candidates", {"name": "A. Okafor", "emails": ["ada@example.org"], "skills": ["PALS"]})
    assert (again.status_code, again.json()["outcome"], again.json()["candidate"]["id"]) == (
        200,
        "updated",
        first["id"],
    )
    assert Candidate.objects.count() == 1


def test_create_of_nobody_is_refused(program):
    response = program.post("/candidates", {"headline": "Nurse"})
    assert response.status_code == 422
    assert "needs a name, an e-mail address or a telephone number" in response.json()["errors"][0]["message"]
    assert Candidate.objects.count() == 0


@pytest.mark.parametrize("name", ["Nul\x00l", "\ud800", "x" * 301])
def test_create_refuses_text_that_cannot_be_kept(program, name):
    assert program.post("/candidates", {"name": name}).status_code == 422
    assert Candidate.objects.count() == 0


def test_an_erased_person_does_not_come_back(program, member):
    program.post("/candidates", ADA)
    erase_candidate(Candidate.objects.get(), reason="asked", by=member)
    response = program.post("/candidates", ADA)
    assert response.status_code == 422
    assert response.json()["detail"] == "This person asked to be erased, so the record was kept out."


def test_read_shows_one_person(program):
    made = program.post("/candidates", ADA).json()["candidate"]
    assert program.get(f"/candidates/{made['id']}").json() == made


def test_change_is_an_edit_that_wins(program):
    made = program.post("/candidates", ADA).json()["candidate"]
    changed = program.patch(f"/candidates/{made['id']}", {"headline": "Charge Nurse", "skills": {"add": ["PALS"]}})
    assert changed.json()["headline"] == "Charge Nurse"
    assert sorted(changed.json()["skills"]) == ["CRRT", "ECMO", "PALS"]
    assert sorted(FieldEdit.objects.values_list("field", flat=True)) == ["headline", "skills"]


def test_change_with_a_wrong_address_says_so(program):
    made = program.post("/candidates", ADA).json()["candidate"]
    response = program.patch(f"/candidates/{made['id']}", {"emails": {"add": ["nonsense"]}})
    assert response.status_code == 422
    assert "is not an e-mail address" in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"email": "ADA@example.org"}, ["Ada Okafor"]),
        ({"source": "Careers site"}, ["Ada Okafor"]),
        ({"external_id": "A-17", "source": "Careers site"}, ["Ada Okafor"]),
        ({"external_id": "A-17", "source": "Fair"}, []),
        ({"updated_since": "2100-01-01T00:00:00Z"}, []),
        ({}, ["Ada Okafor", "Ben Reyes"]),
    ],
)
def test_list_narrows_by_what_is_asked(program, asked, found):
    program.post("/candidates", ADA)
    program.post("/candidates", {"name": "Ben Reyes", "emails": ["ben@example.org"], "source": "Fair"})
    assert [each["name"] for each in program.get("/candidates", **asked).json()["items"]] == found


def test_search_finds_and_says_why(program):
    program.post("/candidates", ADA)
    program.post("/candidates", {"name": "Ben Reyes", "emails": ["ben@example.org"], "skills": ["CDL Class A"]})
    drain()
    body = program.get("/candidates/search", q="ecmo").json()
    assert (body["total"], [each["candidate"]["name"] for each in body["items"]]) == (1, ["Ada Okafor"])
    assert "<mark>ECMO</mark>" in body["items"][0]["reasons"][0]["html"]
    assert program.get("/candidates/search", skill="cdl class a").json()["total"] == 1


def test_search_says_where_a_query_cannot_be_read(program):
    response = program.get("/candidates/search", q="nurse AND (icu")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "q"
    assert "at character" in response.json()["errors"][0]["message"]


def test_people_of_another_organisation_are_not_found(program, other_member):
    with tenant_scope(other_member.tenant_id):
        theirs = make_candidate("Rival's nurse", email="ada@example.org")
    assert program.get(f"/candidates/{theirs.pk}").status_code == 404
    assert program.patch(f"/candidates/{theirs.pk}", {"headline": "Ours"}).status_code == 404
    assert program.get("/candidates").json()["items"] == []
    assert program.get("/candidates", email="ada@example.org").json()["items"] == []
    with tenant_scope(other_member.tenant_id):
        assert Candidate.objects.get().headline == theirs.headline


@pytest.mark.parametrize(
    ("scope", "codes"),
    [
        (Scope.READ_CANDIDATES, [200, 200, 200, 403, 403]),
        (Scope.WRITE_CANDIDATES, [403, 403, 403, 201, 200]),
        (Scope.IMPORTS, [403] * 5),
    ],
)
def test_scopes_say_what_a_token_may(member, scope, codes):
    person, program = make_candidate(), program_of(member, scope)
    asked = [
        program.get("/candidates"),
        program.get("/candidates/search"),
        program.get(f"/candidates/{person.pk}"),
        program.post("/candidates", {"name": "Ben"}),
        program.patch(f"/candidates/{person.pk}", {"headline": "Nurse"}),
    ]
    assert [answer.status_code for answer in asked] == codes


def test_a_hiring_manager_may_read_and_not_write(tenant):
    program = program_of(make_member(tenant, Role.HIRING_MANAGER))
    assert (program.get("/candidates").status_code, program.post("/candidates", {"name": "Ben"}).status_code) == (
        200,
        403,
    )
    assert Source.objects.count() == 0


def test_a_page_of_candidates_costs_the_same_for_one_and_for_three(program, django_assert_num_queries):
    for number in (1, 3):
        for _ in range(number):
            make_candidate()
        with django_assert_num_queries(QUERIES_OF_A_PAGE):
            assert program.get("/candidates").status_code == 200


QUERIES_OF_A_PAGE = 7
