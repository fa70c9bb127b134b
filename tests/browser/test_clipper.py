"""Bookmarklet and extension on a page of another site that forbids all it can, and the form that they lead to."""

import io
import json
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError

from crm.models import Role, Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate, Profile
from tests.browser.conftest import FLAGS
from tests.conftest import make_member

EMAIL = "mara@acme.example"
CLICKS = 4
SECONDS = 8  # that each may take
NARROW = {"viewport": {"width": 390, "height": 844}}
PERSON = {
    "@type": "Person",
    "name": "Zoë Müller",
    "jobTitle": "Charge Nurse",
    "worksFor": {"name": "Mercy General"},
    "sameAs": ["https://www.linkedin.com/in/zoe-mueller"],
}
PROFILE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Zoë & “friends” #1 100%</title>
<script type="application/ld+json">{json.dumps(PERSON)}</script></head><body><nav>Other words</nav>
<main id="main"><p id="about">Zoë Müller, zoe@example.org, +1 559 555 0142</p><a href="javascript:alert(1)">x</a>
<p hidden>secret@hidden.example</p></main></body></html>"""


class Elsewhere(BaseHTTPRequestHandler):
    """A site with the strictest headers: nothing from elsewhere runs in it, nothing is sent from it, no window sees it."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; form-action 'none'; connect-src 'none'; sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox",
        )
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.end_headers()
        self.wfile.write(PROFILE.encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def elsewhere(live_server):
    """At the other name of this machine, which makes it another site to the browser."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    name = "127.0.0.1" if "localhost" in live_server.url else "localhost"
    yield f"http://{name}:{server.server_port}/zoe"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("page", [NARROW], indirect=True)
def test_bookmarklet_brings_a_person_from_a_page_that_forbids_everything(
    page, sign_in, accessible, faults, elsewhere, live_server, transactional_db, settings
):
    settings.BASE_URL = live_server.url
    tenant = Tenant.objects.create(name="Acme", slug="acme")
    make_member(tenant, Role.RECRUITER, EMAIL)
    sign_in(EMAIL)
    page.goto("/o/acme/settings/clipper/")
    accessible()
    code = unquote(page.get_by_role("link", name="Clip to Acme").get_attribute("href").removeprefix("javascript:"))
    page.goto(elsewhere)
    page.evaluate("getSelection().selectAllChildren(document.getElementById('about'))")
    with page.context.expect_page() as opened:
        page.evaluate(code)
    clip = opened.value
    clip.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    clip.get_by_role("heading", name="Is this right?").wait_for()
    assert clip.get_by_label("Name").input_value() == "Zoë Müller"
    assert clip.get_by_label("E-mail addresses").input_value() == "zoe@example.org"
    assert "linkedin.com/in/zoe-mueller" in clip.get_by_label("Links").input_value()
    assert "#" not in clip.url and clip.evaluate("document.documentElement.scrollWidth <= innerWidth")
    clip.get_by_role("button", name="Save").click()
    clip.wait_for_url("**/people/*/")
    with tenant_scope(tenant.pk):
        assert (Candidate.objects.get().name, Profile.objects.get().raw["url"]) == ("Zoë Müller", elsewhere)
        assert "secret@hidden.example" not in str(Profile.objects.values_list("raw", flat=True)[0])
    assert faults == []


@pytest.fixture
def browser_with_extension(browser: Browser, tmp_path, client, live_server, settings) -> Iterator[BrowserContext]:
    """A Chromium of its own with the extension in it, unpacked from what the settings hand out, and a member signed in."""
    settings.BASE_URL = live_server.url
    handed_out = client.get("/o/acme/settings/clipper/extension/")
    zipfile.ZipFile(io.BytesIO(handed_out.content)).extractall(tmp_path)
    folder = tmp_path / "rapport-clipper"
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "home",
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        headless=False,  # Playwright's own headless mode runs no extensions; Chromium's does
        ignore_default_args=["--disable-extensions"],
        args=[
            *("--headless=new" if flag == "--headless" else flag for flag in FLAGS),
            *(f"--disable-extensions-except={folder}", f"--load-extension={folder}"),
            "--enable-unsafe-extension-debugging",  # lets a test click on the extension's button
        ],
    )
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    yield context
    context.close()


@pytest.fixture
def click_extension(browser_with_extension: BrowserContext) -> Callable[[str], Page]:
    """Clicks on the extension's button beside the address of the tab in view, as a person would, until the page that it
    opens has this heading: a Chromium that has just started may lose a click, or take long over it, and a person clicks
    again."""

    def click(heading: str) -> Page:
        for _ in range(CLICKS):
            with suppress(TimeoutError), browser_with_extension.expect_page(timeout=SECONDS * 1000):
                click_in_view(browser_with_extension)
            for opened in browser_with_extension.pages[1:]:
                with suppress(TimeoutError):
                    opened.get_by_role("heading", name=heading).wait_for(timeout=SECONDS * 1000)
                    return opened
                opened.close()  # back to the page that is clipped
            browser_with_extension.pages[0].bring_to_front()
        raise AssertionError(f"{CLICKS} clicks, and no “{heading}”")

    return click


def click_in_view(context: BrowserContext) -> None:
    driver = context.browser.new_browser_cdp_session()
    (extension,) = driver.send("Extensions.getExtensions")["extensions"]
    tabs = driver.send("Target.getTargets", {"filter": [{"type": "tab"}]})["targetInfos"]
    (in_view,) = [tab for tab in tabs if tab["embedderData"]["tabActive"]]
    driver.send("Extensions.triggerAction", {"id": extension["id"], "targetId": in_view["targetId"]})


def test_extension_brings_a_person_from_a_page_that_forbids_everything(
    browser_with_extension, click_extension, elsewhere, faults
):
    profile = browser_with_extension.pages[0]
    profile.goto(elsewhere)
    browser_with_extension.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    clip = click_extension("Is this right?")
    shown = {label: clip.get_by_label(label).input_value() for label in ("Name", "Job title", "Employer")}
    assert shown == {"Name": "Zoë Müller", "Job title": "Charge Nurse", "Employer": "Mercy General"}
    assert clip.get_by_label("E-mail addresses").input_value() == "zoe@example.org"
    assert "linkedin.com/in/zoe-mueller" in clip.get_by_label("Links").input_value()
    assert "#" not in clip.url and profile.url == elsewhere
    clip.get_by_role("button", name="Save").click()
    clip.wait_for_url("**/people/*/")
    assert (Candidate.objects.get().name, Profile.objects.get().raw["url"]) == ("Zoë Müller", elsewhere)
    assert "secret@hidden.example" not in str(Profile.objects.values_list("raw", flat=True)[0])
    assert faults == []


def test_extension_does_not_clip_the_page_that_its_own_click_opened(browser_with_extension, click_extension, elsewhere):
    browser_with_extension.pages[0].goto(elsewhere)
    clip = click_extension("Is this right?")
    clip.bring_to_front()
    click_in_view(browser_with_extension)
    clip.get_by_role("button", name="Save").click()
    clip.wait_for_url("**/people/*/")
    assert len(browser_with_extension.pages) == 2


def test_extension_says_what_to_do_where_browsers_keep_it_out(browser_with_extension, click_extension, live_server):
    browser_with_extension.pages[0].goto("chrome://version")
    clip = click_extension("Nothing was clipped yet")
    assert clip.url == f"{live_server.url}/o/acme/clip/"
