"""The queue of duplicates by keys, and with buttons where there is no script."""

import pytest
from playwright.sync_api import expect

from crm.models import Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate, MatchPair, Merge, Source
from tests.conftest import PASSWORD, make_member
from tests.talentpool.test_merge_pages import make_pair
from tests.talentpool.test_merges import people

EMAIL = "tom@acme.example"
NO_SCRIPT = {"java_script_enabled": False}


@pytest.fixture
def organisation(transactional_db):
    tenant = Tenant.objects.create(name="Acme Health", slug="acme")
    User.objects.create_user(EMAIL, PASSWORD, name="Tom Reyes")
    make_member(tenant, Role.RECRUITER, EMAIL)
    with tenant_scope(tenant.pk):
        source = Source.objects.create(name="Job fair")
        for number in range(3):
            make_pair(*people(source, f"Ada A{number}", f"Ada B{number}"), bits=30.0 - number)
    return tenant


@pytest.mark.parametrize("page", [{}, NO_SCRIPT], indirect=True, ids=["keys", "no script"])
def test_pairs_are_answered_one_after_the_other(organisation, page, sign_in, accessible, faults, request):
    scripted = request.node.callspec.params["page"] is not NO_SCRIPT

    def answer(key, name):
        page.keyboard.press(key) if scripted else page.get_by_role("button", name=name).click()

    sign_in(EMAIL)
    page.goto("/o/acme/people/duplicates/")
    expect(page.get_by_role("link", name="Ada A0")).to_be_visible()
    if scripted:
        accessible()
    answer("m", "Merge m")
    expect(page.get_by_text("Merged: ")).to_be_visible()
    expect(page.get_by_role("link", name="Ada A1")).to_be_visible()
    answer("u", "Undo")
    expect(page.get_by_role("link", name="Ada A0")).to_be_visible()
    answer("m", "Merge m")
    expect(page.get_by_role("link", name="Ada A1")).to_be_visible()
    answer("n", "Not the same")
    expect(page.get_by_role("link", name="Ada A2")).to_be_visible()
    answer("l", "Later")
    expect(page.get_by_text("Nobody seems to be here twice")).to_be_visible()
    with tenant_scope(organisation.pk):
        states = sorted(MatchPair.objects.values_list("state", flat=True))
        assert (states, Candidate.objects.present().count()) == (["apart", "later", "merged"], 5)
        assert Merge.objects.live().count() == 1
    assert faults == []
