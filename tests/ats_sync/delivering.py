"""Rounds until all is read, and messages that come in as the web door would take them."""

from ats_sync.actions.events import keep_event
from ats_sync.actions.rounds import poll
from ats_sync.models import Connection
from tests.simulators.ats.server import Simulator


def load(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(next_poll_at="2020-01-01T00:00Z")
    poll(connection.pk, worker="test")
    connection.refresh_from_db()
    assert connection.error == ""


def deliver(connection: Connection, simulator: Simulator) -> int:
    """What the simulator sent to nobody so far comes in, as the web door would take it."""
    deliveries = simulator.webhooks.sent
    number = 0
    while deliveries:
        delivery = deliveries.popleft()
        headers = {name.lower(): value for name, value in delivery.headers.items()}
        keep_event(connection.pk, headers, delivery.body)
        number += 1
    return number
