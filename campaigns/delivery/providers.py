"""Delivery through an e-mail service provider: anymail speaks to all of them in the shape of Django's mail."""

from collections.abc import Iterable
from typing import Any

import structlog
from anymail.exceptions import AnymailError, AnymailRecipientsRefused, AnymailRequestsAPIError
from anymail.message import AnymailMessage
from django.core.mail import get_connection
from requests import exceptions as http

from campaigns.composing.letter import Rendered
from campaigns.composing.skeleton import Headers
from campaigns.delivery.batch import Fate, Outcome
from campaigns.delivery.routes import ProviderAccount

log = structlog.get_logger(__name__)
_TOO_MANY = 429


class ProviderDelivery:
    """One connection for a chunk. Providers take one call a message: their batch calls can't carry own headers each."""

    def __init__(self, account: ProviderAccount) -> None:
        self._connection = get_connection(account.backend, fail_silently=False, **dict(account.options))
        self._connection.open()

    def close(self) -> None:
        self._connection.close()

    def send(self, message_id: int, address: str, token: str, rendered: Rendered, headers: Headers) -> Outcome:
        message = AnymailMessage(
            subject=rendered.subject,
            body=rendered.text,
            from_email=_from(headers),
            to=[address],
            reply_to=[headers.reply_to] if headers.reply_to else None,
            headers=own_headers(headers, token),
            connection=self._connection,
        )
        message.attach_alternative(rendered.html, "text/html")
        message.metadata = {"message": token}
        try:
            message.send()
        except Exception as error:  # noqa: BLE001  the edge to a provider: each kind of failure has its fate
            return Outcome(message_id, *fate_of_error(error))
        return Outcome(message_id, *_fate_of_status(message))


def own_headers(headers: Headers, token: str) -> dict[str, str]:
    """RFC 8058 and RFC 2919 headers; a provider signs them with DKIM as it does the rest."""
    return {
        "List-Unsubscribe": f"<{headers.address.rstrip('/')}/t/{token}/unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{headers.list_id}>",
        "Feedback-ID": headers.feedback_id,
    }


def fate_of_error(error: Exception) -> tuple[Fate, str]:
    reply = " ".join(str(error).split())[:500]
    if isinstance(error, AnymailRecipientsRefused):
        return Fate.REFUSED, reply
    if isinstance(error, AnymailRequestsAPIError) and error.status_code:
        is_passing = error.status_code == _TOO_MANY or error.status_code >= 500
        return (Fate.DEFERRED if is_passing else Fate.REFUSED), reply
    causes = list(_causes(error))
    if any(isinstance(cause, http.ConnectTimeout | http.SSLError) for cause in causes):
        return Fate.NOT_STARTED, reply
    if any(isinstance(cause, http.Timeout | http.ConnectionError) for cause in causes):
        # The request may have arrived although its answer didn't.
        return (Fate.NOT_STARTED if _was_refused(causes) else Fate.UNKNOWN), reply
    if isinstance(error, AnymailError | ValueError):
        return Fate.REFUSED, reply
    log.error("provider.failed", exc_info=error)
    return Fate.UNKNOWN, reply


def _was_refused(causes: list[BaseException]) -> bool:
    return any("NewConnectionError" in repr(cause) or isinstance(cause, ConnectionRefusedError) for cause in causes)


def _causes(error: BaseException | None) -> Iterable[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _fate_of_status(message: Any) -> tuple[Fate, str]:
    status = message.anymail_status
    words = ", ".join(sorted(str(word) for word in status.status or {"unknown"}))
    if status.status and status.status <= {"sent", "queued"}:
        return Fate.SENT, f"{words} {status.message_id or ''}".strip()
    if status.status and status.status & {"rejected", "failed", "invalid"}:
        return Fate.REFUSED, words
    return Fate.UNKNOWN, words


def _from(headers: Headers) -> str:
    name = headers.sender_name.replace('"', "")
    return f'"{name}" <{headers.sender_address}>' if name else headers.sender_address
