"""The time of a simulated system, in whole milliseconds since 1970, as coarse as the vendor's.

Real time, never going back, and without sleeping: whoever wants an hour to pass calls `advance(3600)`.
"""

import threading
import time
from datetime import UTC, datetime

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock:
    """`resolution` in ms: 1 for Lever, 1000 for Odoo, whose many records share one `write_date`."""

    def __init__(self, resolution: int = 1) -> None:
        self.resolution = resolution
        self._ahead = 0
        self._last = 0
        self._lock = threading.Lock()

    def now(self) -> int:
        """As the system writes it down, cut to its resolution."""
        exact = self.exact()
        return exact - exact % self.resolution

    def exact(self) -> int:
        """Uncut, for limits and expiry."""
        with self._lock:
            self._last = max(self._last, int(time.time() * 1000) + self._ahead)
            return self._last

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._ahead += int(seconds * 1000)


def iso(moment: int | None, *, milliseconds: bool = True) -> str | None:
    """`2026-03-01T09:30:00.123Z`."""
    if moment is None:
        return None
    text = datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{moment % 1000:03d}Z" if milliseconds else f"{text}Z"


def day(moment: int | None) -> str | None:
    """`2026-03-01`."""
    return None if moment is None else datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()


def from_iso(text: str) -> int:
    """A date or a moment; without a zone it is UTC. ValueError on anything else."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
