"""Asking Ashby: its way of saying no, lists to their end, files as forms; and what its webhooks say."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ats_sync.providers import _ashby_records as records
from ats_sync.providers.client import Client, basic, json_of
from ats_sync.providers.errors import AtsError, Down, Forbidden, NotThere, Refused, SignInRefused, Throttled
from ats_sync.vocabulary import Gone, Heard, How, Kind

API = "https://api.ashbyhq.com"
LACKS_RIGHT = "missing_endpoint_permission"
TOKEN_LOST = frozenset({"sync_token_expired", "sync_token_invalid", "incremental_sync_too_large"})
CURSOR_LOST = frozenset({"next_cursor_expired", "invalid_next_cursor"})
SECONDS_UNTIL = 10.0  # after a refusal for too many requests that says no time
Row = dict[str, Any]


class Failed(Refused):
    """`codes` are Ashby's words for why."""

    def __init__(self, codes: frozenset[str], said: str) -> None:
        super().__init__(f"Ashby refused it. It says: {said}")
        self.codes = codes


class Talk:
    def __init__(self, client: Client, credentials: Mapping[str, str]) -> None:
        self.client = client
        self.url = credentials.get("url") or API
        self.headers = {
            "Authorization": basic(credentials.get("api_key", "")),
            "Accept": "application/json; version=1",
        }

    def ask(self, name: str, body: Row | None = None) -> Row:
        """All of the answer."""
        return self._said(name, send=body or {})

    def results(self, name: str, body: Row | None = None) -> Any:
        return self.ask(name, body)["results"]

    def all(self, name: str, body: Row) -> Iterator[Row]:
        """To its end, over pages that may be empty."""
        cursor = ""
        while True:
            said = self.ask(name, body | ({"cursor": cursor} if cursor else {}))
            yield from said["results"]
            cursor = said.get("nextCursor") or ""
            if not said.get("moreDataAvailable") or not cursor:
                return

    def upload(self, name: str, candidate: str, field: str, file_name: str, content: bytes) -> Row:
        boundary = secrets.token_hex(16)
        plain = file_name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        parts = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="candidateId"\r\n\r\n{candidate}\r\n'.encode(),
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{plain}"\r\n'.encode(),
            b"Content-Type: application/octet-stream\r\n\r\n" + content + f"\r\n--{boundary}--\r\n".encode(),
        )
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        found: Row = self._said(name, send=b"".join(parts), headers=kind)["results"]
        return found

    def _said(self, name: str, *, send: Any, headers: Mapping[str, str] | None = None) -> Row:
        try:
            answer = self.client.ask(
                "POST", f"{self.url}/{name}", headers={**self.headers, **(headers or {})}, send=send
            )
        except Forbidden as error:
            if LACKS_RIGHT in error.sentence:
                raise Forbidden(f"The API key lacks the right to {name}.") from error
            raise SignInRefused("Ashby does not accept this API key, or no longer.") from error
        said = json_of(answer)
        if not isinstance(said, dict):
            raise Down("Ashby’s answer makes no sense.")
        if not said.get("success") or "results" not in said:
            raise _refusal(said)
        return said


def _refusal(said: Row) -> AtsError:
    """Of a 200 that says no."""
    info = said.get("errorInfo") or {}
    codes = frozenset(map(str, filter(None, [*(said.get("errors") or ()), info.get("code")])))
    if LACKS_RIGHT in codes:
        return Forbidden("The API key lacks the right to this.")
    if any(code.endswith("_not_found") for code in codes):
        return NotThere("Ashby has no such record.")
    if any("rate_limit" in code for code in codes):
        return Throttled(SECONDS_UNTIL)
    if not codes or any(code.startswith("internal") for code in codes):
        return Down("Ashby has a fault of its own.")
    return Failed(codes, str(info.get("message") or ", ".join(sorted(codes)))[:300])


# What each webhook says


def heard_of(action: str, data: Row) -> Iterable[Heard]:
    """Nothing for what isn't synced."""
    return _HEARD[action](data) if action in _HEARD else ()


def _application(data: Row) -> Iterable[Heard]:
    row = data["application"]
    whole = None if records.needs_history(row) else records.application(row)
    yield Heard(Kind.APPLICATION, row["id"], whole)
    if data.get("offer"):
        yield Heard(Kind.OFFER, data["offer"]["id"])


def _deleted(data: Row) -> Iterable[Heard]:
    gone = data["candidate"]["id"]
    yield Heard(Kind.PERSON, gone, Gone(what=Kind.PERSON, id=gone, how=How.DELETED))


def _merged(data: Row) -> Iterable[Heard]:
    """The winner first: she has to be known when the other becomes her."""
    loser, winner = data["deletedCandidate"]["id"], data["mergedCandidate"]["id"]
    yield Heard(Kind.PERSON, winner)
    yield Heard(Kind.PERSON, loser, Gone(what=Kind.PERSON, id=loser, how=How.MERGED, into=winner))


def _schedule(data: Row) -> Iterable[Heard]:
    whole = records.interview(data["interviewSchedule"])
    yield Heard(Kind.INTERVIEW, whole.id, whole)


def _offer_deleted(data: Row) -> Iterable[Heard]:
    gone = data["offer"]["id"]
    yield Heard(Kind.OFFER, gone, Gone(what=Kind.OFFER, id=gone, how=How.DELETED))


_HEARD: dict[str, Callable[[Row], Iterable[Heard]]] = {
    **dict.fromkeys(("applicationSubmit", "applicationUpdate", "candidateStageChange", "candidateHire"), _application),
    "candidateDelete": _deleted,
    "candidateMerge": _merged,
    **dict.fromkeys(("interviewScheduleCreate", "interviewScheduleUpdate"), _schedule),
    **dict.fromkeys(("offerCreate", "offerUpdate"), lambda data: [Heard(Kind.OFFER, data["offer"]["id"])]),
    "offerDelete": _offer_deleted,
    **dict.fromkeys(("jobCreate", "jobUpdate"), lambda data: [Heard(Kind.JOB, data["job"]["id"])]),
    "interviewPlanTransition": lambda data: [Heard(Kind.JOB, data["jobId"])],
    **dict.fromkeys(
        ("jobPostingUpdate", "jobPostingPublish", "jobPostingUnpublish"),
        lambda data: [Heard(Kind.JOB, data["jobPosting"]["jobId"])],
    ),
}
TYPES = tuple(_HEARD)  # each is a webhook of its own
