"""The evidence of a pair with the values that were found, as it is worked out when somebody looks at it."""

import pytest

from crm.models import Role
from talentpool.actions.merges import merge_candidates, unmerge
from talentpool.person import Education, PersonFields, Position
from talentpool.queries.evidence import Evidence, evidence_between, evidence_of_merges, records_of
from talentpool.queries.match_pairs import comparison_of, merges_into
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.talentpool.test_merge_pages import QUEUE, make_pair
from tests.talentpool.test_merges import comes_in, source

__all__ = ["source"]

LEFT = PersonFields(
    name="Anna Kowalska",
    emails=("anna.k.84@mail.example", "both@home.example"),
    phones=("+1 559-555-0142",),
    links=("https://www.linkedin.com/in/anna-k",),
    birth_date="1984-05-03",
    location="12 Main St, Fresno, CA 93701",
    positions=(
        Position("Siemens AG", "Engineer", "2014-01", "2019-05"),
        Position("Acme Inc.", "Intern", "2010", "2011"),
    ),
    education=(Education("Fresno State"),),
    skills=("Python", "SQL", "Rust", "Go", "C"),
)
RIGHT = PersonFields(
    name="Ann Kowalska",
    emails=("annak84@other.example", "both@home.example"),
    phones=("+15595550142", "+1 559-555-0199"),
    links=("http://linkedin.com/in/anna-k/",),
    birth_date="1984-05-04",
    location="Fresno",
    positions=(Position("Siemens", "engineer", "2015", "2023"), Position("ACME", "", "2020")),
    education=(Education("FRESNO STATE"), Education("MIT")),
    skills=("python", "sql", "go", "c", "Welding"),
)


def said(comparison, level="same", bits=1.0):
    return {"comparison": comparison, "level": level, "bits": bits, "words": "Words"}


@pytest.mark.parametrize(
    ("evidence", "values"),
    [
        (said("Employers", "dated"), "Siemens AG 2015–2019, Acme Inc."),
        (said("Employers", "clash", -1.5), ""),
        (said("E-mail"), "both@home.example"),
        (said("E-mail", "numbered mailbox"), "anna.k.84@ at mail.example, other.example"),
        (said("Phone"), "+1 559-555-0142"),
        (said("Pages on the web"), "www.linkedin.com/in/anna-k"),
        (said("First name", "nickname"), "Anna and Ann"),
        (said("First name", "differs", -5), "Anna and Ann"),
        (said("Last name"), "Kowalska"),
        (said("Birth date", "near"), "3 May 1984 and 4 May 1984"),
        (said("Place", "town"), "12 Main St, Fresno, CA 93701"),
        (said("Schools", "shared"), "Fresno State"),
        (said("School in the pool", "rare", 0), "Fresno State"),
        (said("Title"), "Engineer"),
        (said("Skills", "many"), "Python, SQL, Go and 1 more"),
        (said("Something of a later version"), ""),
    ],
)
def test_values_are_found_in_the_form_in_which_they_are_compared(evidence, values):
    assert evidence_between([evidence], [LEFT], [RIGHT], restricted=True) == [
        Evidence("Words", evidence["bits"], values, evidence["comparison"], evidence["level"])
    ]


def test_restricted_values_are_for_whom_they_may_see():
    found = [said("Birth date"), said("Street"), said("Phone")]
    told = evidence_between(found, [LEFT], [LEFT], restricted=False)
    assert [each.values for each in told] == ["", "", "+1 559-555-0142"]
    assert [each.values for each in evidence_between(found, [LEFT], [LEFT], restricted=True)] == [
        "3 May 1984",
        "12 Main St",
        "+1 559-555-0142",
    ]


def test_birth_dates_stand_beside_each_other_only_for_whom_they_may_see(source):
    ada = comes_in(source, "Ada Lovelace", "ada@x.example", birth_date="1984-05-03")
    byron = comes_in(source, "Ada Byron", "ada@y.example")
    labels = {
        restricted: [row.label for row in comparison_of(ada, byron, restricted=restricted).rows]
        for restricted in (True, False)
    }
    assert ("Born" in labels[True], "Born" in labels[False]) == (True, False)


def test_queue_says_what_was_found(client, source, django_assert_num_queries):
    job = (Position("Siemens <b>AG</b>", "Nurse", "2015", "2019"),)
    ada = comes_in(source, "Ada Lovelace", "ada@x.example", positions=job)
    byron = comes_in(source, "Ada Byron", "ada@y.example", positions=job)
    make_pair(ada, byron, evidence=[said("Employers", "dated", 9.0) | {"words": "The same employer at the same time"}])
    page = client.get(QUEUE).content.decode()
    assert "The same employer at the same time: <b><bdi>Siemens &lt;b&gt;AG&lt;/b&gt; 2015–2019</bdi></b>" in page


