import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.actions.bulk_runs import work_on
from crm.models import AuditEntry, BulkRun, Role
from talentpool.actions.arrivals import IncomingRecord
from talentpool.actions.people import receive_profiles
from talentpool.actions.sources import create_source, update_source
from talentpool.models import Candidate, ProfileKind, Source
from talentpool.person import PersonFields
from talentpool.queries.sources import sources_with_people
from tests.conftest import make_member, signed_in

PAGE = "/o/acme/settings/sources/"
FAIR = {"name": "Spring job fair", "kind": "event", "trust": "50"}


def told(source, name, *, email="femi@example.org", location=""):
    """One record of one person, told by the source today."""
    fields = PersonFields(name=name, emails=(email,), location=location)
    return IncomingRecord(source=source, kind=ProfileKind.ROW, fields=fields, observed_at=timezone.now())


@pytest.fixture
def fair(tenant, member):
    return create_source("Spring job fair", "event", 50, by=member)


def test_source_is_named_once_whatever_its_letters(tenant, member, fair):
    with pytest.raises(ValidationError, match="already"):
        create_source("spring JOB fair", "event", 50, by=member)
    assert Source.objects.count() == 1


def test_change_is_written_down(tenant, member, fair):
    assert update_source(fair, "Autumn job fair", "event", 50, by=member) is None
    entry = AuditEntry.objects.get(verb="source.changed")
    assert entry.detail == {"before": {"name": "Spring job fair"}, "after": {"name": "Autumn job fair"}}


def test_change_without_a_difference_writes_nothing(tenant, member, fair):
    assert update_source(fair, fair.name, fair.kind, fair.trust, by=member) is None
    assert not AuditEntry.objects.filter(verb="source.changed").exists()


def test_trust_decides_between_sources_of_the_same_age(tenant, member, fair):
    board = create_source("Board", "resume_board", 80, by=member)
    receive_profiles([told(board, "Femi Adebayo", location="Fresno, CA")], by=member)
    receive_profiles([told(fair, "Femi Adebayo", location="Clovis, CA")], by=member)
    assert Candidate.objects.get().location == "Fresno, CA"
    run = update_source(fair, fair.name, fair.kind, 90, by=member)
    assert (run.kind, run.total) == ("weigh_source", 1)
    work_on(run.pk, worker="test")
    assert Candidate.objects.get().location == "Clovis, CA"
    finished = BulkRun.objects.get(pk=run.pk)
    assert (finished.state, finished.done) == ("done", 1)


def test_people_are_counted_once_however_often_they_were_told_of(tenant, member, fair):
    create_source("Empty", "other", 50, by=member)
    receive_profiles([told(fair, "Femi"), told(fair, "Femi Adebayo"), told(fair, "Ruth", email="r@x.org")], by=member)
    assert [(source.name, source.people) for source in sources_with_people()] == [("Empty", 0), ("Spring job fair", 2)]


def test_page_names_and_changes_a_source(tenant, client):
    assert "can be chosen now" in client.post(PAGE, FAIR, follow=True).content.decode()
    source = Source.objects.get()
    assert client.post(f"{PAGE}{source.pk}/", FAIR | {"name": "Job fair"}).status_code == 302
    assert Source.objects.get().name == "Job fair"


@pytest.mark.parametrize("wrong", [{"name": ""}, {"kind": "rumour"}, {"trust": "100"}, {"name": "x" * 121}])
def test_page_answers_a_wrong_source_with_the_form(tenant, client, wrong):
    assert client.post(PAGE, FAIR | wrong).status_code == 422
    assert Source.objects.count() == 0


def test_page_keeps_a_trust_that_is_none_of_the_three(tenant, client):
    source = Source.objects.create(name="ATS", kind="ats", trust=65)
    assert client.post(f"{PAGE}{source.pk}/", {"name": "ATS", "kind": "ats", "trust": "65"}).status_code == 302


def test_recruiter_names_no_sources(tenant):
    assert signed_in(make_member(tenant, Role.RECRUITER)).get(PAGE).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_sources_page_makes_as_many_queries_for_many(tenant, client, django_assert_num_queries, number):
    Source.objects.bulk_create([Source(name=f"Source {i}") for i in range(number)])
    client.get(PAGE)
    with django_assert_num_queries(7):
        client.get(PAGE)
