"""A value is opened to its history and an edit taken back there: in a dialog, and without a script on a page."""

import pytest
from playwright.sync_api import expect

from crm.models import Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.actions.edits import edit_candidate
from talentpool.models import Source
from talentpool.person import PersonFields
from tests.conftest import PASSWORD, make_member
from tests.talentpool.test_candidate_pages import NURSE, received

EMAIL = "mara@acme.example"
NO_SCRIPT = {"java_script_enabled": False}
NARROW = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.fixture
def nurse(transactional_db):
    tenant = Tenant.objects.create(name="Acme Health", slug="acme")
    User.objects.create_user(EMAIL, PASSWORD, name="Mara Okafor")
    member = make_member(tenant, Role.RECRUITER, EMAIL)
    with tenant_scope(tenant.pk):
        Source.objects.create(name="Greenhouse", trust=10)
        received(PersonFields(name="Adaeze Nwosu", emails=NURSE.emails, headline="Nurse manager"), source="Greenhouse")
        person = received()
        edit_candidate(person, {"headline": "Head Nurse"}, by=member)
        return person


@pytest.mark.parametrize("page", [NARROW, NO_SCRIPT], indirect=True, ids=["narrow and dark", "no script"])
def test_value_opens_to_its_history(nurse, page, sign_in, accessible, request, faults):
    scripted = request.node.callspec.params["page"] is not NO_SCRIPT
    sign_in(EMAIL)
    page.goto(f"/o/acme/people/{nurse.pk}/")
    about = page.locator("#about")
    about.locator("summary", has_text="Recruiter of Acme Health").first.click()
    about.get_by_role("link", name="All that was ever said, and why this is shown").last.click()
    history = page.locator("#history[popover]") if scripted else page.locator(".history")
    expect(history).to_contain_text("A colleague’s edit wins over every source until it is taken back.")
    for said in ("Nurse manager", "Greenhouse", "Charge Nurse, ICU", "Spring fair"):
        expect(history).to_contain_text(said)
    if scripted:
        accessible()
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    history.get_by_role("button", name="Take this edit back").click()
    expect(page.locator("#about")).to_contain_text("Charge Nurse, ICU")
    page.goto(f"/o/acme/people/{nurse.pk}/history/?field=headline")
    expect(page.locator(".history")).to_contain_text("the one shown is as fresh and more trusted")
    assert faults == []
