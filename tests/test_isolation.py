"""Every address with another organisation's ids: 404 at each, and not a row of theirs changed."""

import pytest

from crm.models import Member
from tests.addresses import Address, addresses
from tests.conftest import signed_in
from tests.factories.everything import make_everything, snapshot

OURS, THEIRS = 7_000_001, 7_000_002
PAGES = [address for address in addresses() if address.is_of_organisation]
WITH_ID = [address for address in PAGES if address.has_id]


def named(address: Address) -> str:
    return address.name


@pytest.fixture
def both(tenant, other_tenant, member, other_member):
    """Rows of every table in both organisations: ours under one id, theirs under another."""
    make_everything(tenant, member, OURS)
    make_everything(other_tenant, other_member, THEIRS)


@pytest.mark.parametrize("address", WITH_ID, ids=named)
@pytest.mark.parametrize("method", ["get", "post"])
def test_ids_of_another_organisation_are_not_found(both, client, other_tenant, address, method):
    before = snapshot(other_tenant)
    response = getattr(client, method)(address.path_with("acme", THEIRS))
    assert response.status_code in (404, 405), f"{response.status_code} for their id"
    assert snapshot(other_tenant) == before


@pytest.mark.parametrize("address", WITH_ID, ids=named)
def test_our_own_ids_are_found(both, address):
    """The proof that the test above is refused for the organisation, and not for want of a row."""
    client = signed_in(Member.objects.get(pk=OURS))
    path = address.path_with("acme", OURS)
    codes = {client.get(path).status_code, client.post(path).status_code}
    assert codes - {404, 405} != set(), f"{codes}: no method finds our own row"


@pytest.mark.parametrize("address", PAGES, ids=named)
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_of_an_organisation_are_for_its_members(both, client, other_tenant, address, method):
    before = snapshot(other_tenant)
    response = getattr(client, method)(address.path_with("rival", THEIRS))
    assert response.status_code == 404
    assert snapshot(other_tenant) == before


@pytest.mark.parametrize("address", PAGES, ids=named)
def test_pages_of_an_organisation_ask_to_sign_in(both, anonymous, address):
    response = anonymous.get(address.path_with("acme", OURS))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/o/acme/")


def test_removed_member_is_out_at_once(tenant, member):
    client = signed_in(member)
    assert client.get("/o/acme/").status_code == 200
    type(member).objects.filter(pk=member.pk).update(removed_at="2026-01-01T00:00Z")
    assert client.get("/o/acme/").status_code == 404
