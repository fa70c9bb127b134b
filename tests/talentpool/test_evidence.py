"""The evidence of a pair with the values that were found, as it is worked out when somebody looks at it."""

import pytest

from talentpool.person import Education, PersonFields, Position
from talentpool.queries.evidence import Evidence, evidence_between, records_of
from talentpool.queries.match_pairs import comparison_of
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
        Evidence("Words", evidence["bits"], values)
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


def test_person_of_many_records_costs_one_query(source, django_assert_num_queries):
    ada = comes_in(source, "Ada Lovelace", "ada@x.example")
    for number in range(3):
        comes_in(source, "Ada Lovelace", "ada@x.example", skills=(f"Skill {number}",))
    with django_assert_num_queries(1):
        records = records_of([ada])
    assert len(records[ada.pk]) == 5
