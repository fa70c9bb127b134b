"""Asking Lever: its pages, its users' names, and the several tokens that its webhooks are signed with."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from ats_sync.providers.client import Client, basic
from ats_sync.providers.errors import Down, PlaceLost, Refused, SignInRefused
from ats_sync.vocabulary import Heard, Kind

API = "https://api.lever.co"
MOST = 100  # of a page
TOO_OLD = 3 * 86_400  # seconds; the last of five attempts comes within a day
Row = dict[str, Any]


class Talk:
    def __init__(self, client: Client, credentials: Mapping[str, str]) -> None:
        self.client = client
        self.url = (credentials.get("url") or API).rstrip("/")
        self.headers = {"Authorization": basic(credentials.get("key", ""))}
        self.user = credentials.get("user", "").strip()

    def get(self, path: str, **query: Any) -> Row:
        said = self.client.json("GET", f"{self.url}/v1{path}", headers=self.headers, query=query)
        if not isinstance(said, dict) or "data" not in said:
            raise Down("Lever’s answer makes no sense.")
        return said

    def page(self, path: str, offset: str, **query: Any) -> tuple[list[Row], str]:
        """The rows, and the offset of those that follow. Raises PlaceLost for an offset that has gone bad."""
        query |= {"limit": query.get("limit", MOST)} | ({"offset": offset} if offset else {})
        try:
            said = self.get(path, **query)
        except Refused as error:
            if offset and "offset" in error.sentence.lower():
                raise PlaceLost("Lever no longer knows this place in the list.") from error
            raise
        return said["data"], str(said.get("next") or "") if said.get("hasNext") else ""

    def all(self, path: str, **query: Any) -> Iterator[Row]:
        offset = ""
        while True:
            rows, offset = self.page(path, offset, **query)
            yield from rows
            if not offset:
                return

    def write(self, method: str, path: str, send: Any, headers: Mapping[str, str] | None = None) -> Any:
        """In the name of the user whom the connection names, without whom Lever lets nobody write."""
        url = f"{self.url}/v1{path}?perform_as={self.perform_as}"
        said = self.client.json(method, url, headers={**self.headers, **(headers or {})}, send=send)
        return said["data"] if isinstance(said, dict) else said

    def upload(self, path: str, name: str, content: bytes) -> Any:
        boundary = secrets.token_hex(16)
        plain = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{plain}"\r\n'
        body = f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self.write("POST", path, body + f"\r\n--{boundary}--\r\n".encode(), kind)

    @cached_property
    def users(self) -> list[Row]:
        return list(self.all("/users", includeDeactivated="true"))

    @cached_property
    def user_names(self) -> dict[str, str]:
        return {row["id"]: row.get("name") or "" for row in self.users}

    @cached_property
    def perform_as(self) -> str:
        for row in self.users if self.user else ():
            if self.user == row["id"] or self.user.lower() == (row.get("email") or "").lower():
                return str(row["id"])
        raise Refused("Name the user of Lever in whose name Rapport writes, by e-mail address.")


def heard_in(body: bytes, secret: str) -> tuple[str, float, Sequence[Heard]]:
    """The token, when it was sent, and what to read.

    The signature holds token and time only, so nothing of the rest is believed: whatever it says is read. `secret` is
    one token or several with white space between, for Lever makes another one for each event.
    """
    try:
        said = json.loads(body)
        token, at, signature = str(said["token"]), said["triggeredAt"], str(said["signature"])
        if not any(hmac.compare_digest(signature.encode(), _signed(one, token, at)) for one in secret.split()):
            raise SignInRefused("The signature is wrong.")
        if abs(time.time() - float(at) / 1000) > TOO_OLD:
            raise SignInRefused("The message is too old.")
        return token, float(at) / 1000, tuple(_to_read(str(said["event"]), said["data"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("This is no message of Lever’s.") from error


def _signed(secret: str, token: str, at: Any) -> bytes:
    return hmac.new(secret.encode(), f"{token}{at}".encode(), hashlib.sha256).hexdigest().encode()


def _to_read(event: str, data: Row) -> Iterator[Heard]:
    if event.startswith("contact"):
        yield Heard(Kind.PERSON, str(data["contactId"]))
    elif event.startswith("interview"):
        yield Heard(Kind.INTERVIEW, f"{data['opportunityId']}:{data['interviewId']}")
    elif event.startswith(("candidate", "application")):
        if event in ("applicationCreated", "candidateDeleted") and data.get("contactId"):
            yield Heard(Kind.PERSON, str(data["contactId"]))
        yield Heard(Kind.APPLICATION, str(data["opportunityId"]))
