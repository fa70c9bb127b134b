"""Webhooks that a program may make: made with the first start, known by their ids, and taken away with the connection."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from ats_sync.actions.connections import create_connection, make_hooks
from ats_sync.actions.events import keep_event
from ats_sync.models import Connection, ConnectionState, Event
from ats_sync.providers._ashby_talk import TYPES
from ats_sync.queries.connections import webhook_url
from crm.models import AuditEntry
from tests.api_client import program_of
from tests.ats_sync.clients import Receiver
from tests.simulators.ats.server import Simulator

BASE = "/o/acme/settings/ats/"


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    """What stands at our address."""
    taker = Receiver()
    settings.BASE_URL = f"http://{urlsplit(taker.url).netloc}"
    yield taker
    taker.stop()


@pytest.fixture
def ashby() -> Iterator[Simulator]:
    with Simulator.of("ashby", people=4, seed=11, limit=1_000_000) as simulator:
        yield simulator


@pytest.fixture
def connection(ashby, member, tenant):
    known = {name: value for name, value in ashby.credentials().items() if name != "dialect"}
    return create_connection("ashby", "", known, by=member)


def on_the_page(client, connection, what):
    page = client.post(f"{BASE}{connection.pk}/{what}/", follow=True).content.decode()
    connection.refresh_from_db()
    return page


def test_first_start_makes_them_and_disconnecting_takes_them_away(client, connection, ashby, receiver):
    assert f"{len(TYPES)} webhooks were made there." in on_the_page(client, connection, "start")
    assert connection.is_on
    assert sorted(connection.hooks) == sorted(TYPES)
    assert {hook.url for hook in ashby.webhooks.hooks} == {webhook_url(connection)}
    for headers, body in receiver.taken:  # Ashby tries each out, signed with the connection's secret
        assert keep_event(connection.pk, {name.lower(): value for name, value in headers.items()}, body)
    assert (len(receiver.taken), Event.objects.count()) == (len(TYPES), 0)
    assert "All its webhooks are there." in on_the_page(client, connection, "webhooks")
    page = client.get(f"{BASE}{connection.pk}/").content.decode()
    assert f"{len(TYPES)} webhooks were made in Ashby by Rapport" in page
    assert "Remove what sends to" not in client.get(f"{BASE}{connection.pk}/end/").content.decode()
    page = client.post(f"{BASE}{connection.pk}/end/", {"what_came": "keep"}, follow=True).content.decode()
    connection.refresh_from_db()
    assert (ashby.webhooks.hooks, connection.hooks, connection.state) == ([], {}, ConnectionState.ENDED)
    assert "Remove what sends to" not in page


def test_one_that_is_gone_there_keeps_nobody_connected(client, connection, ashby, receiver, member):
    make_hooks(connection, by=member)
    ashby.dialect.webhook_delete({"webhookId": connection.hooks["candidateHire"]})
    client.post(f"{BASE}{connection.pk}/end/", {"what_came": "keep"})
    connection.refresh_from_db()
    assert (ashby.webhooks.hooks, connection.state) == ([], ConnectionState.ENDED)


def test_an_address_that_ashby_can_not_reach_leaves_nothing_behind(client, connection, ashby, receiver):
    receiver.statuses = [500]
    page = on_the_page(client, connection, "start")
    assert "Its webhooks were not made: Ashby could not reach" in page
    assert (connection.is_on, connection.hooks, ashby.webhooks.hooks) == (True, {}, [])
    assert f"{len(TYPES)} webhooks were made there." in on_the_page(client, connection, "webhooks")


def test_what_was_made_before_it_broke_off_is_known(client, connection, ashby, receiver):
    receiver.statuses = [200, 200, 500]
    on_the_page(client, connection, "webhooks")
    assert sorted(connection.hooks) == sorted(TYPES[:2])
    assert len(ashby.webhooks.hooks) == 2
    assert AuditEntry.objects.get(verb="connection.webhooks_made").detail == {"webhooks": 2}
    on_the_page(client, connection, "webhooks")
    assert len(ashby.webhooks.hooks) == len(connection.hooks) == len(TYPES)


def test_a_key_without_the_right_says_so_and_the_page_how_to_do_it_by_hand(client, connection, ashby, receiver):
    ashby.dialect.modules = {"candidates", "jobs", "interviews", "offers", "organization", "hiringProcessMetadata"}
    assert "The API key lacks the right to webhook.create." in on_the_page(client, connection, "start")
    assert connection.is_on
    page = client.get(f"{BASE}{connection.pk}/end/").content.decode()
    assert webhook_url(connection) in page
    assert "Admin, Integrations, Webhooks" in page


def test_page_says_where_greenhouse_has_its_webhooks(client, member, tenant):
    connection = create_connection("greenhouse", "", {"client_id": "c"}, by=member)
    page = client.get(f"{BASE}{connection.pk}/end/").content.decode()
    assert f"Remove what sends to {webhook_url(connection)} in Greenhouse by hand: Configure, Dev Center" in page
    assert "Its webhooks are made by hand." in on_the_page(client, connection, "webhooks")
    assert f'action="{BASE}{connection.pk}/webhooks/"' not in client.get(f"{BASE}{connection.pk}/").content.decode()


def test_program_makes_them_too(connection, ashby, receiver, member):
    answer = program_of(member).post(f"/ats/connections/{connection.pk}/webhooks", {})
    assert (answer.status_code, answer.json()["webhooks_made"]) == (200, len(TYPES))
    assert len(ashby.webhooks.hooks) == len(TYPES)
    Connection.objects.filter(pk=connection.pk).update(state=ConnectionState.ENDED)
    assert program_of(member).post(f"/ats/connections/{connection.pk}/webhooks", {}).status_code == 422
