"""Every address with another organisation's ids: 404 at each, and not a row of theirs changed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from crm.models import Member
from crm.tenancy.scope import tenant_scope
from tests.addresses import addresses
from tests.conftest import signed_in
from tests.factories.everything import OURS, THEIRS, make_two_organisations, snapshot

PAGES = [address for address in addresses() if address.is_of_organisation]
WITH_ID = [address for address in PAGES if address.has_id and not address.is_of_portal]


@pytest.fixture(scope="module")
def two(lasting_rows):
    return make_two_organisations()


@pytest.fixture
def tenant(two, db):
    with tenant_scope(two[0].pk):
        yield two[0]


@pytest.fixture
def other_tenant(two):
    return two[1]


@pytest.fixture
def member(tenant):
    return Member.objects.get(user__email="owner@acme.example")


@contextmanager
def undone() -> Iterator[None]:
    """Every address meets the same rows, whatever the one before it did to them."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_ids_of_another_organisation_are_not_found(client, other_tenant, method):
    before, wrong = snapshot(other_tenant), []
    for address in WITH_ID:
        with undone():
            code = getattr(client, method)(address.path_with("acme", THEIRS)).status_code
            if code not in (404, 405) or (method == "post" and snapshot(other_tenant) != before):
                wrong.append((address.name, code))
    assert wrong == []
    assert len(WITH_ID) > 50


def test_our_own_ids_are_found(tenant):
    """The proof that the test above is refused for the organisation, and not for want of a row."""
    client, missing = signed_in(Member.objects.get(pk=OURS)), []
    for address in WITH_ID:
        path, codes = address.path_with("acme", OURS), set()
        for ask in (client.get, client.post):
            with undone():
                codes.add(ask(path).status_code)
        if not codes - {404, 405}:
            missing.append((address.name, codes))
    assert missing == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_of_an_organisation_are_for_its_members(client, other_tenant, method):
    before = snapshot(other_tenant)
    codes = {a.name: getattr(client, method)(a.path_with("rival", THEIRS)).status_code for a in PAGES}
    assert {name: code for name, code in codes.items() if code != 404} == {}
    assert snapshot(other_tenant) == before


def test_pages_of_an_organisation_ask_to_sign_in(tenant, anonymous):
    answers = {address.name: anonymous.get(address.path_with("acme", OURS)) for address in PAGES}
    inside = {
        name: answer.status_code
        for name, answer in answers.items()
        if not answer.headers.get("Location", "").startswith("/accounts/login/?next=/o/acme/")
    }
    assert inside == {}


def test_removed_member_is_out_at_once(tenant, member):
    client = signed_in(member)
    assert client.get("/o/acme/").status_code == 200
    type(member).objects.filter(pk=member.pk).update(removed_at="2026-01-01T00:00Z")
    assert client.get("/o/acme/").status_code == 404
