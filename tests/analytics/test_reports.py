import csv
import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns.models import Campaign, CampaignState, Message, MessageState
from crm.models import AuditEntry, Role
from crm.tenancy.scope import tenant_scope
from talentpool.models import Source, Suppression, SuppressionReason
from tests.analytics.test_growth import arrive, moment
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate

NOW = "2026-11-22T12:00:00Z"


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def sources(tenant):
    fair = Source.objects.create(name="Job fair", kind="event")
    board = Source.objects.create(name="Résumé board", kind="resume_board")
    for month in (8, 10, 11):
        arrive(moment(month), fair, consent=month != 8)
    arrive(moment(11), board)
    lost = arrive(moment(2), board)
    Suppression.objects.create(address=lost.email, reason=SuppressionReason.BOUNCED, at=moment(11))
    return fair, board


def figures(html):
    found = re.findall(
        r'class="figure"[^>]*href="([^"]+)"><span>([^<]+)</span><b>([\d,]+)</b>(?:<span[^>]*>([^<]*)<)?', html
    )
    return {label: (number, note) for _, label, number, note in found}


def test_growth_shows_the_pool_in_four_numbers(client, tenant, sources):
    page = client.get("/o/acme/reports/growth/").content.decode()
    assert figures(page) == {
        "People in the pool": ("5", "+5 in these months"),
        "May be written to": ("2", "40 %"),
        "New this month": ("2", "+100 % on October"),
        "Lost this month": ("1", "1 bounced"),
    }


def test_every_number_of_the_report_leads_to_so_many_people(client, tenant, sources):
    page = client.get("/o/acme/reports/growth/").content.decode()
    links = re.findall(r'href="(/o/acme/reports/growth/people/[^"]*)"[^>]*>(?:<span>[^<]*</span><b>)?([\d,]+)<', page)
    assert len(links) >= 8
    for address, number in links:
        people = client.get(address.replace("&amp;", "&")).content.decode()
        assert f"{number} p" in people  # "1 person" or "5 people"
        assert people.count('<th scope="row">') == int(number)


@pytest.mark.parametrize(("query", "months"), [("", 12), ("?months=24", 24)])
def test_growth_shows_and_names_the_period(client, tenant, sources, query, months):
    page = client.get(f"/o/acme/reports/growth/{query}").content.decode()
    assert f'<option value="{months}" selected>' in page
    table = page[page.index('id="by-month"') :]
    assert table.count('<th scope="row">') == months


def test_growth_answers_htmx_with_the_part_it_asked_for(client, tenant, sources):
    headers = {"HX-Request": "true", "HX-Target": "growth"}
    part = client.get("/o/acme/reports/growth/?months=3", headers=headers).content.decode().strip()
    assert part.startswith('<div id="growth"')
    assert "<html" not in part


def test_growth_of_an_empty_pool_says_what_to_do(client, tenant):
    page = client.get("/o/acme/reports/growth/").content.decode()
    assert "Nobody is in the pool yet" in page
    assert "<polygon" not in page


@pytest.mark.parametrize("query", ["months=7", "months=x"])
def test_growth_of_an_unknown_period_is_told(client, tenant, query):
    assert client.get(f"/o/acme/reports/growth/?{query}").status_code == 422


@pytest.mark.parametrize(
    "query", ["month=2026-13", "source=999999", "source=-1", "state=rich", "state=lost", "after=x"]
)
def test_people_of_a_number_that_is_none_are_refused(client, tenant, query):
    assert client.get(f"/o/acme/reports/growth/people/?{query}").status_code == 400


def test_people_of_another_organisations_source_are_refused(client, tenant, other_tenant):
    with tenant_scope(other_tenant.pk):
        theirs = Source.objects.create(name="Rival's fair", kind="event")
        arrive(moment(10), theirs)
    assert client.get(f"/o/acme/reports/growth/people/?source={theirs.pk}").status_code == 400


def test_people_of_a_number_come_in_pages_without_gaps(client, tenant):
    people = [make_candidate(f"Person {n:03}") for n in range(120)]
    address, seen = "/o/acme/reports/growth/people/", []
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"<bdi>(Person \d+)</bdi>", page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found and found[1].replace("&amp;", "&")
    assert seen == [person.name for person in reversed(people)]


def test_export_holds_the_table_and_is_written_down(client, tenant, sources):
    Source.objects.filter(name="Job fair").update(name="=cmd()")
    answer = client.get("/o/acme/reports/growth/export/?months=3")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["Source", "2026-09", "2026-10", "2026-11"],
        ["'=cmd()", "1", "2", "3"],
        ["Résumé board", "1", "1", "2"],
    ]
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["report.exported"]


def test_report_list_names_the_reports(client, tenant, sources):
    page = client.get("/o/acme/reports/").content.decode()
    assert "Talent pool growth" in page
    assert "<b>5</b> people, <b>2</b> new this month" in page


def test_report_list_leads_to_each_sent_campaign(client, tenant, member):
    person, reader = make_candidate(), make_candidate()
    sent = Campaign.objects.create(name="Open house", state=CampaignState.SENT, planned_at=timezone.now(), by=member)
    Campaign.objects.create(name="Still a draft", by=member)
    for each, opened_at in ((person, None), (reader, timezone.now())):
        Message.objects.create(
            campaign=sent,
            candidate=each,
            origin=each,
            state=MessageState.SENT,
            sent_at=timezone.now(),
            opened_at=opened_at,
        )
    page = client.get("/o/acme/reports/").content.decode()
    links = re.findall(r'href="/o/acme/campaigns/\d+/people/\?list=(\w+)">(\d+)<', page)
    assert links == [("sent", "2"), ("opened", "1"), ("clicked", "0"), ("unsubscribed", "0")]
    assert f"/o/acme/campaigns/{sent.pk}/report/" in page
    assert "Still a draft" not in page


@pytest.mark.parametrize(
    ("role", "status"), [(Role.VIEWER, 200), (Role.MARKETER, 200), (Role.HIRING_MANAGER, 403), (Role.EMPLOYEE, 403)]
)
def test_reports_are_for_those_who_may_view_them(tenant, role, status):
    browser = signed_in(make_member(tenant, role))
    assert [browser.get(f"/o/acme/reports/{page}").status_code for page in ("", "growth/", "growth/people/")] == [
        status
    ] * 3


def test_growth_makes_the_same_number_of_queries_for_more_people(client, tenant, django_assert_num_queries):
    for number in (1, 3):
        for _ in range(number):
            arrive(timezone.now() - timedelta(days=3), Source.objects.create(name=f"S{Source.objects.count()}"))
        with django_assert_num_queries(QUERIES):
            client.get("/o/acme/reports/growth/")


QUERIES = 11
