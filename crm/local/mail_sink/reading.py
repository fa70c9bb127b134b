"""A stored message as people and tests read it: its headers, its text and HTML, and the links in them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

from crm.local.mail_sink.mailbox import Stored

LINK_IN_TEXT = re.compile(r"https?://[^\s<>\"')\]]+")


@dataclass(frozen=True)
class Readable:
    id: int
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    links: tuple[str, ...]
    attachments: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "sender": self.sender,
            "recipients": list(self.recipients),
            "subject": self.subject,
            "headers": [list(header) for header in self.headers],
            "text": self.text,
            "html": self.html,
            "links": list(self.links),
            "attachments": list(self.attachments),
        }


def read(stored: Stored) -> Readable:
    message = message_from_bytes(stored.raw, policy=policy.default)
    text, html = _content(message, "plain"), _content(message, "html")
    return Readable(
        id=stored.id,
        at=datetime.fromtimestamp(stored.at, UTC),
        sender=stored.sender,
        recipients=stored.recipients,
        subject=str(message.get("Subject", "")),
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=text,
        html=html,
        links=tuple(dict.fromkeys([*_links_of_html(html), *LINK_IN_TEXT.findall(text)])),
        attachments=tuple(part.get_filename() or part.get_content_type() for part in message.iter_attachments()),
    )


def subject_and_sender(raw: bytes) -> tuple[str, str]:
    """For lists: only the head is parsed."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    message = message_from_bytes(head + b"\r\n\r\n", policy=policy.default)
    return str(message.get("Subject", "")), str(message.get("From", ""))


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError):  # A character set nobody knows, or a broken encoding: show the bytes as they are.
        payload = part.get_payload(decode=True)
        return payload.decode("latin-1") if isinstance(payload, bytes) else ""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address and address.startswith(("http://", "https://")):
            self.found.append(address)


def _links_of_html(html: str) -> list[str]:
    parser = _Links()
    parser.feed(html)
    return parser.found
