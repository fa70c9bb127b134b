"""Raw bytes as a letter. Python's strict header classes refuse what the world sends, so headers are read by hand.

What can't be read is read as far as it goes; there is always a letter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import compat32
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime

from talentpool.identity.emails import clean_email
from talentpool.intake.mail.html_text import text_of_html

LONGEST_HEADER = 20_000  # of what was sent; the rest of a longer one is not even decoded
LONGEST_TEXT = 500_000
LONGEST_SUBJECT = 300
MOST_PARTS = 1_000
MOST_ADDRESSES = 500
DEEPEST = 20
_ID = re.compile(r"<([^<>\s]{1,400})>")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")


@dataclass(frozen=True, slots=True)
class Address:
    """`email` is clean or empty: Outlook sometimes forwards a name alone."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name and self.email else self.email or self.name


NOBODY = Address("", "")


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """`enclosed` are letters that were attached whole; `headers` is for those who look for machines."""

    headers: Message
    sender: Address = NOBODY
    to: tuple[Address, ...] = ()
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()  # oldest first, In-Reply-To last
    sent_at: datetime | None = None
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    enclosed: tuple["Letter", ...] = field(default=(), repr=False)
    is_damaged: bool = False


@dataclass(slots=True)
class _Body:
    texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    enclosed: list[Letter] = field(default_factory=list)


def read_letter(raw: bytes) -> Letter:
    try:
        return _letter(BytesParser(policy=compat32).parsebytes(raw), depth=0)
    except RecursionError:
        return replace(read_head(raw), is_damaged=True)


def read_head(raw: bytes) -> Letter:
    """The headers alone: of a letter that is too large or too broken to be read whole."""
    head = re.split(rb"\r?\n\r?\n", raw[:1_000_000], maxsplit=1)[0]
    return _head(HeaderParser(policy=compat32).parsestr(head.decode("ascii", "surrogateescape")))


def header_text(value: object) -> str:
    """A header decoded and on one line; undecodable bytes are replaced, never refused."""
    text = str(value or "")[:LONGEST_HEADER]
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        parts = [(text, None)]
    decoded = "".join(part if isinstance(part, str) else decoded_bytes(part, charset) for part, charset in parts)
    return " ".join(storable(decoded).split())


def decoded_bytes(content: bytes, charset: str | None) -> str:
    """By the charset that is claimed, else as UTF-8, else as Windows wrote Western letters, which never fails."""
    for each in (charset, "utf-8"):
        try:
            if each and each.lower() not in ("unknown-8bit", "us-ascii", "ascii"):
                return content.decode(each)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def storable(text: str) -> str:
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text) if _UNSTORABLE.search(text) else text


def addresses_of(values: list[str]) -> tuple[Address, ...]:
    """Each mailbox once, with the name beside it; groups and what is no address are left out."""
    short = [str(value)[:LONGEST_HEADER] for value in values]
    found: dict[str, Address] = {}
    for name, address in getaddresses(short)[:MOST_ADDRESSES]:
        if email := clean_email(header_text(address)):
            found.setdefault(email, Address(_plain_name(header_text(name)), email))
    return tuple(found.values())


def _plain_name(name: str) -> str:
    bare = name.strip(" '\"")
    return "" if "@" in bare else bare[:300]


def _letter(message: Message, depth: int) -> Letter:
    head, body = _head(message), _Body()
    for part in _leaves(message):
        _add(body, part, depth)
    text = storable("\n\n".join(text for text in body.texts if text.strip())[:LONGEST_TEXT])
    return replace(
        head, text=text.replace("\r\n", "\n"), attachments=tuple(body.attachments), enclosed=tuple(body.enclosed)
    )


def _head(message: Message) -> Letter:
    sender = addresses_of(_all(message, "From"))
    references = [each for name in ("References", "In-Reply-To") for each in _ids(message, name)]
    return Letter(
        headers=message,
        sender=sender[0] if len(sender) == 1 else NOBODY,  # of several nobody knows which one was checked
        to=addresses_of(_all(message, "To") + _all(message, "Cc")),
        subject=header_text(message.get("Subject"))[:LONGEST_SUBJECT],
        message_id=next(iter(_ids(message, "Message-ID")), ""),
        references=tuple(dict.fromkeys(references)),
        sent_at=_date(message),
    )


def _all(message: Message, name: str) -> list[str]:
    return [str(value) for value in message.get_all(name, [])]


def _ids(message: Message, name: str) -> list[str]:
    return [storable(each) for value in _all(message, name) for each in _ID.findall(value[:LONGEST_HEADER])]


def _date(message: Message) -> datetime | None:
    try:
        read = parsedate_to_datetime(str(message.get("Date", ""))[:200])
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    try:
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order; of alternatives the plain one, of a letter its pictures never."""
    waiting, seen = [(message, 0)], 0
    while waiting and seen < MOST_PARTS:
        part, depth = waiting.pop()
        seen += 1
        parts = part.get_payload() if part.is_multipart() else None
        if not isinstance(parts, list) or part.get_content_type() == "message/rfc822":
            yield part
        elif depth < DEEPEST:
            children = [each for each in parts if isinstance(each, Message)]
            if part.get_content_subtype() == "alternative":
                children = _best(children)
            waiting += [(each, depth + 1) for each in reversed(children)]


def _best(alternatives: list[Message]) -> list[Message]:
    """The plain text if it says something, else the richest; calendars and the like come along as files."""
    plain = [each for each in alternatives if each.get_content_type() == "text/plain" and _text(each).strip()]
    if plain:
        rest = [each for each in alternatives if not each.get_content_type().startswith(("text/", "multipart/"))]
        # Apple Mail lays attachments inside the rich alternative.
        return plain[:1] + rest + [file for each in alternatives if each.is_multipart() for file in _files_in(each)]
    return alternatives[-1:]


def _files_in(part: Message) -> list[Message]:
    return [each for each in _leaves(part) if not each.get_content_type().startswith("text/") or each.get_filename()]


def _add(body: _Body, part: Message, depth: int) -> None:
    kind, name = part.get_content_type(), _file_name(part)
    if kind == "message/rfc822":
        inner = part.get_payload()
        if isinstance(inner, list) and inner and isinstance(inner[0], Message) and depth < DEEPEST:
            body.enclosed.append(_letter(inner[0], depth + 1))
        return
    is_attached = part.get_content_disposition() == "attachment"
    if kind in ("text/plain", "text/html") and not is_attached and not name:
        text = _text(part)
        body.texts.append(text_of_html(text) if kind == "text/html" else text)
    elif kind not in _SIGNATURES and not _is_picture_in_text(part, is_attached):
        content = part.get_payload(decode=True)
        body.attachments.append(Attachment(name or "unnamed", kind, content if isinstance(content, bytes) else b""))


def _is_picture_in_text(part: Message, is_attached: bool) -> bool:
    return part.get_content_maintype() == "image" and not is_attached and part.get("Content-ID") is not None


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    charset = part.get_param("charset")
    claimed = collapse_rfc2231_value(charset) if charset else None
    return decoded_bytes(content[: 4 * LONGEST_TEXT], claimed) if isinstance(content, bytes) else ""


def _file_name(part: Message) -> str:
    """Without folders, which are never used as paths here."""
    try:
        name = header_text(part.get_filename())
    except (TypeError, ValueError):
        return ""
    return re.split(r"[\\/]", name)[-1].strip()[-255:]
