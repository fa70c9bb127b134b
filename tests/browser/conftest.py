"""A real Chromium before the real server, with a real worker and beat behind it."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import PASSWORD
from tests.workers import Worker

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
# Playwright's own event loop runs in this thread; Django would take the test's queries for asynchronous ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))  # one Chromium at a time on two cores


# Not for the whole session: while Playwright is open, its event loop runs in this thread and nobody may start another.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        sentence = "Chromium is missing: apt-get install chromium, or put one on PATH."
        pytest.fail(sentence) if os.environ.get("CI") else pytest.skip(sentence)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def background(live_server, settings) -> Iterator[Worker]:
    """A worker with beat: what is scheduled each second happens each second. Links in mail lead to the test's server."""
    settings.BASE_URL = live_server.url
    worker = Worker(beat=True, BASE_URL=live_server.url, LOG_LEVEL="WARNING").start()
    yield worker
    worker.stop()


@pytest.fixture
def faults() -> list[str]:
    """What went wrong in the browser unseen: console errors and failed requests."""
    return []


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, live_server, faults: list[str]) -> Iterator[Page]:
    """A window of 1440 px; `@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)` for others."""
    wanted = {"viewport": {"width": 1440, "height": 1000}} | getattr(request, "param", {})
    context = browser.new_context(base_url=live_server.url, accept_downloads=True, **wanted)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("console", lambda said: faults.append(f"{said.text} {said.location}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda response: faults.append(response.url) if response.status >= 500 else None)
    yield page
    context.close()


@pytest.fixture
def sign_in(page: Page) -> Callable[[str], None]:
    def enter(email: str) -> None:
        page.goto("/accounts/login/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.locator("form:has(input[type=password]) button").first.click()
        page.wait_for_url("**/o/**")

    return enter


@pytest.fixture
def accessible(page: Page) -> Callable[[], None]:
    """Assert that axe finds nothing on the page as it stands."""

    def check() -> None:
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == [], page.url

    return check
