"""Before a job is opened to an agency: who of the pool might do, and what they would save."""

import pytest

from crm.models import Role
from crm.models.api_token import Scope
from talentpool.actions.agencies import update_agency
from talentpool.models import AgencyJob, Application, ApplicationState, Candidate, Job, Phase, PipelineEntry
from talentpool.models.job import JobFamily
from talentpool.queries.search_first import own_matches
from talentpool.search.index.outbox import drain
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.talentpool.search.people import NOON, person
from tests.talentpool.test_agencies import TERMS, make_agency, submit

SHARE = "20 % of the first year’s pay"


@pytest.fixture
def harbor(member):
    return make_agency(member)


@pytest.fixture
def agency(harbor):
    return harbor[0]


@pytest.fixture
def job(tenant):
    return Job.objects.create(title="ICU Nurse", family=JobFamily.objects.create(name="Nursing"))


@pytest.fixture
def pool(job):
    """A silver medalist, two whose title fits, one of whom says what pay she wants, and one whom nothing fits."""
    earlier = Job.objects.create(title="Ward Nurse", family=job.family, is_open=False)
    medalist = person("Medalist", title="Midwife")
    rejected = {"state": ApplicationState.REJECTED, "phase": Phase.INTERVIEW, "state_at": NOON}
    Application.objects.create(job=earlier, candidate=medalist, origin=medalist, **rejected)
    person("Asks", title="ICU Nurse", minutes=2, wants={"salary": "USD 90000 year"})
    person("Silent", title="ICU Nurse", minutes=1, consent=True, email="silent@mail.example")
    person("Welder", title="Welder")
    drain()


def told(matches):
    return [(each.person.name, each.saves, each.claim and each.claim.agency.name) for each in matches.people]


def test_own_people_come_with_what_they_would_save(job, agency, pool):
    matches = own_matches(job, agency)
    assert told(matches) == [("Medalist", SHARE, None), ("Asks", "about USD 18,000", None), ("Silent", SHARE, None)]
    assert (matches.fee, matches.medalists, matches.reachable, matches.claimed) == (SHARE, 1, 1, 0)


def test_whom_an_agency_brought_saves_nothing_while_its_claim_runs(job, harbor, member):
    submit(make_agency(member, "Rival Search"))
    drain()
    matches = own_matches(job, harbor[0])
    assert (told(matches), matches.claimed) == ([("Zoë Ångström", "", "Rival Search")], 1)


def test_without_a_fee_the_people_come_all_the_same(job, agency, pool, member):
    update_agency(agency, TERMS | {"fee": ""}, by=member)
    matches = own_matches(job, agency)
    assert (matches.fee, {each.saves for each in matches.people}, len(matches.people)) == ("", {""}, 3)


def test_page_shows_them_and_then_opens_the_job(job, agency, pool, tenant, django_assert_max_num_queries):
    recruiter = signed_in(make_member(tenant, Role.RECRUITER))
    base = f"/o/acme/agencies/{agency.pk}"
    with django_assert_max_num_queries(60):
        page = recruiter.get(f"{base}/jobs/first/?job={job.pk}").content.decode()
    assert [words in page for words in ("Medalist", "about <b>", "<b>about USD 18,000</b>", "Welder")] == [
        True, False, True, False,
    ]  # fmt: skip
    asks = Candidate.objects.get(name="Asks")
    put = recruiter.post(f"/o/acme/jobs/{job.pk}/", {"selected": [asks.pk]})
    entry = PipelineEntry.objects.get()
    assert (put.status_code, entry.candidate, entry.pipeline.job) == (302, asks, job)
    refused = recruiter.post(f"{base}/jobs/", {"job": job.pk, "words": "x" * 5_001})
    assert (refused.status_code, "x" * 5_001 in refused.content.decode()) == (422, True)
    assert recruiter.post(f"{base}/jobs/", {"job": job.pk, "words": "Nights"}).status_code == 302
    assert AgencyJob.objects.get(job=job).words == "Nights"


def test_job_that_cannot_be_opened_leads_back_with_a_sentence(job, harbor, client):
    agency, _, opening = harbor
    job.is_open = False
    job.save()
    for pk in (job.pk, opening.job_id, 0, "x"):
        for ask in (client.get, client.post):
            path = "jobs/first/" if ask == client.get else "jobs/"
            page = ask(f"/o/acme/agencies/{agency.pk}/{path}", {"job": pk}, follow=True).content.decode()
            assert "Choose a job that is open and that this agency does not have yet." in page


@pytest.mark.parametrize(("written", "status"), [("22,5%", 302), ("", 302), ("a lot", 422), ("150 %", 422)])
def test_fee_is_agreed_in_the_form(agency, client, written, status):
    changed = client.post(f"/o/acme/agencies/{agency.pk}/edit/", TERMS | {"fee": written})
    assert changed.status_code == status
    agency.refresh_from_db()
    assert agency.fee == {"22,5%": "22.5 %", "": ""}.get(written, "20 %")
    if status == 422:
        assert f"“{written}” is no fee." in changed.content.decode()


def test_programs_read_who_might_do_and_who_is_alike(job, agency, pool, member):
    program = program_of(member, Scope.READ_CANDIDATES)
    found = program.get(f"/jobs/{job.pk}/people?agency_id={agency.pk}").json()
    assert [(each["name"], each["fits"], each["saves"], each["claim"]) for each in found["items"]] == [
        ("Medalist", True, SHARE, None),
        ("Asks", True, "about USD 18,000", None),
        ("Silent", True, SHARE, None),
    ]
    assert (found["fee"], found["items"][0]["silver_medalist"]["furthest"]) == (SHARE, "interview")
    alone = program.get(f"/jobs/{job.pk}/people").json()
    assert ({each["saves"] for each in alone["items"]}, alone["fee"]) == ({""}, "")
    assert program.get(f"/jobs/{job.pk}/people?agency_id={agency.pk + 1}").status_code == 422
    asks = Candidate.objects.get(name="Asks")
    [one] = program.get(f"/candidates/{asks.pk}/alike").json()["items"]
    assert (one["candidate"]["name"], one["reasons"][0]["label"]) == ("Silent", "The same title:")
