"""The frame of every page in a real browser: keys, menus, theme, widths, and what axe says of the ground's pages."""

import pytest

from crm.actions.invitations import invite
from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from tests.conftest import PASSWORD, make_member

EMAIL = "mara@acme.example"
PAGES = [
    "/organisations/",
    "/profile/",
    "/accounts/password/change/",
    "/o/acme/",
    "/o/acme/sourcing/",
    "/o/acme/network/",
    "/o/acme/settings/",
    "/o/acme/settings/members/",
    "/o/acme/settings/sources/",
    "/o/acme/settings/tokens/",
    "/o/acme/settings/audit/",
    "/o/acme/help/",
    "/o/acme/help/roles/",
    "/o/acme/help/search/",
    "/o/acme/help/api/",
]
NARROW = {"viewport": {"width": 390, "height": 844}}
DARK = {"color_scheme": "dark"}
NO_SCRIPT = {"java_script_enabled": False}


@pytest.fixture
def organisation(transactional_db):
    """Long names, names that run from right to left, and somebody who was invited."""
    tenant = Tenant.objects.create(
        name="Gesellschaft für außerordentlich lange Firmennamen mit beschränkter Haftung", slug="acme"
    )
    User.objects.create_user(EMAIL, PASSWORD, name="Mara Okafor")
    owner = make_member(tenant, Role.OWNER, EMAIL)
    for number, name in enumerate(["عبد الرحمن بن محمد الزهراني", "Bartholomew Kowalczyk-Featherstonehaugh"]):
        member = make_member(tenant, Role.RECRUITER, f"a.very.long.address.indeed.number{number}@subsidiary.example")
        with tenant_scope(tenant.pk):
            Member.objects.filter(pk=member.pk).update(name=name)
    with tenant_scope(tenant.pk):
        invite("invited.by.a.long.address@subsidiary.example.org", Role.VIEWER, by=owner)
    return tenant


def sideways(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("page", [NARROW, DARK], ids=["narrow", "dark"], indirect=True)
def test_pages_of_the_ground_are_accessible(organisation, page, sign_in, accessible, faults):
    sign_in(EMAIL)
    for path in PAGES:
        page.goto(path)
        accessible()
    assert faults == []


def test_pages_of_the_ground_never_scroll_sideways(organisation, page, sign_in):
    sign_in(EMAIL)
    wide = []
    for path in PAGES:
        page.goto(path)
        for width in (1440, 1024, 390):
            page.set_viewport_size({"width": width, "height": 844})
            if sideways(page) > 0:
                wide.append((path, width))
    assert wide == []


@pytest.mark.parametrize("page", [{}, NARROW], ids=["wide", "narrow"], indirect=True)
def test_pages_before_signing_in_are_accessible(organisation, page, accessible):
    for path in ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/help/", "/nothing/"]:
        page.goto(path)
        accessible()
        assert sideways(page) == 0


def test_keyboard_reaches_the_content_first_and_then_the_places(organisation, page, sign_in):
    sign_in(EMAIL)
    page.goto("/o/acme/settings/members/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_theme_changes_at_once_and_is_kept(organisation, page, sign_in, faults):
    sign_in(EMAIL)
    page.get_by_role("button", name="Your menu").click()
    with page.expect_response("**/profile/theme/"):
        page.get_by_role("button", name="Dark theme").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.goto("/profile/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.get_by_label("Dark", exact=True).is_checked()
    assert faults == []


@pytest.mark.parametrize("page", [NO_SCRIPT], indirect=True)
def test_menu_theme_and_questions_work_without_a_script(organisation, page, sign_in):
    sign_in(EMAIL)
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("button", name="Dark theme").click()
    page.wait_for_url("**/o/acme/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.goto("/o/acme/settings/members/")
    page.get_by_role("button", name="Withdraw").click()
    question = page.get_by_role("dialog", name="Withdraw this invitation?")
    assert question.is_visible()
    question.get_by_role("button", name="Keep").click()
    assert not question.is_visible()
    page.get_by_role("button", name="Withdraw").click()
    question.get_by_role("button", name="Withdraw").click()
    assert "is withdrawn" in page.get_by_role("status").inner_text()


def test_invitation_and_role_are_changed_by_hand(organisation, page, sign_in, faults):
    sign_in(EMAIL)
    page.goto("/o/acme/settings/members/")
    page.get_by_label("E-mail address").fill("new@example.org")
    page.get_by_role("button", name="Send the invitation").click()
    assert "A letter to new@example.org is on its way" in page.get_by_role("status").inner_text()
    page.get_by_role("button", name="Close this message").click()
    assert page.get_by_role("status").inner_text() == ""
    page.get_by_label("Role of Bartholomew", exact=False).select_option("viewer")
    page.locator("li", has_text="Bartholomew").get_by_role("button", name="Change role").click()
    assert "is viewer now" in page.get_by_role("status").inner_text()
    assert faults == []


def test_token_can_be_copied_once(organisation, page, sign_in, faults):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(EMAIL)
    page.goto("/o/acme/settings/tokens/")
    page.get_by_role("textbox", name="Name").fill("Career site")
    page.get_by_label("Read candidates and search").check()
    page.get_by_role("button", name="Make it").click()
    secret = page.locator("#secret").inner_text()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.goto("/o/acme/settings/tokens/")
    assert page.locator("#secret").count() == 0
    assert faults == []


def test_audit_log_is_filtered_and_paged_in_place(organisation, page, sign_in, faults):
    sign_in(EMAIL)
    page.goto("/o/acme/settings/audit/")
    page.get_by_label("What", exact=True).select_option("member")
    with page.expect_response("**/settings/audit/?*"):
        page.get_by_role("button", name="Show").click()
    page.wait_for_url("**kind=member**")
    assert page.locator("#entries tbody tr").count() == 1
    page.get_by_label("What", exact=True).select_option("campaign")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("No entry fits these filters.").wait_for()
    assert faults == []
