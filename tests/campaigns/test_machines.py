from datetime import UTC, datetime, timedelta

import pytest

from campaigns.tracking.machines import Hit, Visit, machine_reason

SENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"


def visit(hit=Hit.CLICK, method="GET", agent=FIREFOX, headers=None, after=3600):
    return Visit(hit, method, agent, headers or {}, SENT + timedelta(seconds=after), SENT)


@pytest.mark.parametrize(
    "person", [visit(), visit(Hit.OPEN), visit(Hit.OPEN, agent=GMAIL), visit(Hit.CLICK, agent="Mozilla/5.0")]
)
def test_person_is_taken_for_a_person(person):
    assert machine_reason(person) == ""


@pytest.mark.parametrize(
    ("machine", "reason"),
    [
        (visit(Hit.TRAP), "It followed a link that nobody can see."),
        (visit(method="HEAD"), "It asked for the head only, as link checkers do."),
        (visit(agent=" "), "It said no name."),
        (visit(headers={"Sec-Purpose": "prefetch;prerender"}), "A mail program loaded it ahead of time."),
        (visit(headers={"X-Purpose": "preview"}), "A mail program loaded it ahead of time."),
        (visit(agent="Mozilla/5.0 (compatible; Googlebot/2.1)"), "It names itself a scanner or program."),
        (visit(agent="python-requests/2.34"), "It names itself a scanner or program."),
        (visit(agent="Barracuda Sentinel (EE)"), "It names itself a scanner or program."),
        (visit(Hit.OPEN, agent="Mozilla/5.0"), "A privacy proxy loads every picture."),
        (visit(after=3), "It came within seconds of delivery."),
    ],
)
def test_machine_is_taken_for_a_machine_and_why(machine, reason):
    assert machine_reason(machine) == reason
