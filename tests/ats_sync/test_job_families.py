"""Jobs of an ATS come into the families that its departments, or its own words for families, are said to be here."""

import pytest
from django.utils import timezone

from ats_sync.actions.applying import apply_changes
from ats_sync.actions.connections import map_words
from ats_sync.models import AtsRecord
from ats_sync.providers import _bullhorn_records as bullhorn
from ats_sync.providers import _lever_records as lever
from ats_sync.queries.words import words_of
from ats_sync.vocabulary import JobRecord, Kind, Lookup
from talentpool.actions.job_families import create_family, delete_family
from talentpool.models import Job
from tests.api_client import program_of

CLINICAL = Lookup(what=Kind.DEPARTMENT, id="d1", name="Clinical")
OFFICE = Lookup(what=Kind.DEPARTMENT, id="d2", name="Office")


@pytest.fixture
def connection(greenhouse, connect):
    connection = connect(greenhouse)
    apply_changes(connection, [CLINICAL, OFFICE], now=timezone.now())
    return connection


@pytest.fixture
def nursing(member):
    return create_family("Nursing", by=member)


def tell(connection, title, *, department="", family=""):
    job = JobRecord(id=title, title=title, department=department, family=family)
    apply_changes(connection, [job], now=timezone.now())


def word(name, kind=Kind.DEPARTMENT):
    return AtsRecord.objects.get(kind=kind, name=name)


def say(connection, name, family, kind=Kind.DEPARTMENT):
    families = {word(name, kind).pk: family.pk if family else None}
    return map_words(connection, {}, families=families, by=connection.by)


def families():
    return {job.title: str(job.family or "") for job in Job.objects.select_related("family")}


def test_jobs_of_a_department_move_with_what_it_is_said_to_be(connection, member, nursing):
    tell(connection, "ICU Nurse", department="Clinical")
    tell(connection, "Clerk", department="Office")
    tell(connection, "Porter")
    assert say(connection, "Clinical", nursing) == 1
    assert say(connection, "Clinical", nursing) == 0
    assert families() == {"ICU Nurse": "Nursing", "Clerk": "", "Porter": ""}
    tell(connection, "Midwife", department="Clinical")  # what comes later
    tell(connection, "Clerk", department="Clinical")  # and what moved to it
    assert families() == {"ICU Nurse": "Nursing", "Clerk": "Nursing", "Porter": "", "Midwife": "Nursing"}
    say(connection, "Clinical", create_family("Care", by=member))
    assert families() == {"ICU Nurse": "Care", "Clerk": "Care", "Porter": "", "Midwife": "Care"}
    say(connection, "Clinical", None)
    assert set(families().values()) == {""}


def test_two_departments_called_the_same_here_are_two_families(connection, member, nursing):
    office = create_family("Administration", by=member)
    map_words(connection, {word("Clinical").pk: "Hospital", word("Office").pk: "Hospital"}, by=member)
    tell(connection, "ICU Nurse", department="Clinical")
    tell(connection, "Clerk", department="Office")
    say(connection, "Clinical", nursing)
    say(connection, "Office", office)
    assert set(Job.objects.values_list("department", flat=True)) == {"Hospital"}
    assert families() == {"ICU Nurse": "Nursing", "Clerk": "Administration"}


def test_family_that_the_ats_has_itself_goes_before_the_department(connection, member, nursing):
    care = create_family("Care", by=member)
    say(connection, "Clinical", nursing)
    for title, family in (("ICU Nurse", "Acute"), ("Midwife", "Acute"), ("Porter", "Other")):
        tell(connection, title, department="Clinical", family=family)
    assert set(families().values()) == {"Nursing"}
    assert sorted(AtsRecord.objects.filter(kind=Kind.FAMILY).values_list("name", flat=True)) == ["Acute", "Other"]
    say(connection, "Acute", care, Kind.FAMILY)
    assert families() == {"ICU Nurse": "Care", "Midwife": "Care", "Porter": "Nursing"}
    tell(connection, "ICU Nurse", department="Clinical", family="Other")
    assert families()["ICU Nurse"] == "Nursing"


def test_deleted_family_is_no_words_any_more(connection, member, nursing):
    tell(connection, "ICU Nurse", department="Clinical")
    say(connection, "Clinical", nursing)
    delete_family(nursing, by=member)
    tell(connection, "Midwife", department="Clinical")
    assert families() == {"ICU Nurse": "", "Midwife": ""}
    assert (word("Clinical").family, word("Clinical").family_said) == (None, True)


