"""Connecting an ATS and saying what its stages mean, as somebody does it."""

import pytest
from playwright.sync_api import expect

from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection
from crm.models import Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from tests.conftest import PASSWORD, make_member
from tests.simulators.ats.server import Simulator

EMAIL = "mara@acme.example"


@pytest.fixture
def organisation(transactional_db):
    tenant = Tenant.objects.create(
        name="Acme Health", slug="acme", sender_email="a@acme.example", postal_address="1 St"
    )
    User.objects.create_user(EMAIL, PASSWORD, name="Mara Okafor")
    make_member(tenant, Role.OWNER, EMAIL)
    return tenant


def test_an_ats_is_connected_and_its_stages_mapped(organisation, settings, page, sign_in, accessible, faults):
    settings.OUTGOING_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with Simulator.of("greenhouse", people=2, seed=7, limit=100_000) as ats:
        sign_in(EMAIL)
        page.goto("/o/acme/settings/ats/")
        accessible()
        page.get_by_role("link", name="Greenhouse").click()
        page.get_by_label("Client id").fill(ats.credentials()["client_id"])
        page.get_by_label("Client secret").fill(ats.credentials()["client_secret"])
        page.get_by_label("Address of the API").fill(ats.url)
        page.get_by_role("button", name="Try them out").click()
        expect(page.get_by_text("It lets us in, and every right that is needed is there.")).to_be_visible()
        accessible()
        page.get_by_role("button", name="Start").click()
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        with tenant_scope(organisation.pk):
            poll(Connection.objects.get().pk, worker="test")
        page.get_by_role("link", name="What its words mean").click()
        page.get_by_label("Show words with").fill("phone screen")
        expect(page.get_by_label("Final Interview")).to_be_hidden()
        accessible()
        page.get_by_label("Phone Screen").select_option("Interview")
        page.get_by_role("button", name="Save").click()
        expect(
            page.get_by_text("means something else now").or_(page.get_by_text("mean something else now"))
        ).to_be_visible()
        with tenant_scope(organisation.pk):
            named = AtsRecord.objects.filter(kind="stage", name="Phone Screen")
            assert set(named.values_list("maps_to", flat=True)) == {"interview"}
    assert faults == []
