"""Webhooks in both directions, signed as standardwebhooks.com says: id, time and body, with a secret of one's own.

A message's type is `<kind>.<what happened>`, its data one record or several as the lists show them. What goes out to
make something (`….add`) has an id that is made of what it says, so a second attempt is known by it; what only says how
something shall be may be said again, and has another id each time.
"""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from ats_sync.providers.client import Client
from ats_sync.providers.errors import Refused, SignInRefused
from ats_sync.vocabulary import Change, Gone, Heard, How, Kind

TOO_OLD = 86_400  # seconds; what is told again is signed again, what was heard once is known by its id
DELETED = ("deleted", "removed")


def verified(headers: Mapping[str, str], body: bytes, secret: str) -> tuple[str, datetime]:
    """The message's id and time. Raises SignInRefused."""
    key, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()
    try:
        at = datetime.fromtimestamp(int(sent), UTC)
        expected = signer(secret).sign(key, at, body.decode())
    except (ValueError, OverflowError, OSError) as error:
        raise SignInRefused("The signature is wrong.") from error
    if not key or not any(hmac.compare_digest(expected.encode(), each.encode()) for each in given):
        raise SignInRefused("The signature is wrong.")
    if abs(time.time() - at.timestamp()) > TOO_OLD:
        raise SignInRefused("The message is too old.")
    return key, at


def signer(secret: str) -> Webhook:
    """`whsec_` and base64 as the standard has it, or any other text as it is."""
    if not secret:
        raise SignInRefused("There is no secret to sign with.")
    return Webhook(secret if secret.startswith("whsec_") else secret.encode())


def heard_in(body: bytes, make: Callable[[Kind, Any], Change | None], reads: Callable[[Kind], bool]) -> Iterator[Heard]:
    """What can be read is read, for it is newer by then; the rest is taken over as it was sent."""
    try:
        said = json.loads(body)
        noun, _, verb = str(said["type"]).partition(".")
        rows = said["data"] if isinstance(said["data"], list) else [said["data"]]
        if noun not in Kind.values:
            return
        for row in rows:
            if heard := _heard(Kind(noun), verb, row, make, reads):
                yield heard
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("This is no message that can be understood.") from error


def _heard(
    kind: Kind, verb: str, row: Any, make: Callable[[Kind, Any], Change | None], reads: Callable[[Kind], bool]
) -> Heard | None:
    change = make(kind, row)
    key = change.id if change else str(row.get("id") or "")
    if not key:
        raise Refused("The message does not say which record it is about.")
    if verb in DELETED:
        return Heard(kind, key, Gone(what=kind, id=key, how=How.DELETED))
    if reads(kind):
        return Heard(kind, key)
    return Heard(kind, key, change) if change else None


def send(client: Client, url: str, secret: str, about: str, data: Mapping[str, Any]) -> str:
    """The id of the message."""
    if not url:
        raise Refused("This ATS has no address to which changes could be sent.")
    body = json.dumps({"type": about, "data": data}, sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(body.encode()).hexdigest()[:40] if about.endswith(".add") else secrets.token_hex(20)
    key = f"msg_{key}"
    at = datetime.now(UTC)
    headers = {
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signer(secret).sign(key, at, body),
        "Content-Type": "application/json",
    }
    client.ask("POST", url, headers=headers, send=body.encode())
    return key
