"""An import as its person sees it, with a real worker behind: with and without JavaScript, small, dark, and as axe sees it."""

import re

import pytest
from playwright.sync_api import expect

from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.actions.notes import add_note
from talentpool.models import Candidate, Source
from tests.conftest import PASSWORD, make_member

EMAIL = "mara@acme.example"
ROWS = "".join(f"Person {n},person{n}@example.org,Mercy General,Nurse,Fresno\n" for n in range(60))
TABLE = (
    "Name,E-mail,Company,Job title,Town\nFemi Adebayo,femi@@example.org,,,\nعبد الرحمن الزهراني,rahman@example.org,,,\n"
)
NO_SCRIPT = {"java_script_enabled": False}
NARROW = {"viewport": {"width": 390, "height": 844}}
DARK = {"viewport": {"width": 1024, "height": 900}, "color_scheme": "dark"}


@pytest.fixture
def organisation(transactional_db):
    tenant = Tenant.objects.create(name="Acme Health", slug="acme")
    User.objects.create_user(EMAIL, PASSWORD, name="Mara Okafor")
    make_member(tenant, Role.RECRUITER, EMAIL)
    with tenant_scope(tenant.pk):
        Source.objects.create(name="Spring job fair", kind="event")
    return tenant


def sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.fixture
def looked_at(page, accessible, request):
    """Nothing sticks out sideways and axe finds nothing; axe itself needs scripts."""
    scripted = request.node.callspec.params["page"] is not NO_SCRIPT

    def look():
        assert not sideways(page), page.url
        if scripted:
            accessible()

    return look


@pytest.mark.parametrize(
    "page", [{}, NO_SCRIPT, NARROW, DARK], indirect=True, ids=["wide", "no script", "narrow", "dark"]
)
def test_import_is_walked_from_file_to_report(organisation, background, page, sign_in, looked_at, faults, request):
    sign_in(EMAIL)
    page.goto("/o/acme/imports/")
    looked_at()
    file = {"name": "fair.csv", "mimeType": "text/csv", "buffer": (TABLE + ROWS).encode()}
    page.get_by_label("Drop a file here").set_input_files(file)
    page.get_by_label("Where these people come from").select_option("Spring job fair")
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_label("Job title")).to_have_value("title")
    looked_at()
    page.get_by_role("button", name="See what would happen").click()

    expect(page.get_by_role("button", name="Bring in 61 people")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Not an e-mail address")).to_be_visible()
    looked_at()
    page.get_by_role("button", name="Bring in 61 people").click()

    expect(page.get_by_role("link", name="Add more people")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name=re.compile("^New people 61"))).to_be_visible()
    looked_at()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the 1 that stayed out").click()
    assert "femi@@example.org" in download.value.path().read_text()
    page.get_by_role("link", name=re.compile("^New people")).click()
    expect(page.get_by_role("link", name="New: Person 7", exact=True)).to_be_visible()
    if request.node.callspec.id.endswith("wide"):
        undo(page, looked_at)
    assert faults == []


def undo(page, looked_at):
    """One of them has got a note since and stays; the page counts first and lists afterwards."""
    with tenant_scope(Tenant.objects.get().pk):
        person = Candidate.objects.get(email="person7@example.org")
        add_note(person, "Called her", by=Member.objects.get())
    page.get_by_role("link", name="Undo this import").click()
    expect(page.get_by_text("60 people", exact=True)).to_be_visible()
    looked_at()
    page.get_by_role("listitem").filter(has_text="A note").get_by_role("link", name="1").click()
    expect(page.get_by_role("row", name=re.compile("A note"))).to_be_visible()
    looked_at()
    page.get_by_role("link", name="Back").click()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("This import was undone: 60 people went, 1 stayed.")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("row", name=re.compile("A note"))).to_be_visible()
    looked_at()
