import re
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import AuditEntry, Role
from sourcing.actions.positions import give_position
from sourcing.actions.searches import log_considered, log_opened
from sourcing.models import LegalHold, SearchLogSettings
from sourcing.queries.keeping import sessions_over
from talentpool.actions.erasure import erase_candidate
from talentpool.models import Job
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate
from tests.sourcing.conftest import NOW, searched

LOG = "/o/acme/sourcing/log/"


@pytest.fixture
def recruiter(tenant):
    return make_member(tenant, Role.RECRUITER)


@pytest.fixture
def person(tenant):
    return make_candidate("Adaeze Nwosu")


@pytest.fixture
def job(tenant):
    return Job.objects.create(title="Charge Nurse")


def listed(client, query=""):
    """What was typed, of the searches that the page lists."""
    return re.findall(
        r'<a href="/o/acme/sourcing/log/\d+/"><bdi>([^<]+)</bdi>', client.get(LOG + query).content.decode()
    )


def test_the_log_says_what_to_do_when_it_is_empty(client):
    assert "No search yet" in client.get(LOG).content.decode()


def test_searches_are_listed_newest_first_and_found_by_who_when_position_and_words(client, member, recruiter, job):
    searched(member, "nurse", 1)
    give_position(job=job, by=member, now=NOW)
    searched(recruiter, "welder", 2, now=NOW + timedelta(days=2))
    give_position(reason="Market", by=recruiter, now=NOW + timedelta(days=2))
    searched(recruiter, "rigger", 2, now=NOW + timedelta(days=4))
    assert listed(client) == ["rigger", "welder", "nurse"]
    assert listed(client, f"?member={recruiter.pk}") == ["rigger", "welder"]
    assert listed(client, f"?position=job:{job.pk}") == ["nurse"]
    assert listed(client, "?position=none") == ["welder"]
    assert listed(client, "?position=unanswered") == ["rigger"]
    assert listed(client, "?words=ELDE") == ["welder"]
    assert listed(client, "?since=2021-03-05&until=2021-03-07") == ["welder"]
    assert client.get(LOG + "?since=x").status_code == 422


def test_members_see_their_own_searches_alone(client, member, recruiter):
    mine, hers = searched(member, "nurse", 1), searched(recruiter, "welder", 2)
    theirs = signed_in(recruiter)
    assert listed(theirs) == ["welder"]
    assert listed(theirs, f"?member={member.pk}") == ["welder"]
    assert theirs.get(f"{LOG}{hers.pk}/").status_code == 200
    assert theirs.get(f"{LOG}{mine.pk}/").status_code == 404
    assert {theirs.get(f"{LOG}{page}/").status_code for page in ("keeping", "export")} == {403}


def test_a_search_shows_its_criteria_and_what_became_of_whom(client, member, person):
    erased, unseen = make_candidate("Tom Reyes"), make_candidate("Lena Sharp")
    search = searched(member, "nurse NOT student", person.pk, erased.pk, unseen.pk)
    log_opened(person.pk, act="profile", by=member, now=NOW)
    log_considered([person.pk], act="tag", by=member, now=NOW)
    erase_candidate(erased, reason="asked", by=member)
    page = client.get(f"{LOG}{search.pk}/").content.decode()
    for words in (
        "<code>nurse NOT student</code>",
        "<code>nurse -student</code>",
        "Adaeze Nwosu",
        "tagged",
        "Lena Sharp",
    ):
        assert words in page
    assert f"Erased, number {erased.pk}" in page
    assert "Tom Reyes" not in page
    assert re.findall(r'<td class="number">(\d+)</td>', client.get(LOG).content.decode()) == ["3", "1", "1", "0"]


def test_the_log_costs_the_same_for_one_search_and_for_three(client, member, django_assert_max_num_queries):
    searched(member, "nurse", 1)
    with django_assert_max_num_queries(14):
        client.get(LOG)
    searched(member, "welder", 2)
    searched(member, "rigger", 3)
    with django_assert_max_num_queries(14):
        client.get(LOG)


def test_admins_say_how_long_it_is_kept_and_whether_positions_are_asked_for(client):
    page = f"{LOG}keeping/"
    assert client.post(page, {"asking": "require", "keep_years": "0"}).status_code == 422
    assert client.post(page, {"asking": "require", "keep_years": "2"}).status_code == 302
    assert (SearchLogSettings.objects.get().asking, SearchLogSettings.objects.get().keep_years) == ("require", 2)
    assert AuditEntry.objects.get(verb="search_log.settings_changed").detail["after"] == {
        "asking": "require", "keep_years": 2,
    }  # fmt: skip


def test_a_hold_keeps_the_sessions_of_its_position_until_it_ends(client, member, recruiter, job):
    search, other = searched(member, "nurse", 1), searched(recruiter, "welder", 2)
    give_position(job=job, by=member, now=NOW)
    later = NOW + timedelta(days=4 * 366)
    assert set(sessions_over(later, 10)) == {search.session, other.session}
    assert client.post(f"{LOG}holds/", {"position": f"job:{job.pk}", "reason": ""}).status_code == 422
    client.post(f"{LOG}holds/", {"position": f"job:{job.pk}", "reason": "Charge 550"})
    assert "Charge 550" in client.get(f"{LOG}keeping/").content.decode()
    assert sessions_over(later, 10) == [other.session]
    client.post(f"{LOG}holds/{LegalHold.objects.get().pk}/end/")
    assert set(sessions_over(later, 10)) == {search.session, other.session}
    assert sessions_over(timezone.now().replace(year=2023), 10) == []


def test_the_api_lists_and_reads_searches(member, person, job):
    search = searched(member, "nurse", person.pk, facets={"tag": ("7",)})
    give_position(job=job, by=member, now=NOW)
    log_opened(person.pk, act="profile", by=member, now=NOW)
    program = program_of(member)
    told = {
        "id": search.pk,
        "at": "2021-03-04T12:00:00Z",
        "member": member.name,
        "text": "nurse",
        "as_run": "nurse",
        "facets": {"tag": ["7"]},
        "total": 1,
        "total_is_estimate": False,
        "position": {"title": "Charge Nurse", "reason": "", "job_id": job.pk, "pipeline_id": None},
    }
    assert program.get("/searches").json() == {"items": [told], "next_cursor": None}
    assert program.get("/searches", since="2022-01-01T00:00:00Z").json()["items"] == []
    assert program.get(f"/searches/{search.pk}").json() == told | {
        "people": [{"candidate_id": person.pk, "opened_at": "2021-03-04T12:00:00Z", "considered": [], "contacted": []}]
    }