def test_person_of_many_records_costs_two_queries(source, django_assert_num_queries):
    ada = comes_in(source, "Ada Lovelace", "ada@x.example")
    for number in range(3):
        comes_in(source, "Ada Lovelace", "ada@x.example", skills=(f"Skill {number}",))
    with django_assert_num_queries(2):
        records = records_of([ada])
    assert len(records[ada.pk]) == 5


EMPLOYER = said("Employers", "dated", 9.0) | {"words": "The same employer at the same time"}
BIRTH = said("Birth date", bits=6.0) | {"words": "The same birth date"}


@pytest.fixture
def merged(source, member):
    """Ada Byron merged into Ada Lovelace by what both said, and then somebody else who says yet another thing of both."""
    shared = (Position("Siemens AG", "Nurse", "2015", "2019"),)
    other = (Position("Acme", "Nurse", "2015", "2019"),)
    ada = comes_in(source, "Ada Lovelace", "ada@x.example", positions=shared, birth_date="1984-05-03")
    byron = comes_in(source, "Ada Byron", "ada@y.example", positions=(*shared, *other), birth_date="1984-05-03")
    countess = comes_in(source, "Ada King", "ada@z.example", positions=other)
    first = merge_candidates(ada, byron, by=member, evidence=[EMPLOYER, BIRTH])
    later = merge_candidates(ada, countess, by=member, evidence=[EMPLOYER])
    return ada, first, later


def test_merges_say_what_was_found_of_the_two_as_they_were_then(client, merged, django_assert_num_queries):
    ada, first, later = merged
    merges = merges_into(ada)
    with django_assert_num_queries(2):
        told = evidence_of_merges(merges, among=merges, restricted=True)
    assert {pk: [each.values for each in found] for pk, found in told.items()} == {
        first.pk: ["Siemens AG 2015–2019", "3 May 1984"],
        later.pk: ["Acme 2015–2019"],
    }
    page = client.get(f"/o/acme/people/{ada.pk}/").content.decode()
    assert "The same employer at the same time: <b><bdi>Siemens AG 2015–2019</bdi></b>" in page
    assert "The same birth date: <b><bdi>3 May 1984</bdi></b>" in page


def test_merges_show_nobody_what_she_may_not_see(tenant, merged):
    ada, _, _ = merged
    manager = signed_in(make_member(tenant, Role.HIRING_MANAGER))
    page = manager.get(f"/o/acme/people/{ada.pk}/").content.decode()
    assert "Siemens AG 2015–2019" in page and "The same birth date" in page and "1984" not in page


def test_api_says_the_values_that_the_page_shows(member, merged, source):
    program = program_of(member)
    ada, first, later = merged
    assert program.get(f"/merges/{first.pk}").json()["evidence"] == [
        EMPLOYER | {"values": "Siemens AG 2015–2019"},
        BIRTH | {"values": "3 May 1984"},
    ]
    unmerge(later, by=member, apart=False)
    assert program.get(f"/merges/{later.pk}").json()["evidence"] == [EMPLOYER | {"values": "Acme 2015–2019"}]
    pair = make_pair(ada, comes_in(source, "Ada L.", "ada@x.example.org", birth_date="1984-05-03"), evidence=[BIRTH])
    (listed,) = [each for each in program.get("/match-pairs").json()["items"] if each["id"] == pair.pk]
    assert listed["evidence"] == [BIRTH | {"values": "3 May 1984"}]
    answered = program.post(f"/match-pairs/{pair.pk}/answer", {"answer": "later"}).json()
    assert (answered["state"], answered["evidence"]) == ("later", listed["evidence"])


def test_numbers_without_a_country_code_are_found_as_matching_finds_them(source, member):
    found = said("Phone", bits=9.0)
    ada = comes_in(source, "Ada Lovelace", "ada@x.example", phones=("(559) 555-0142",))
    byron = comes_in(source, "Ada Byron", "ada@y.example", phones=("+1 559 555 0142",))
    (pair,) = evidence_between([found], records_of([ada])[ada.pk], records_of([byron])[byron.pk], restricted=True)
    merge = merge_candidates(ada, byron, by=member, evidence=[found])
    ((told,),) = evidence_of_merges([merge], among=[merge], restricted=True).values()
    assert pair.values == told.values == "+1 559-555-0142"
