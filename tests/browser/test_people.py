"""The People page by keys: what is offered while typing, boxes that keep their focus, walking, ticking, looking."""

import pytest
from playwright.sync_api import expect

from crm.models import Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.search.index.outbox import drain
from tests.conftest import PASSWORD, make_member
from tests.factories.people import make_candidate

EMAIL = "tom@acme.example"


@pytest.fixture
def organisation(transactional_db):
    tenant = Tenant.objects.create(name="Acme Health", slug="acme")
    User.objects.create_user(EMAIL, PASSWORD, name="Tom Reyes")
    make_member(tenant, Role.RECRUITER, EMAIL)
    with tenant_scope(tenant.pk):
        for number, title in enumerate(["Charge nurse", "Charge nurse", "Nurse", "Welder"]):
            make_candidate(f"Person {number}", headline=title, current_title=title, consent=number % 2 == 0)
        drain()
    return tenant


def test_box_offers_what_can_stand_there(organisation, page, sign_in, accessible, faults):
    sign_in(EMAIL)
    page.goto("/o/acme/people/")
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Search people")
    expect(box).to_be_focused()
    page.keyboard.type("ti")
    expect(page.get_by_role("option", name="title: Field")).to_be_visible()
    accessible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("title:")
    page.keyboard.type("char")
    expect(page.get_by_role("option", name="Charge nurse Title")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(box).to_have_value('title:"Charge nurse" ')
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 people match")).to_be_visible()
    page.get_by_role("combobox", name="Search people").fill("wel")
    expect(page.locator("#suggestions")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions")).to_have_count(0)
    assert faults == []


@pytest.mark.parametrize("follow", [False, True], ids=["with the page", "in a request of their own"])
def test_ticked_box_keeps_its_focus(organisation, page, sign_in, accessible, faults, follow, monkeypatch):
    if follow:
        monkeypatch.setattr("talentpool.queries.people.LARGE_POOL", 1)
    sign_in(EMAIL)
    page.goto("/o/acme/people/")
    box = page.get_by_role("checkbox", name="May be written to")
    box.focus()
    expect(page.locator(".htmx-added")).to_have_count(0)  # htmx listens to what it has just put in some 20 ms later
    page.keyboard.press("Space")
    expect(page.get_by_text("2 people match")).to_be_visible()
    expect(box).to_be_checked()
    page.wait_for_load_state("networkidle")
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_text("4 people", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(box).not_to_be_checked()
    expect(box).to_be_focused()
    accessible()
    assert faults == []


def test_list_is_walked_ticked_and_opened_by_keys(organisation, page, sign_in, accessible, faults):
    sign_in(EMAIL)
    page.goto("/o/acme/people/")
    names = [name.strip() for name in page.locator("[data-rows] .name").all_inner_texts()]
    preview = page.get_by_role("complementary", name="Preview")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(preview.locator("b").first).to_have_text(names[1])
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.get_by_text("2 selected", exact=True)).to_be_visible()
    page.keyboard.press("k")
    expect(preview.locator("b").first).to_have_text(names[1])
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys on this page")).to_be_visible()
    accessible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=names[1])).to_be_visible()
    assert faults == []


def test_preview_opens_beside_cards_and_follows_the_keys(organisation, page, sign_in, accessible, faults):
    sign_in(EMAIL)
    page.goto("/o/acme/people/?columns=cards")
    names = [name.strip() for name in page.locator("[data-rows] .name").all_inner_texts()]
    preview = page.get_by_role("complementary", name="Preview")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(preview).to_be_hidden()
    page.keyboard.press("p")
    expect(preview.locator("b").first).to_have_text(names[1])
    page.keyboard.press("j")
    expect(preview.locator("b").first).to_have_text(names[2])
    accessible()
    page.keyboard.press("p")
    expect(preview).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=names[2])).to_be_visible()
    assert faults == []


@pytest.mark.parametrize("page", [{}, {"java_script_enabled": False}], indirect=True, ids=["script", "no script"])
def test_search_is_built_from_conditions(organisation, page, sign_in, accessible, faults, request):
    sign_in(EMAIL)
    page.goto("/o/acme/people/")
    page.get_by_role("link", name="Build it from conditions").click()
    for value, found in (("charge nurse", "2 people match"), ("welder", "3 people match")):
        if not page.get_by_label("Title: another").count():
            page.get_by_label("Another condition").select_option("Title")
            page.get_by_role("button", name="Begin it").click()
        page.get_by_label("Title: another").fill(value)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text(found)).to_be_visible()
    page.get_by_role("link", name="Remove Title charge nurse").click()
    expect(page.get_by_text("1 person matches")).to_be_visible()
    if request.node.callspec.params["page"] == {}:
        accessible()
    page.get_by_role("link", name="Write it in words").click()
    expect(page.get_by_label("Search people")).to_have_value("title:welder")
    assert faults == []
