"""Rate limits as vendors have them. Each is asked with `take(caller, now in ms)` and answers with a verdict."""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    limit: int
    remaining: int
    reset_at: float  # seconds since 1970
    retry_after: float  # seconds


class Limiter(Protocol):
    def take(self, caller: str, now: int) -> Verdict: ...


class FixedWindow:
    """So many in each window of the wall clock (Greenhouse: 30 s)."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.length = limit, round(seconds * 1000)
        self._used: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def take(self, caller: str, now: int) -> Verdict:
        window = now // self.length
        with self._lock:
            seen, used = self._used.get(caller, (window, 0))
            used = used + 1 if seen == window else 1
            self._used[caller] = window, used
        end = (window + 1) * self.length
        return Verdict(used <= self.limit, self.limit, max(0, self.limit - used), end / 1000, (end - now) / 1000)


class TokenBucket:
    """`rate` a second on average, `burst` at once (Lever: 10 and 20)."""

    def __init__(self, rate: float, burst: int) -> None:
        self.rate, self.burst = rate, burst
        self._left: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def take(self, caller: str, now: int) -> Verdict:
        with self._lock:
            left, then = self._left.get(caller, (float(self.burst), now))
            left = min(self.burst, left + (now - then) / 1000 * self.rate)
            allowed = left >= 1
            left -= allowed
            self._left[caller] = left, now
        wait = 0.0 if left >= 1 else (1 - left) / self.rate
        return Verdict(allowed, self.burst, int(left), now / 1000 + wait, wait)


class SlidingWindow:
    """So many in any stretch of that length (Workable: 10 in 10 s)."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.length = limit, round(seconds * 1000)
        self._taken: dict[str, deque[int]] = defaultdict(deque)
        self._lock = threading.Lock()

    def take(self, caller: str, now: int) -> Verdict:
        with self._lock:
            taken = self._taken[caller]
            while taken and taken[0] <= now - self.length:
                taken.popleft()
            allowed = len(taken) < self.limit
            if allowed:
                taken.append(now)
            free = taken[0] + self.length if len(taken) >= self.limit else now
            return Verdict(allowed, self.limit, self.limit - len(taken), free / 1000, (free - now) / 1000)
