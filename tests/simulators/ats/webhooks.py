"""Delivery of webhooks: signed by the dialect, retried by its timetable, lost, late, repeated, reordered or forged.

    ats.webhooks.subscribe("http://127.0.0.1:9000/hook", "secret")
    ats.webhooks.mishaps = Mishaps(lost=0.05, repeated=0.05, seed=3)
    ats.webhooks.drain()        # waits until everything on its way has arrived or was given up

Deliveries leave from background threads; one thread keeps the order of what happened, more of them do not. What is on
its way when a simulator is killed is lost, as it is for whoever relies on webhooks alone.
"""

import http.client
import itertools
import random
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from urllib.parse import urlsplit

from tests.simulators.ats.dialect import Dialect, Event
from tests.simulators.ats.world import Change

OVERTAKEN = 0.15  # seconds in which others overtake a reordered one


@dataclass
class Hook:
    url: str
    secret: str
    events: frozenset[str] | None = None  # None: all
    enabled: bool = True


@dataclass
class Mishaps:
    """Chances from 0 to 1, each thrown for each delivery. `late` ones wait `late_by` seconds."""

    lost: float = 0
    late: float = 0
    late_by: float = 0.5
    repeated: float = 0
    reordered: float = 0
    forged: float = 0
    seed: int = 1
    dice: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def happens(self, chance: float) -> bool:
        return chance > 0 and self.dice.random() < chance


@dataclass
class Delivery:
    hook: Hook
    event: Event
    headers: dict[str, str]
    body: bytes
    fate: str = "on its way"  # delivered, given up, lost
    forged: bool = False
    statuses: list[int] = field(default_factory=list)  # 0: nobody answered


class Webhooks:
    """`scale` shortens the timetable of retries: at 0.001 a minute is 60 ms."""

    def __init__(self, dialect: Dialect, *, scale: float = 1.0, threads: int = 1, timeout: float = 10) -> None:
        self.dialect, self.scale, self.timeout, self._threads = dialect, scale, timeout, threads
        self.hooks: list[Hook] = []
        self.mishaps = Mishaps()
        self.sent: deque[Delivery] = deque(maxlen=5000)
        self.counts: Counter[str] = Counter()
        self._queue: list[tuple[float, int, Delivery]] = []
        self._busy = 0
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._running = False
        self._workers: list[threading.Thread] = []

    def start(self) -> None:
        self._running = True
        self.dialect.world.listeners.append(self.happened)
        self._workers = [threading.Thread(target=self._work, daemon=True) for _ in range(self._threads)]
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        with self._changed:
            self._running = False
            self._changed.notify_all()
        if self.happened in self.dialect.world.listeners:
            self.dialect.world.listeners.remove(self.happened)
        for worker in self._workers:
            worker.join(self.timeout)

    def subscribe(self, url: str, secret: str, events: set[str] | None = None, *, patience: float = 0) -> Hook:
        """Pings where the vendor does; a hook whose ping fails is kept switched off.

        With `patience` the ping is repeated for so many seconds: the receiver may still be starting.
        """
        hook, until = Hook(url, secret, frozenset(events) if events else None), time.monotonic() + patience
        if event := self.dialect.ping():
            hook.enabled = self.dialect.taken(self._post(self._delivery(hook, event)))
            while not hook.enabled and time.monotonic() < until:
                time.sleep(1)
                hook.enabled = self.dialect.taken(self._post(self._delivery(hook, event)))
        self.hooks.append(hook)
        return hook

    def unsubscribe(self, hook: Hook) -> None:
        hook.enabled = False
        self.hooks.remove(hook)

    def happened(self, change: Change) -> None:
        """Told by the world, under its lock: the bodies are written now, and sent later."""
        wanted = [hook for hook in self.hooks if hook.enabled]
        for event in self.dialect.events(change) if wanted else ():
            for hook in wanted:
                if hook.events is None or event.name in hook.events:
                    self._plan(self._delivery(hook, event))

    def _delivery(self, hook: Hook, event: Event, *, forged: bool = False) -> Delivery:
        headers, body = self.dialect.envelope("not the secret" if forged else hook.secret, event)
        return Delivery(hook, event, {"Content-Type": "application/json", **headers}, body, forged=forged)

    def _plan(self, delivery: Delivery) -> None:
        mishaps, now = self.mishaps, time.monotonic()
        self.sent.append(delivery)
        if mishaps.happens(mishaps.forged):
            self._put(now, self._delivery(delivery.hook, delivery.event, forged=True))
        if mishaps.happens(mishaps.lost):
            delivery.fate = "lost"
            self.counts["lost"] += 1
            return
        if mishaps.happens(mishaps.late):
            now += mishaps.late_by
        elif mishaps.happens(mishaps.reordered):
            now += OVERTAKEN
        self._put(now, delivery)
        if mishaps.happens(mishaps.repeated):
            self.counts["repeated"] += 1
            self._put(now, replace(delivery, statuses=[]))

    def _put(self, due: float, delivery: Delivery) -> None:
        with self._changed:
            heappush(self._queue, (due, next(self._numbers), delivery))
            self._changed.notify_all()

    def _work(self) -> None:
        while delivery := self._next():
            try:
                self._attempt(delivery)
            finally:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    def _next(self) -> Delivery | None:
        with self._changed:
            while self._running:
                wait = self._queue[0][0] - time.monotonic() if self._queue else None
                if wait is not None and wait <= 0:
                    self._busy += 1
                    return heappop(self._queue)[2]
                self._changed.wait(wait)
        return None

    def _attempt(self, delivery: Delivery) -> None:
        status = self._post(delivery)
        delivery.statuses.append(status)
        if self.dialect.taken(status):
            delivery.fate = "delivered"
            self.counts["forged and taken" if delivery.forged else "delivered"] += 1
        elif delivery.forged:
            delivery.fate = "refused"
            self.counts["forged and refused"] += 1
        elif len(delivery.statuses) <= len(self.dialect.retries) and not self.dialect.gives_up(status):
            self.counts["retried"] += 1
            self._put(time.monotonic() + self.dialect.retries[len(delivery.statuses) - 1] * self.scale, delivery)
        elif delivery.fate != "delivered":
            delivery.fate = "given up"
            self.counts["given up"] += 1

    def _post(self, delivery: Delivery) -> int:
        target = urlsplit(delivery.hook.url)
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        connection = kind(target.netloc, timeout=self.timeout)
        try:
            path = (target.path or "/") + (f"?{target.query}" if target.query else "")
            connection.request("POST", path, delivery.body, delivery.headers)
            response = connection.getresponse()
            response.read()
            return response.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def pending(self) -> int:
        with self._changed:
            return len(self._queue) + self._busy

    def drain(self, timeout: float = 30) -> bool:
        """True when nothing is on its way any more; False when that took longer."""
        until = time.monotonic() + timeout
        with self._changed:
            while self._queue or self._busy:
                if (left := until - time.monotonic()) <= 0:
                    return False
                self._changed.wait(left)
        return True
