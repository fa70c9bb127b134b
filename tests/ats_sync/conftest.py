"""An ATS that is simulated, and a connection to it."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from ats_sync.actions import events, pushes, rounds, sweeps
from ats_sync.actions.connections import create_connection
from ats_sync.models import Connection, ConnectionState
from ats_sync.providers import provider_class, provider_keys
from ats_sync.providers.base import Rate
from crm.models import Member
from tests.simulators.ats.server import Simulator


@pytest.fixture(autouse=True)
def _this_machine_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "OUTGOING_ALLOWED_NETWORKS", ["127.0.0.0/8"])


@pytest.fixture(autouse=True)
def _turns_end_with_their_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine too; what many turns do is tried where it is about them."""
    for part in (events, pushes, rounds, sweeps):
        monkeypatch.setattr(part, "TURN", 600.0)


@pytest.fixture(autouse=True)
def _no_test_waits_for_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in provider_keys():
        monkeypatch.setattr(provider_class(key), "rate", Rate(requests=100_000, seconds=1, burst=100_000))


@pytest.fixture
def greenhouse() -> Iterator[Simulator]:
    with Simulator.of("greenhouse", people=12, seed=7, retry_scale=0.0001, limit=100_000) as simulator:
        yield simulator


@pytest.fixture
def connect(tenant: object, member: Member) -> Callable[..., Connection]:
    """A connection to a simulator that is on; its budget is wide."""

    def connected(simulator: Simulator, provider: str = "greenhouse", **credentials: str) -> Connection:
        known = {name: value for name, value in simulator.credentials().items() if name != "dialect"}
        connection = create_connection(provider, "", known | credentials, by=member)
        Connection.objects.filter(pk=connection.pk).update(state=ConnectionState.ON, next_poll_at="2020-01-01T00:00Z")
        connection.refresh_from_db()
        assert json.loads(connection.credentials)["url"] == simulator.url
        return connection

    return connected


@pytest.fixture
def listening(greenhouse: Simulator, connect: Callable[..., Connection]) -> Connection:
    """To a Greenhouse whose messages wait for `deliver`."""
    connection = connect(greenhouse)
    greenhouse.webhooks.hooks.clear()
    greenhouse.webhooks.subscribe("http://127.0.0.1:9/", connection.webhook_secret)
    for hook in greenhouse.webhooks.hooks:
        hook.enabled = True
    return connection
