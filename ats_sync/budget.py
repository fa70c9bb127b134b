"""What may be asked of an ATS, shared by all workers of a connection. What is only looked at leaves some of it to
news, and both leave some to people: who clicks, and what they decided.

What the ATS itself says goes before what we think of its limit: after a 429, or when its headers say that nothing is
left, nobody asks until the time that it named.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

from django.conf import settings
from redis import Redis

from ats_sync.providers.base import Rate
from ats_sync.providers.client import seconds_until
from ats_sync.providers.errors import Throttled
from crm.tenancy.scope import current_tenant_id
from crm.throttle import Meter, room_in, wait_for_all

PATIENCE = 5.0  # seconds that a worker waits by itself; more is waited for in the queue
LEFT = ("x-ratelimit-remaining", "x-rate-limit-remaining")


class Share(Enum):
    """How much of a burst may be gone before somebody has to wait."""

    BACKGROUND = 0.8
    NEWS = 0.9
    PEOPLE = 1.0


@dataclass(frozen=True)
class ConnectionBudget:
    """`alive` is called before each request, so that work that takes many of them keeps its lease."""

    connection_id: int
    rate: Rate
    share: Share = Share.BACKGROUND
    patience: float = PATIENCE
    alive: Callable[[], None] = lambda: None

    def take(self) -> None:
        self.alive()
        while wait := max(self.blocked_for(), wait_for_all([self._meter()], 1)):
            if wait > self.patience:
                raise Throttled(wait)
            time.sleep(wait)

    def told(self, status: int, headers: Mapping[str, str]) -> None:
        nothing_left = any(headers.get(name, "").strip() == "0" for name in LEFT)
        if status != 429 and not nothing_left:
            return
        seconds = seconds_until(headers)
        _valkey().set(self._key(), f"{time.time() + seconds:.3f}", px=max(1, int(seconds * 1000)))
        if status == 429:
            raise Throttled(seconds)

    def blocked_for(self) -> float:
        """Seconds; 0 when the ATS takes requests."""
        until = _valkey().get(self._key())
        return max(0.0, float(until) - time.time()) if until else 0.0

    @property
    def burst(self) -> int:
        return self._burst_of(self.share)

    @property
    def kept_for_people(self) -> int:
        """Requests that nothing else takes, however long it asks for all it may have."""
        return max(1, self._burst_of(Share.PEOPLE) - self._burst_of(Share.NEWS))

    def room(self) -> int:
        """How many requests could be made at once now."""
        return 0 if self.blocked_for() else room_in(self._meter())

    def _meter(self) -> Meter:
        return Meter(f"ats:{self.connection_id}", int(60 * self.rate.requests / self.rate.seconds), self.burst)

    def _burst_of(self, share: Share) -> int:
        return max(1, int(self.rate.burst * share.value))

    def _key(self) -> str:
        return f"rapport:ats:{current_tenant_id()}:{self.connection_id}:blocked"


@cache
def _valkey() -> Redis:
    return Redis.from_url(settings.VALKEY_URL)
