"""The SMTP side: one protocol object a connection, reading whole bursts of pipelined commands."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field

from crm.local.mail_sink.behaviour import Behaviours, Kind
from crm.local.mail_sink.inbound import Inbound
from crm.local.mail_sink.mailbox import Mailbox

LARGEST = 40 << 20
LONGEST_LINE = 4_096
EXTENSIONS = ("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", f"SIZE {LARGEST}")
PATH = re.compile(rb"(?:FROM|TO):\s*<([^>]*)>", re.IGNORECASE)


@dataclass
class Sink:
    """What all connections share."""

    mailbox: Mailbox
    behaviours: Behaviours = field(default_factory=Behaviours)
    figures: Counter[str] = field(default_factory=Counter)
    inbound: Inbound = field(default_factory=Inbound)


class SmtpConnection(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = bytearray()
        self._searched = 0
        self._in_body = False
        self._paused = False
        self._sender: str | None = None
        self._recipients: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._sink.figures["connections"] += 1
        self._say(b"220 rapport mail sink")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._read()

    def _read(self) -> None:
        while not self._paused and not self._transport.is_closing():
            if not (self._read_body() if self._in_body else self._read_line()):
                return

    def _read_line(self) -> bool:
        end = self._buffer.find(b"\n")
        if end < 0:
            if len(self._buffer) > LONGEST_LINE:
                self._say(b"500 5.5.2 Line too long")
                self._transport.close()
            return False
        line = bytes(self._buffer[:end]).rstrip(b"\r")
        del self._buffer[: end + 1]
        self._obey(line)
        return True

    def _read_body(self) -> bool:
        if self._buffer.startswith(b".\r\n"):
            end, skipped = 0, 3
        else:
            end = self._buffer.find(b"\r\n.\r\n", self._searched) + 2
            skipped = 3
            if end < 2:
                self._searched = max(0, len(self._buffer) - 4)
                if len(self._buffer) > LARGEST + LONGEST_LINE:
                    self._say(b"552 5.3.4 Message too big")
                    self._transport.close()
                return False
        body = bytes(self._buffer[:end])
        del self._buffer[: end + skipped]
        self._in_body, self._searched = False, 0
        if b"\r\n.." in body or body.startswith(b".."):
            body = body.removeprefix(b".") if body.startswith(b"..") else body
            body = body.replace(b"\r\n..", b"\r\n.")
        self._receive(body)
        return True

    def _obey(self, line: bytes) -> None:
        verb = line[:4].upper()
        match verb:
            case b"MAIL":
                self._mail(line)
            case b"RCPT":
                self._rcpt(line)
            case b"DATA":
                self._data()
            case b"EHLO":
                self._forget_envelope()
                self._say(
                    *(f"250-{name}".encode() for name in ("rapport", *EXTENSIONS[:-1])),
                    b"250 " + EXTENSIONS[-1].encode(),
                )
            case b"HELO" | b"RSET" | b"NOOP":
                if verb != b"NOOP":
                    self._forget_envelope()
                self._say(b"250 2.0.0 OK")
            case b"QUIT":
                self._say(b"221 2.0.0 Bye")
                self._transport.close()
            case _:
                self._say(b"502 5.5.1 Not known here")

    def _mail(self, line: bytes) -> None:
        path = PATH.search(line)
        if path is None:
            self._say(b"501 5.5.4 Write MAIL FROM:<address>")
        elif self._sender is not None:
            self._say(b"503 5.5.1 One sender a message")
        else:
            self._sender = path[1].decode(errors="replace")
            self._say(b"250 2.1.0 OK")

    def _rcpt(self, line: bytes) -> None:
        path = PATH.search(line)
        if self._sender is None:
            self._say(b"503 5.5.1 MAIL first")
            return
        if path is None or b"@" not in path[1]:
            self._say(b"501 5.1.3 Write RCPT TO:<address>")
            return
        address = path[1].decode(errors="replace")
        behaviour = self._sink.behaviours.at_rcpt(address)
        match behaviour.kind:
            case Kind.BOUNCE:
                code = behaviour.number or 550
                self._count("bounced")
                self._say(f"{code} {code // 100}.1.1 No such person here".encode())
            case Kind.DEFER:
                self._count("deferred")
                self._say(b"451 4.2.1 Try again later")
            case Kind.CUT:
                self._count("cut")
                self._transport.abort()
            case _:
                self._recipients.append(address)
                self._say(b"250 2.1.5 OK")

    def _data(self) -> None:
        if not self._recipients:
            self._say(b"554 5.5.1 No valid recipients")
            self._forget_envelope()
            return
        self._in_body = True
        self._say(b"354 Go on")

    def _receive(self, body: bytes) -> None:
        """Keep the message, unless one of its recipients behaves otherwise."""
        behaviours = {found.kind: found for found in map(self._sink.behaviours.of, self._recipients)}
        if refused := behaviours.get(Kind.REFUSE):
            self._count("refused")
            code = refused.number or 554
            self._answer_body(f"{code} {code // 100}.6.0 Not this message".encode())
        elif Kind.CUT_BODY in behaviours:
            self._count("cut")
            self._transport.abort()
        else:
            number = self._sink.mailbox.keep(self._sender or "", self._recipients, body)
            self._count("accepted")
            self._sink.inbound.offer(self._sender or "", self._recipients, body)
            if Kind.CUT_KEPT in behaviours:
                self._count("cut")
                self._transport.abort()
                return
            slow = behaviours.get(Kind.SLOW)
            self._answer_body(f"250 2.0.0 Kept as {number}".encode(), after=(slow.number or 1) if slow else 0)

    def _answer_body(self, line: bytes, *, after: float = 0) -> None:
        self._forget_envelope()
        if not after:
            self._say(line)
            return
        self._paused = True
        asyncio.get_running_loop().call_later(after, self._go_on, line)

    def _go_on(self, line: bytes) -> None:
        self._paused = False
        self._say(line)
        self._read()

    def _forget_envelope(self) -> None:
        self._sender, self._recipients = None, []

    def _count(self, what: str) -> None:
        self._sink.figures[what] += 1

    def _say(self, *lines: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(b"\r\n".join(lines) + b"\r\n")