def test_jobs_and_words_of_another_connection_stay(connection, connect, greenhouse, nursing):
    type(connection).objects.filter(pk=connection.pk).update(name="First")
    other = connect(greenhouse)
    tell(connection, "ICU Nurse", department="Clinical")
    apply_changes(other, [CLINICAL], now=timezone.now())
    tell(other, "Midwife", department="Clinical")
    theirs = AtsRecord.objects.get(connection=other, kind=Kind.DEPARTMENT)
    map_words(other, {}, families={theirs.pk: nursing.pk}, by=other.by)
    map_words(connection, {}, families={theirs.pk: None}, by=other.by)  # none of its own
    assert families() == {"ICU Nurse": "", "Midwife": "Nursing"}


def proposed(connection, kind=Kind.DEPARTMENT):
    (group,) = [each for each in words_of(connection) if each.kind == kind]
    return {word.name: word.family for word in group.words}


def test_family_of_the_same_name_is_proposed_until_something_was_said(connection, member, client):
    clinical = create_family("clinical", by=member)
    back = create_family("Back office", by=member)
    map_words(connection, {word("Office").pk: "Back Office"}, by=member)
    assert proposed(connection) == {"Clinical": str(clinical.pk), "Office": str(back.pk)}
    say(connection, "Clinical", None)
    assert proposed(connection) == {"Clinical": "", "Office": str(back.pk)}
    assert families() == {}


def test_mapping_page_says_it_and_moves_jobs(connection, client, nursing):
    tell(connection, "ICU Nurse", department="Clinical", family="Acute")
    url = f"/o/acme/settings/ats/{connection.pk}/mapping/"
    page = client.get(url).content.decode()
    clinical, acute = word("Clinical"), word("Acute", Kind.FAMILY)
    assert f'aria-label="Job family of Clinical" name="family-{clinical.pk}"' in page
    assert f'name="family-{acute.pk}"' in page
    assert f'name="word-{acute.pk}"' not in page
    assert "Job families</h2>" in page
    said = {f"word-{clinical.pk}": "Bedside", f"family-{clinical.pk}": nursing.pk, f"family-{acute.pk}": ""}
    assert "1 word means something else now" in client.post(url, said, follow=True).content.decode()
    job = Job.objects.select_related("family").get()
    assert (job.department, job.family) == ("Bedside", nursing)
    assert f'<option value="{nursing.pk}" selected>Nursing</option>' in client.get(url).content.decode()
    wrong = client.post(url, {f"family-{clinical.pk}": "999999999"})
    assert wrong.status_code == 422
    assert "“Clinical” can’t be that job family" in wrong.content.decode()


def test_program_says_which_family_a_department_is(connection, member, nursing):
    tell(connection, "ICU Nurse", department="Clinical")
    apply_changes(connection, [Lookup(what=Kind.SOURCE, id="s", name="Fair")], now=timezone.now())
    program, url = program_of(member), f"/ats/connections/{connection.pk}/words"
    clinical, source = word("Clinical"), word("Fair", Kind.SOURCE)

    def mapped(**said):
        answer = program.post(url, {"meanings": [{"id": clinical.pk} | said]})
        return answer.json().get("changed", answer.status_code)

    assert mapped(family_id=nursing.pk) == 1
    assert families() == {"ICU Nurse": "Nursing"}
    assert mapped(maps_to="Bedside") == 1  # what is not sent stays
    found = program.get(url, kind="department").json()["items"][0]
    assert (found["name"], found["maps_to"], found["family_id"]) == ("Clinical", "Bedside", nursing.pk)
    assert [mapped(family_id=10**9), mapped(id=source.pk, family_id=nursing.pk)] == [422, 422]
    assert mapped(family_id=None) == 1
    assert families() == {"ICU Nurse": ""}


@pytest.mark.parametrize(
    ("row", "family"),
    [
        ({}, ""),
        ({"publishedCategory": {"id": 1, "name": "Care"}, "categories": {"data": [{"name": "A"}]}}, "Care"),
        ({"publishedCategory": None, "categories": {"data": [{"name": "Nursing"}, {"name": "Care"}]}}, "Care"),
    ],
)
def test_bullhorn_jobs_are_of_their_category(row, family):
    assert bullhorn.job({"id": 1, "title": "Nurse", **row}).family == family


def test_lever_jobs_are_of_their_team():
    row = {"id": "1", "text": "Engineer", "categories": {"team": "Platform", "department": "Product"}}
    found = lever.job(row, {})
    assert (found.department, found.family) == ("Product", "Platform")
