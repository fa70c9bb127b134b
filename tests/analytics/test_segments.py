"""Reports of a segment's people alone: what each number counts is what the same report of a pool of only them counts."""

import csv
import io
import re

import pytest
import time_machine

from analytics.queries.hiring import Asked, applications_behind, hiring_in, period_until
from crm.models import Role
from crm.tenancy.scope import tenant_scope
from talentpool.actions.segments import save_search
from talentpool.models import Application, SegmentMember, Sharing, Source
from tests.analytics.test_growth import arrive, moment
from tests.analytics.test_hiring import HIRED, TODAY, ZONE, apply, ats, move  # noqa: F401
from tests.api_client import program_of
from tests.conftest import make_member, signed_in

REPORTS = "/o/acme/reports/"


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel("2026-11-22T12:00:00Z", tick=True):
        yield


def segment_of(people, member, name="Nurses", **fields):
    made = save_search(name, text="nurse", facets={}, by=member, **fields)
    SegmentMember.objects.bulk_create(
        SegmentMember(segment=made, candidate=person, joined_at=moment(11)) for person in people
    )
    return made


@pytest.fixture
def people(tenant):
    """Two by the fair, in August and in November, and one by a board in November."""
    fair, board = Source.objects.create(name="Job fair", kind="event"), Source.objects.create(name="Board", kind="csv")
    return [arrive(moment(8), fair, consent=True), arrive(moment(11), fair), arrive(moment(11), board)]


@pytest.fixture
def some(people, member):
    return segment_of(people[1:], member)


def figures(page):
    return dict(re.findall(r'class="figure"[^>]*><span>([^<]+)</span><b>([\d,]+)</b>', page))


def test_growth_counts_the_segments_people_and_leads_to_them(client, some):
    page = client.get(f"{REPORTS}growth/?segment={some.pk}").text
    assert figures(page) == {
        "People in the segment": "2",
        "May be written to": "0",
        "New this month": "2",
        "Lost this month": "0",
    }
    links = re.findall(r'href="(/o/acme/reports/growth/people/[^"]*)"[^>]*>(?:<span>[^<]*</span><b>)?([\d,]+)<', page)
    assert len(links) >= 6
    for address, number in links:
        behind = client.get(address.replace("&amp;", "&")).text
        assert (behind.count('<th scope="row">'), "Nurses" in behind) == (int(number), True)
    export = client.get(f"{REPORTS}growth/export/?months=3&segment={some.pk}")
    rows = list(csv.reader(io.StringIO(export.content.decode("utf-8-sig"))))
    assert sorted(row[0] + row[-1] for row in rows[1:]) == ["Board1", "Job fair1"]


def test_hiring_counts_the_applications_of_the_segments_people(client, ats, people, member):  # noqa: F811
    for number, person in enumerate(people):
        application = apply(ats, moment(10), person=person, title=f"Nurse {number % 2}")
        move(application, moment(11))
    move(application, moment(11, 12), "Hired", "hired", HIRED)
    period, both = period_until(TODAY, 3, ZONE), segment_of(people[1:], member)
    found = hiring_in(period, segment=both)
    counts = {
        "all": hiring_in(period).total.applied,
        "in the segment": (found.total.applied, found.total.interview, found.total.hired),
        "pool": found.conversion.pool,
        "jobs": sorted((part.name, part.counts.applied) for part in found.by_job),
    }
    assert counts == {
        "all": 3,
        "in the segment": (2, 2, 1),
        "pool": 2,
        "jobs": [("Nurse 0", 1), ("Nurse 1", 1)],
    }
    behind = applications_behind(period, Asked("applied", segment=both), limit=10)
    whose = Application.objects.filter(pk__in=[row.application_id for row in behind.rows]).order_by("candidate")
    assert (behind.total, [each.candidate_id for each in whose]) == (2, [person.pk for person in people[1:]])
    page = client.get(f"{REPORTS}hiring/?months=3&segment={both.pk}").text
    assert "In the segment" in page
    assert f"segment={both.pk}" in page
    answer = program_of(member).get("/reports/hiring", months=3, segment=both.pk)
    assert (answer.status_code, answer.json()["total"]["applied"]) == (200, 2)


def test_segments_one_may_not_see_are_none(client, tenant, other_tenant, people, member):
    colleague = make_member(tenant, Role.RECRUITER, "colleague@acme.example")
    hidden = segment_of(people, colleague, "Theirs alone", sharing=Sharing.PRIVATE)
    with tenant_scope(other_tenant.pk):
        stranger = save_search(
            "Rivals", text="nurse", facets={}, by=make_member(other_tenant, Role.OWNER, "r@r.example")
        )
    for segment in (hidden.pk, stranger.pk, "x", 10**20):
        told = [
            client.get(f"{REPORTS}{page}?months=3&what=applied&segment={segment}").status_code
            for page in ("growth/", "hiring/", "growth/people/", "hiring/people/", "growth/export/", "hiring/export/")
        ]
        assert told == [422, 422, 400, 400, 400, 400]
    assert program_of(member).get("/reports/hiring", segment=hidden.pk).status_code == 422
    assert "Theirs alone" not in client.get(f"{REPORTS}growth/").text
    assert "Theirs alone" in signed_in(colleague).get(f"{REPORTS}growth/").text


def test_segments_page_leads_to_its_reports(client, some):
    page = client.get(f"/o/acme/segments/{some.pk}/").text
    assert f'href="/o/acme/reports/growth/?segment={some.pk}"' in page
    assert f'href="/o/acme/reports/hiring/?segment={some.pk}"' in page


def test_empty_segment_is_told_from_an_empty_pool(client, people, member):
    empty = segment_of([], member)
    assert "Nobody is in this segment now" in client.get(f"{REPORTS}growth/?segment={empty.pk}").text
    assert "Nobody in this segment applied" in client.get(f"{REPORTS}hiring/?segment={empty.pk}").text
