"""A provider, ready to speak for a connection."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ats_sync.budget import PATIENCE, ConnectionBudget, Share
from ats_sync.models import Connection
from ats_sync.providers import provider_class
from ats_sync.providers.base import Access, Provider
from ats_sync.providers.client import Client


def provider_of(
    connection: Connection,
    *,
    share: Share = Share.BACKGROUND,
    patience: float = PATIENCE,
    alive: Callable[[], None] = lambda: None,
) -> Provider:
    """`patience` is how many seconds a request may wait for the ATS's limit; `alive` is called before each, and what it
    raises ends the work."""
    found = provider_class(connection.provider)
    budget = ConnectionBudget(connection.pk, found.rate, share=share, patience=patience, alive=alive)

    def remember(session: Mapping[str, Any]) -> None:
        connection.session = json.dumps(dict(session))
        Connection.objects.filter(pk=connection.pk).update(session=connection.session)

    access = Access(
        credentials=json.loads(connection.credentials),
        client=Client(budget),
        session=json.loads(connection.session),
        remember=remember,
        wants_eeo=connection.wants_eeo,
        hooks=connection.hooks,
        own_fields=lambda: connection.source.own_fields,
    )
    return found(access)
