"""One claimed chunk on its way out: parcels are taken from it, and each gets exactly one fate."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

import structlog

from campaigns.delivery.journal import Journal

log = structlog.get_logger(__name__)
TRIES_IN_A_BATCH = 4


class Fate(IntEnum):
    SENT = 1  # the server took it
    REFUSED = 2  # the server said no for good
    DEFERRED = 3  # the server said not now
    NOT_STARTED = 4  # not a byte of its body left: it may be sent again without harm
    UNKNOWN = 5  # its body left and no answer came: nobody can say


@dataclass(frozen=True, slots=True)
class Outcome:
    message_id: int
    fate: Fate
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """A row to send: where to, and how its bytes are made when its turn has come."""

    message_id: int
    address: str
    build: Callable[[], bytes]


@dataclass(slots=True)
class Parcel:
    posting: Posting
    body: bytes
    tries: int = 1

    @property
    def message_id(self) -> int:
        return self.posting.message_id

    @property
    def address(self) -> bytes:
        return self.posting.address.encode("ascii")


class Batch:
    """Nothing is taken from it after `deadline` (of time.monotonic()), which lies before the end of the lease."""

    def __init__(self, postings: Iterable[Posting], *, deadline: float, journal: Journal | None = None) -> None:
        self._waiting: deque[Posting | Parcel] = deque(postings)
        self._open = len(self._waiting)
        self.deadline = deadline
        self.journal = journal
        self.outcomes: list[Outcome] = []
        self.whenever_settled: Callable[[], None] = lambda: None

    def __len__(self) -> int:
        return self._open

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def next(self) -> Parcel | None:
        """The next parcel, its bytes made. A row whose bytes can't be made fails alone."""
        while self._waiting and time.monotonic() < self.deadline:
            first = self._waiting.popleft()
            if isinstance(first, Parcel):
                return first
            try:
                first.address.encode("ascii")
                return Parcel(first, first.build())
            except Exception as error:  # the edge between one recipient's values and everybody else's mail
                log.exception("message.not_built", message=first.message_id)
                self.settle(first.message_id, Fate.REFUSED, f"The message could not be made: {error}")
        return None

    def starting(self, parcel: Parcel) -> None:
        """Its body is about to leave; the connection flushes the journal before it writes."""
        if self.journal:
            self.journal.started(parcel.message_id)

    def settle(self, message_id: int, fate: Fate, reply: str) -> None:
        self.outcomes.append(Outcome(message_id, fate, reply[:500]))
        self._open -= 1
        if self.journal:
            self.journal.settled(message_id, fate, reply)
        if self._open == 0:
            self.whenever_settled()

    def give_back(self, parcel: Parcel, reason: str) -> None:
        """Its connection broke before its body left: another connection may try."""
        if parcel.tries < TRIES_IN_A_BATCH:
            parcel.tries += 1
            self._waiting.append(parcel)
        else:
            self.settle(parcel.message_id, Fate.NOT_STARTED, reason)

    def close(self, reason: str) -> None:
        """What still waits was never started."""
        while self._waiting:
            first = self._waiting.popleft()
            self.settle(first.message_id, Fate.NOT_STARTED, reason)

    def flush(self) -> None:
        if self.journal:
            self.journal.flush()
