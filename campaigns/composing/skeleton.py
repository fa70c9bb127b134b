"""A letter precompiled to the bytes of its message, with slots for what differs from one recipient to the next.

What all recipients share is encoded once per campaign. `{{ field }}` and `{{ field | default: "x" }}` become slots
between two soft line breaks; every other Liquid node is a block that Liquid renders per recipient. A message of 20 kB
is then made in about 15 µs, against 1 to 3 ms by Django's or the standard library's mail classes.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from io import StringIO
from typing import Any

from liquid import RenderContext
from liquid.ast import Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.primitive import StringLiteral
from liquid.builtin.output import OutputNode
from markupsafe import escape

from campaigns.composing.encoding import header_address, header_text, one_line, quoted_slot, quoted_static
from campaigns.composing.letter import Letter, Values
from campaigns.composing.merge_fields import HTML, PLAIN, context_of, html_template, name_of

BOUNDARY = "=_rapport"  # "=_" can't come out of quoted-printable, so no body can hold it
_BLANK = {False: PLAIN.from_string(""), True: HTML.from_string("")}


@dataclass(frozen=True)
class Headers:
    """What stands above every message of one campaign."""

    sender_name: str
    sender_address: str
    reply_to: str
    list_name: str
    list_id: str  # "campaigns.acme.example.org"
    feedback_id: str
    domain: str  # of Message-ID
    address: str  # public address that the unsubscribe link begins with


@dataclass(frozen=True, slots=True)
class Recipient:
    address: str
    token: str
    values: Values


@dataclass(frozen=True)
class Field:
    name: str
    fallback: str | None

    def value(self, values: Mapping[str, str | None]) -> str:
        return values.get(self.name) or self.fallback or ""


@dataclass(frozen=True, eq=False)
class Block:
    node: Node

    def value(self, values: Mapping[str, str | None], *, html: bool) -> str:
        buffer = StringIO()
        self.node.render(RenderContext(_BLANK[html], globals=context_of(values)), buffer)
        return buffer.getvalue()


Piece = str | Field | Block


def pieces(nodes: list[Node], constants: Mapping[str, str], *, html: bool) -> Iterator[Piece]:
    """A template's top-level nodes: text, plain fields, and whatever needs Liquid."""
    for node in nodes:
        piece = _piece(node)
        if isinstance(piece, Field) and piece.name in constants:
            value = constants[piece.name]
            yield str(escape(value)) if html else value
        else:
            yield piece


def _piece(node: Node) -> Piece:
    if isinstance(node, ContentNode):
        return node.text
    if not isinstance(node, OutputNode) or not isinstance(node.expression, FilteredExpression):
        return Block(node)
    left, filters = node.expression.left, node.expression.filters or []
    if isinstance(left, StringLiteral) and not filters:
        return left.value
    if not isinstance(left, Path):
        return Block(node)
    if not filters:
        return Field(name_of(left), None)
    fallback = _fallback(filters)
    return Block(node) if fallback is None else Field(name_of(left), fallback)


def _fallback(filters: list[Any]) -> str | None:
    if len(filters) == 1 and filters[0].name == "default" and len(filters[0].args) == 1:
        literal = getattr(filters[0].args[0], "value", None)
        return literal.value if isinstance(literal, StringLiteral) else None
    return None


Filler = Callable[[Recipient, Mapping[str, str | None]], bytes]


