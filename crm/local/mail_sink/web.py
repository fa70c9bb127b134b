"""The HTTP side: the pages for people, and JSON for tests.

    GET  /                         the messages; ?to= ?before=
    GET  /messages/ID              one of them; /html and /raw beside it
    GET  /api/messages             {"total": N, "messages": […]}, the newest first; ?to= ?limit= ?before=
    GET  /api/messages/ID
    GET  /api/figures              how many were accepted, bounced, deferred, refused, cut since the start
    POST /api/behaviours           {"jo@example.com": "bounce+550", …}; null takes an address off the table
    POST /api/clear                forgets messages, figures, tries and the table

It is hand-made because the standard library's server is a thread, and this one shares its messages with SMTP.
"""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from crm.local.mail_sink import page
from crm.local.mail_sink.behaviour import spelled
from crm.local.mail_sink.reading import read
from crm.local.mail_sink.smtp import Sink

A_PAGE = 100
LARGEST_BODY = 1 << 20
OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Answer:
    body: str | bytes
    kind: str = "text/html; charset=utf-8"
    status: HTTPStatus = HTTPStatus.OK
    policy: str = page.POLICY_OF_PAGES


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def number(self, name: str) -> int | None:
        value = self.query.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else None


class Web:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            asked = await asyncio.wait_for(_read_request(reader), timeout=10)
            answer = self.answer(asked) if asked else _sentence(HTTPStatus.BAD_REQUEST)
            writer.write(_written(answer))
            await writer.drain()
        writer.close()

    def answer(self, asked: Asked) -> Answer:
        # A page elsewhere that gives its name our address must not read the mail.
        if asked.headers.get("host", "").rpartition(":")[0] not in OWN_NAMES:
            return _sentence(HTTPStatus.MISDIRECTED_REQUEST)
        match asked.method, asked.path.strip("/").split("/"):
            case "GET", [""]:
                return self._list(asked)
            case "GET", ["style.css"]:
                return Answer(page.STYLE, "text/css")
            case "GET", ["messages", number, *rest] if len(rest) < 2:
                return self._message(number, "".join(rest))
            case method, ["api", *rest]:
                return self._api(method, rest, asked)
        return _sentence(HTTPStatus.NOT_FOUND)

    def _list(self, asked: Asked) -> Answer:
        to, mailbox = asked.query.get("to", ""), self._sink.mailbox
        found = mailbox.messages(to=to, limit=A_PAGE, before=asked.number("before"))
        older = found[-1].id if len(found) == A_PAGE else None
        return Answer(page.list_page(found, total=mailbox.count(to=to), to=to, older=older))

    def _message(self, number: str, view: str) -> Answer:
        stored = self._sink.mailbox.message(int(number)) if number.isascii() and number.isdigit() else None
        match view:
            case "" if stored:
                return Answer(page.message_page(read(stored)))
            case "html" if stored:
                return Answer('<base target="_blank">' + read(stored).html, policy=page.POLICY_OF_MAIL)
            case "raw" if stored:
                return Answer(stored.raw, "text/plain; charset=utf-8")
        return _sentence(HTTPStatus.NOT_FOUND)

    def _api(self, method: str, path: list[str], asked: Asked) -> Answer:
        mailbox = self._sink.mailbox
        match method, path:
            case "GET", ["messages"]:
                to = asked.query.get("to", "")
                found = mailbox.messages(to=to, limit=asked.number("limit") or A_PAGE, before=asked.number("before"))
                return _json({"total": mailbox.count(to=to), "messages": [read(one).to_json() for one in found]})
            case "GET", ["messages", number] if number.isascii() and number.isdigit():
                stored = mailbox.message(int(number))
                return _json(read(stored).to_json()) if stored else _sentence(HTTPStatus.NOT_FOUND)
            case "GET", ["figures"]:
                return _json(dict(self._sink.figures))
            case "POST", ["behaviours"]:
                return self._set_behaviours(asked.body)
            case "POST", ["clear"]:
                mailbox.clear()
                self._sink.figures.clear()
                self._sink.behaviours.table.clear()
                self._sink.behaviours.tries.clear()
                return _json({})
        return _sentence(HTTPStatus.NOT_FOUND)

    def _set_behaviours(self, body: bytes) -> Answer:
        table = self._sink.behaviours.table
        try:
            wished = dict(json.loads(body))
        except (ValueError, TypeError):
            return _sentence(HTTPStatus.BAD_REQUEST)
        for address, name in wished.items():
            behaviour = spelled(str(name))
            if behaviour:
                table[address.casefold()] = behaviour
            elif name is None:
                table.pop(address.casefold(), None)
            else:
                return _sentence(HTTPStatus.BAD_REQUEST)
        return _json({})


async def _read_request(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.LimitOverrunError:
        return None
    words = head[0].split(" ")
    if len(words) != 3:
        return None
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return None
    target = urlsplit(words[1])
    body = await reader.readexactly(int(length))
    return Asked(words[0], target.path, dict(parse_qsl(target.query)), headers, body)


def _json(value: object) -> Answer:
    return Answer(json.dumps(value), "application/json")


def _sentence(status: HTTPStatus) -> Answer:
    return Answer(status.phrase, "text/plain; charset=utf-8", status)


def _written(answer: Answer) -> bytes:
    body = answer.body.encode(errors="replace") if isinstance(answer.body, str) else answer.body
    head = {
        "Content-Type": answer.kind,
        "Content-Length": str(len(body)),
        "Content-Security-Policy": answer.policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Connection": "close",
    }
    lines = [
        f"HTTP/1.1 {answer.status.value} {answer.status.phrase}",
        *(f"{name}: {value}" for name, value in head.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
