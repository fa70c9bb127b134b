"""What goes wrong, by script: `faults.add("error", path="/v3/candidates", status=503, times=3)`.

A fault strikes the requests whose path and method match, after `after` of them, `times` times or for `seconds`, each
time with `chance`. The dice have a seed, so that a run can be repeated.
"""

import random
import threading
import time
from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatchcase
from itertools import count
from typing import Any

KINDS = {
    "too_many": "429 with Retry-After, whatever the limit says",
    "error": "an error of the server (status, 503 unless told otherwise)",
    "cut": "the connection ends before anything was done",
    "lost": "it was done, and the connection ends before the answer",
    "half": "the answer is cut in its middle",
    "slow": "the answer takes `wait` seconds longer",
    "expire_token": "every token given so far is worthless",
    "forbid": "403: the credentials lack the right",
    "forbid_field": "the right to one `field` is missing",
    "delete": "the newest candidate (or `candidate_id`) is deleted just before the answer",
    "invalid_offset": "a page's offset is no longer valid (dialects with offsets)",
    "empty_page": "a page holds nothing although more follow (dialects where it happens)",
}


@dataclass
class Fault:
    kind: str
    path: str = "*"
    method: str = "*"
    times: int | None = None
    seconds: float | None = None
    chance: float = 1.0
    after: int = 0
    status: int = 503
    retry_after: float = 1.0
    wait: float = 1.0
    field: str = ""
    candidate_id: int | None = None
    id: int = 0
    until: float = 0.0
    struck: int = 0

    def matches(self, path: str, method: str) -> bool:
        return fnmatchcase(path, self.path) and self.method in ("*", method)

    def over(self) -> bool:
        return (self.times is not None and self.struck >= self.times) or (
            self.seconds is not None and time.monotonic() > self.until
        )


class Faults:
    def __init__(self, seed: int = 1) -> None:
        self.dice = random.Random(seed)
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._ids = count(1)

    def add(self, kind: str, **how: Any) -> int:
        """Its number, for `remove`. ValueError with a sentence when there is no such fault or no such setting."""
        unknown = set(how) - {known.name for known in fields(Fault)}
        if kind not in KINDS or unknown:
            raise ValueError(f"There is no fault {kind!r} with {sorted(how)}; there are {sorted(KINDS)}.")
        fault = Fault(kind, **how)
        fault.id, fault.until = next(self._ids), time.monotonic() + (fault.seconds or 0)
        with self._lock:
            self._faults.append(fault)
        return fault.id

    def remove(self, number: int) -> None:
        with self._lock:
            self._faults = [fault for fault in self._faults if fault.id != number]

    def clear(self) -> None:
        with self._lock:
            self._faults = []

    def strikes(self, kind: str, path: str, method: str = "GET") -> Fault | None:
        """The first of that kind that strikes this request; it is counted."""
        with self._lock:
            self._faults = [fault for fault in self._faults if not fault.over()]
            for fault in self._faults:
                if fault.kind != kind or not fault.matches(path, method):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                elif self.dice.random() < fault.chance:
                    fault.struck += 1
                    return fault
        return None

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults if not fault.over()]