class Skeleton:
    """`build(recipient)` is the one thing done per message; all else happens once per campaign and process."""

    def __init__(self, letter: Letter, headers: Headers) -> None:
        self._constants = letter.constants
        self._parts: list[bytes] = []
        self._slots: list[tuple[Filler, list[int]]] = []
        self._by_key: dict[object, list[int]] = {}
        self._date = (0, b"")
        self._add_headers(letter, headers)
        self._open_part("plain")
        self._add_body(PLAIN.from_string(letter.text).nodes, html=False)
        self._open_part("html")
        self._add_body(html_template(letter.html).nodes, html=True)
        self._add(f"\r\n--{BOUNDARY}--\r\n".encode())

    def build(self, recipient: Recipient) -> bytes:
        parts = self._parts.copy()
        values = {name: one_line(value) if value else None for name, value in recipient.values.items()}
        for fill, places in self._slots:
            filled = fill(recipient, values)
            for place in places:
                parts[place] = filled
        return b"".join(parts)

    def _add_headers(self, letter: Letter, headers: Headers) -> None:
        self._add(b"From: " + header_address(headers.sender_name, headers.sender_address) + b"\r\n")
        if headers.reply_to:
            self._add(f"Reply-To: {headers.reply_to}\r\n".encode("ascii"))
        list_name = header_text(headers.list_name, name_length=len("List-Id: "))
        self._add(b"List-Id: " + list_name + f"\r\n <{headers.list_id}>\r\n".encode("ascii"))
        self._add(f"Feedback-ID: {headers.feedback_id}\r\nMIME-Version: 1.0\r\n".encode("ascii"))
        self._add(f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"\r\n'.encode("ascii"))
        self._add(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nDate: ")
        self._slot("date", lambda recipient, values: self._now())
        self._add(b"\r\nMessage-ID: <")
        self._slot("token", lambda recipient, values: recipient.token.encode("ascii"))
        self._add(f"@{headers.domain}>\r\nTo: ".encode("ascii"))
        self._slot("to", lambda recipient, values: recipient.address.encode("ascii"))
        self._add(b"\r\nSubject: ")
        subject = list(pieces(PLAIN.from_string(letter.subject).nodes, self._constants, html=False))
        self._slot("subject", lambda recipient, values: _subject(subject, {**values, **self._constants}))
        self._add(f"\r\nList-Unsubscribe: <{headers.address.rstrip('/')}/t/".encode("ascii"))
        self._slot("token", lambda recipient, values: recipient.token.encode("ascii"))
        self._add(b"/unsubscribe>\r\n\r\n")

    def _open_part(self, subtype: str) -> None:
        self._add(
            f"\r\n--{BOUNDARY}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
        )

    def _add_body(self, nodes: list[Node], *, html: bool) -> None:
        for piece in _merged(pieces(nodes, self._constants, html=html)):
            if isinstance(piece, str):
                self._add(quoted_static(piece))
                continue
            self._add(b"=\r\n")
            if isinstance(piece, Block):
                self._slot(piece, self._block_filler(piece, html=html))
            elif piece.name == "token":
                self._slot("token", lambda recipient, values: recipient.token.encode("ascii"))
            else:
                self._slot((piece, html), _field_filler(piece, html=html))
            self._add(b"=\r\n")

    def _block_filler(self, block: Block, *, html: bool) -> Filler:
        def fill(recipient: Recipient, values: Mapping[str, str | None]) -> bytes:
            context = {**values, **self._constants, "token": recipient.token}
            return quoted_slot(block.value(context, html=html).replace("\r\n", "\n").replace("\n", "\r\n"))

        return fill

    def _add(self, static: bytes) -> None:
        if self._parts and self._parts[-1]:
            self._parts[-1] += static
        else:
            self._parts.append(static)

    def _slot(self, key: object, fill: Filler) -> None:
        if key not in self._by_key:
            self._by_key[key] = []
            self._slots.append((fill, self._by_key[key]))
        self._by_key[key].append(len(self._parts))
        self._parts.append(b"")

    def _now(self) -> bytes:
        now = int(time.time())
        if now != self._date[0]:
            self._date = (now, format_datetime(datetime.fromtimestamp(now, UTC)).encode())
        return self._date[1]


def _merged(stream: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbouring texts as one, so that a line is encoded whole."""
    text = ""
    for piece in stream:
        if isinstance(piece, str):
            text += piece
            continue
        if text:
            yield text
            text = ""
        yield piece
    if text:
        yield text


def _field_filler(field: Field, *, html: bool) -> Filler:
    if html:  # a fallback is escaped in its template already
        fallback = field.fallback or ""
        return lambda recipient, values: quoted_slot(str(escape(values.get(field.name) or "")) or fallback)
    return lambda recipient, values: quoted_slot(field.value(values))


def _subject(stream: list[Piece], values: Mapping[str, str | None]) -> bytes:
    return header_text(
        one_line("".join(_plain(piece, values) for piece in stream)).strip(), name_length=len("Subject: ")
    )


def _plain(piece: Piece, values: Mapping[str, str | None]) -> str:
    if isinstance(piece, Block):
        return piece.value(values, html=False)
    return piece if isinstance(piece, str) else piece.value(values)
