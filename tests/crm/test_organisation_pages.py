from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from crm.audit import record
from crm.models import AuditEntry, Role, Tenant
from crm.queries import AUDIT_PAGE, audit_page
from tests.conftest import make_member, signed_in

SETTINGS = {
    "name": "Acme Health",
    "country": "us",
    "language": "en",
    "time_zone": "America/Los_Angeles",
    "postal_address": "1 Main Street, Fresno, CA",
    "sender_name": "Acme",
    "sender_email": "jobs@acme.example",
    "contact_gap_days": "14",
    "consent_required": "on",
    "hold_conversations": "on",
}


def test_settings_are_changed_and_written_down(tenant, client):
    client.post("/o/acme/settings/", SETTINGS | {"name": "Acme Care", "contact_gap_days": "30"})
    changed = Tenant.objects.get(pk=tenant.pk)
    assert (changed.name, changed.contact_gap_days, changed.country) == ("Acme Care", 30, "US")
    [entry] = AuditEntry.objects.all()
    assert entry.verb == "organisation.changed"
    assert entry.detail == {
        "before": {"name": "Acme Health", "contact_gap_days": 14},
        "after": {"name": "Acme Care", "contact_gap_days": 30},
    }


def test_settings_without_a_difference_write_nothing_down(tenant, client):
    page = client.post("/o/acme/settings/", SETTINGS, follow=True).content.decode()
    assert "Nothing was different." in page
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"country": "USA"}, {"time_zone": "Mars/Base"}, {"sender_email": "jobs@"}, {"contact_gap_days": "-1"}]
)
def test_wrong_settings_are_answered_with_the_form(tenant, client, wrong):
    assert client.post("/o/acme/settings/", SETTINGS | wrong).status_code == 422
    assert Tenant.objects.get(pk=tenant.pk).country == "US"


def test_viewer_reads_settings_and_changes_none(tenant):
    browser = signed_in(make_member(tenant, Role.VIEWER))
    page = browser.post("/o/acme/settings/", SETTINGS | {"name": "Mine"}).content.decode()
    assert "An owner or admin can change this." in page
    assert Tenant.objects.get(pk=tenant.pk).name == "Acme Health"


def make_entries(member, number):
    with time_machine.travel(timezone.now() - timedelta(hours=1), tick=False):  # all at the same instant
        return [record("member.invited", member, by=member, label=f"entry {i}").pk for i in range(number)]


def test_audit_log_is_paged_without_loss_or_repetition(tenant, member):
    made = make_entries(member, AUDIT_PAGE * 2 + 3)
    found, before = [], None
    while True:
        page = audit_page(before=before)
        found += [entry.pk for entry in page.entries]
        before = page.next_before
        if before is None:
            break
    assert found == made[::-1]


def test_audit_log_is_filtered(tenant, member, client):
    record("member.invited", member, by=member, label="the invited")
    record("campaign.sent", member, by=None, label="the campaign")
    by_kind = client.get("/o/acme/settings/audit/?kind=campaign").content.decode()
    assert ("the campaign" in by_kind, "the invited" in by_kind) == (True, False)
    by_member = client.get(f"/o/acme/settings/audit/?member={member.pk}").content.decode()
    assert ("the campaign" in by_member, "the invited" in by_member) == (False, True)
    tomorrow = (timezone.localtime() + timedelta(days=2)).date()
    assert "No entry fits" in client.get(f"/o/acme/settings/audit/?since={tomorrow}").content.decode()


def test_audit_log_of_another_organisation_stays_closed(tenant, other_tenant, client, other_member):
    theirs = make_member(other_tenant, Role.VIEWER, "their@rival.example")
    response = client.get(f"/o/acme/settings/audit/?member={theirs.pk}")
    assert response.status_code == 422
    assert theirs.name not in response.content.decode()


@pytest.mark.parametrize("wrong", ["kind=nothing", "since=yesterday", "before=x", "member=0"])
def test_filter_that_can_not_be_read_is_said(tenant, client, wrong):
    assert client.get(f"/o/acme/settings/audit/?{wrong}").status_code == 422


def test_htmx_gets_only_the_entries(tenant, member, client):
    record("member.invited", member, by=member, label="the invited")
    headers = {"HX-Request": "true", "HX-Target": "entries"}
    page = client.get("/o/acme/settings/audit/", headers=headers).content.decode()
    assert ("the invited" in page, "<html" in page) == (True, False)


@pytest.mark.parametrize("number", [1, 3])
def test_audit_page_makes_as_many_queries_for_many(tenant, member, client, django_assert_num_queries, number):
    make_entries(member, number)
    client.get("/o/acme/settings/audit/")
    with django_assert_num_queries(8):
        client.get("/o/acme/settings/audit/")
