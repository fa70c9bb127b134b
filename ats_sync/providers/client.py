"""HTTP to an ATS: guarded against private networks, within the rate limit, with errors that the sync understands."""

import base64
import json
import time
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

from ats_sync.providers.errors import Down, Forbidden, NotThere, Refused, SignInRefused, Throttled
from crm.outgoing import Answer, OutgoingError, request

MOST_BYTES = 32 << 20
SECONDS = 30.0
SAID = 300  # characters of an ATS's own reason that are passed on


class Budget(Protocol):
    """What may still be asked of the ATS, shared by all workers of a connection."""

    def take(self) -> None:
        """Waits a little when it must; raises Throttled when that would be too long."""

    def told(self, status: int, headers: Mapping[str, str]) -> None:
        """Notes what the ATS says of its limit. Raises Throttled after a 429."""


class Unlimited:
    """For what the ATS's limit doesn't count, and for whoever only asks once."""

    def take(self) -> None:
        return

    def told(self, status: int, headers: Mapping[str, str]) -> None:
        if status == 429:
            raise Throttled(seconds_until(headers))


class Client:
    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = budget or Unlimited()

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        send: Any = None,
        form: Mapping[str, Any] | None = None,
        most_bytes: int = MOST_BYTES,
        is_metered: bool = True,
    ) -> Answer:
        """One request. `send` goes as JSON, bytes as they are, `form` as a form; one to a storage behind the ATS is
        not metered. Raises the errors of this package."""
        if query:
            url += ("&" if "?" in url else "?") + urlencode(query, doseq=True)
        content, kind = _content(send, form)
        told = {"Accept": "application/json", **({"Content-Type": kind} if kind else {}), **(headers or {})}
        budget = self.budget if is_metered else Unlimited()
        budget.take()
        try:
            answer = request(method, url, headers=told, content=content, most_bytes=most_bytes, seconds=SECONDS)
        except OutgoingError as error:
            raise (Refused if error.permanent else Down)(str(error)) from error
        budget.told(answer.status, answer.headers)
        _raise_for(answer)
        return answer

    def json(self, method: str, url: str, **options: Any) -> Any:
        return json_of(self.ask(method, url, **options))


def json_of(answer: Answer) -> Any:
    """A half answer is no answer: it is asked again."""
    try:
        return json.loads(answer.content) if answer.content else None
    except ValueError as error:
        raise Down("The ATS’s answer broke off or is no JSON.") from error


def basic(user: str, password: str = "") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def seconds_until(headers: Mapping[str, str]) -> float:
    """Until when to wait, of Retry-After and X-RateLimit-Reset (a time, or seconds)."""
    for name in ("retry-after", "x-ratelimit-reset", "x-rate-limit-reset"):
        try:
            number = float(headers.get(name, ""))
        except ValueError:
            continue
        return max(0.05, number - time.time() if number > 1_000_000_000 else number)
    return 1.0


def _content(send: Any, form: Mapping[str, Any] | None) -> tuple[bytes, str]:
    if form is not None:
        return urlencode(form, doseq=True).encode(), "application/x-www-form-urlencoded"
    if send is None:
        return b"", ""
    return (send, "") if isinstance(send, bytes) else (json.dumps(send).encode(), "application/json")


def _raise_for(answer: Answer) -> None:
    status = answer.status
    if status < 400:
        return
    said = answer.content[:SAID].decode(errors="replace").strip()
    if status == 401:
        raise SignInRefused("The ATS does not accept these credentials, or no longer.")
    if status == 403:
        raise Forbidden(f"The ATS does not allow this. It says: {said}")
    if status in (404, 410):
        raise NotThere("The ATS has no such record.")
    if status >= 500 or status == 408:
        raise Down(f"The ATS has a fault of its own ({status}).")
    raise Refused(f"The ATS refused it ({status}). It says: {said}", status)
