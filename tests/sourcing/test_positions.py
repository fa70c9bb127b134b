from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from crm.models import Role
from sourcing.actions.keeping import change_settings
from sourcing.actions.positions import give_position
from sourcing.models import SearchLogEntry
from sourcing.queries.positions import Position, position_of, positions_of
from talentpool.models import Job, Selection
from talentpool.search.index.outbox import drain
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate
from tests.factories.pipelines import make_pipeline
from tests.sourcing.conftest import NOW, searched

PEOPLE = "/o/acme/people/"
ASKED = "Which position are you searching for?"
HTMX = {"HX-Request": "true", "HX-Target": "position"}


@pytest.fixture
def nurse(tenant):
    cache.delete("pool-size")
    person = make_candidate("Adaeze Nwosu", headline="ICU Nurse")
    drain()
    return person


@pytest.fixture
def job(tenant):
    return Job.objects.create(title="Charge Nurse", location="Fresno")


def ask(member, asking="ask"):
    change_settings(asking=asking, keep_years=3, by=member)


def seen(client, query="?q=nurse"):
    return client.get(PEOPLE + query).content.decode()


def test_nobody_is_asked_unless_the_organisation_says_so(client, nurse):
    assert ASKED not in seen(client)


def test_the_position_is_asked_for_once_a_session_and_stands_for_what_was_searched_before(client, member, nurse, job):
    ask(member)
    assert ASKED not in seen(client, "")
    assert ASKED in seen(client)
    answer = client.post("/o/acme/sourcing/position/", {"position": f"job:{job.pk}", "next": PEOPLE + "?q=nurse"})
    assert (answer.status_code, answer["Location"]) == (302, PEOPLE + "?q=nurse")
    page = seen(client, "?q=icu")
    assert "Searching for <b><bdi>Charge Nurse</bdi></b>" in page
    searches = SearchLogEntry.objects.filter(kind="searched")
    assert len(searches) == 2
    assert {str(position) for position in positions_of({each.session for each in searches}).values()} == {
        "Charge Nurse"
    }


def test_with_htmx_the_answer_is_the_bar(client, member, nurse, job):
    ask(member)
    seen(client)
    part = client.post("/o/acme/sourcing/position/", {"position": f"job:{job.pk}"}, headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="position">')
    assert "Searching for <b><bdi>Charge Nurse</bdi></b>" in part


def test_no_position_needs_a_reason(client, member, nurse):
    ask(member)
    seen(client)
    wrong = client.post("/o/acme/sourcing/position/", {"position": "none:other"})
    assert wrong.status_code == 422
    assert "Say why, in a few words." in wrong.content.decode()
    client.post("/o/acme/sourcing/position/", {"position": "none:other", "reason": "A visit"})
    assert position_of(SearchLogEntry.objects.filter(kind="searched")[0].session) == Position("", "A visit")


def test_an_answer_leads_to_no_other_site(client, member, nurse, job):
    answer = client.post("/o/acme/sourcing/position/", {"position": f"job:{job.pk}", "next": "https://evil.example/"})
    assert answer["Location"] == PEOPLE


def test_a_pipeline_stands_for_its_job_and_the_last_answer_holds(member, job):
    pipeline = make_pipeline(member, job=job)
    search = searched(member, "nurse", 1)
    give_position(reason="Data", by=member, now=NOW)
    give_position(pipeline=pipeline, by=member, now=NOW + timedelta(minutes=1))
    assert position_of(search.session) == Position("Critical care nurses", "", job.pk, pipeline.pk)


def test_where_it_is_required_nothing_is_done_with_a_result_before(client, member, nurse, job):
    ask(member, "require")
    seen(client)
    chosen = {"selected": [nurse.pk], "then": "export", "query": "q=nurse"}
    answer = client.post(f"{PEOPLE}select/", chosen, follow=True)
    assert answer.redirect_chain == [(f"{PEOPLE}?q=nurse", 302)]
    assert "Say first which position you are searching for." in answer.content.decode()
    assert Selection.objects.count() == 0
    client.post("/o/acme/sourcing/position/", {"position": f"job:{job.pk}"})
    assert client.post(f"{PEOPLE}select/", chosen)["Location"].endswith("/export/")


def test_jobs_of_another_organisation_are_no_choice(client, member, nurse, other_member):
    from crm.tenancy.scope import tenant_scope

    with tenant_scope(other_member.tenant_id):
        theirs = Job.objects.create(title="Theirs")
    assert client.post("/o/acme/sourcing/position/", {"position": f"job:{theirs.pk}"}).status_code == 422


def test_each_colleague_answers_for_herself(member, tenant, job):
    colleague = make_member(tenant, Role.RECRUITER)
    mine, hers = searched(member, "nurse", 1), searched(colleague, "nurse", 1)
    give_position(job=job, by=colleague, now=NOW)
    assert (position_of(mine.session), position_of(hers.session)) == (None, Position("Charge Nurse", "", job.pk))
    assert signed_in(colleague).get(PEOPLE).status_code == 200
    assert timezone.now() > NOW
