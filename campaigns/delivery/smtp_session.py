"""One SMTP conversation as a machine of bytes in and bytes out; sockets, clocks and TLS belong to smtp_pool.

Where the server announces PIPELINING (RFC 2920), MAIL, RCPT and DATA leave in one write, and the next envelope rides
behind each body: one round trip a message. Elsewhere each command waits for its answer. Every parcel handed in
by the batch gets exactly one fate, also when the connection is cut at any byte.
"""

import base64
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from campaigns.delivery.batch import Batch, Fate, Parcel

MAX_REPLY = 64_000


class Security(Enum):
    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    sender: str  # of the envelope: where bounces go
    hello: str
    security: Security = Security.NONE
    user: str = ""
    password: str = ""
    connections: int = 10
    timeout: float = 60.0
    ahead: bool = True  # let the next envelope ride behind a body


class Step(Enum):
    GREETING = auto()
    EHLO = auto()
    STARTTLS = auto()
    AUTH = auto()
    AUTH_USER = auto()
    AUTH_PASSWORD = auto()
    RSET = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    BODY = auto()
    ABANDON = auto()
    QUIT = auto()


class Session:
    """`receive` takes what came and returns what to send. `is_dead` asks for the connection to be closed."""

    def __init__(self, server: Server, batch: Batch) -> None:
        self.server = server
        self.batch = batch
        self.is_dead = False
        self.is_ready = False  # signed in; set once
        self.wants_tls = False
        self.trouble = ""
        self._secure = server.security is Security.TLS
        self._expected: deque[tuple[Step, Parcel | None]] = deque([(Step.GREETING, None)])
        self._buffer = b""
        self._lines: list[str] = []
        self._features: dict[str, str] = {}
        self._refusal: tuple[int, str] | None = None
        self._transaction_open = False
        self._on: dict[Step, Callable[[int, str, Parcel | None], bytes]] = {
            Step.GREETING: self._greeted,
            Step.EHLO: self._introduced,
            Step.STARTTLS: self._tls_answered,
            Step.AUTH: self._signed_in,
            Step.AUTH_USER: self._asked_for_user,
            Step.AUTH_PASSWORD: self._asked_for_password,
            Step.RSET: self._reset_done,
            Step.MAIL: self._sender_answered,
            Step.RCPT: self._recipient_answered,
            Step.DATA: self._data_answered,
            Step.BODY: self._body_answered,
            Step.ABANDON: self._abandoned,
            Step.QUIT: lambda code, text, parcel: self._die(""),
        }

    @property
    def is_idle(self) -> bool:
        return self.is_ready and not self._expected and not self.is_dead

    def receive(self, data: bytes) -> bytes:
        *lines, self._buffer = (self._buffer + data).split(b"\r\n")
        if len(self._buffer) > MAX_REPLY:
            return self._die("The mail server answers without an end.")
        out = b""
        for raw in lines:
            line = raw.decode("utf-8", "replace")
            self._lines.append(line[4:])
            if line[3:4] == "-":
                continue
            text, self._lines = "\n".join(self._lines), []
            if self.is_dead:
                break
            out += self._answer(line[:3], text)
        return out

    def begin(self, batch: Batch) -> bytes:
        """Go on with another batch over a kept connection."""
        self.batch = batch
        return self._envelope() if self.is_idle else b""

    def secured(self) -> bytes:
        """TLS stands. What came in the clear counts for nothing (RFC 3207, section 4.2)."""
        self.wants_tls = False
        self._secure = True
        self._buffer, self._lines, self._features = b"", [], {}
        return self._introduce()

    def quit(self) -> bytes:
        return self._ask(Step.QUIT, b"QUIT") if self.is_idle else b""

    def lost(self, reason: str) -> None:
        """The connection is gone: account for what was under way."""
        self.is_dead = True
        parcels: dict[int, tuple[Parcel, Step]] = {}
        for step, parcel in self._expected:
            if parcel is not None:
                parcels.setdefault(parcel.message_id, (parcel, step))
        self._expected.clear()
        for parcel, step in parcels.values():
            if step is Step.BODY:
                self.batch.settle(parcel.message_id, Fate.UNKNOWN, reason)
            elif step is Step.ABANDON and self._refusal:
                self._settle(parcel, *self._refusal)
            else:
                self.batch.give_back(parcel, reason)

    def _answer(self, digits: str, text: str) -> bytes:
        if not digits.isascii() or not digits.isdigit() or len(digits) != 3:
            return self._die("The mail server doesn’t speak SMTP.")
        code = int(digits)
        if not self._expected:
            return self._die(text)
        step, parcel = self._expected.popleft()
        out = self._on[step](code, text, parcel)
        if code == 421:
            return self._die(text)
        return out

    def _ask(self, step: Step, command: bytes, parcel: Parcel | None = None) -> bytes:
        self._expected.append((step, parcel))
        return command + b"\r\n"

    def _die(self, trouble: str) -> bytes:
        self.is_dead = True
        if trouble and not self.trouble:
            self.trouble = trouble
        return b""

    # Getting ready

    def _greeted(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        return self._introduce() if code == 220 else self._die(f"The mail server turned us away: {code} {text}")

    def _introduce(self) -> bytes:
        return self._ask(Step.EHLO, b"EHLO " + self.server.hello.encode("idna"))

    def _introduced(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        if code != 250:
            return self._die(f"The mail server turned us away: {code} {text}")
        features = (line.replace("=", " ").upper().partition(" ") for line in text.split("\n")[1:])
        self._features = {name: values for name, _, values in features}
        if self.server.security is Security.STARTTLS and not self._secure:
            if "STARTTLS" not in self._features:
                return self._die("The mail server offers no encryption (STARTTLS), which the settings ask for.")
            return self._ask(Step.STARTTLS, b"STARTTLS")
        return self._sign_in() if self.server.user else self._ready()

    def _tls_answered(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        if code != 220 or self._buffer:
            return self._die(f"The mail server would not begin encryption: {code} {text}")
        self.wants_tls = True
        return b""

    def _sign_in(self) -> bytes:
        ways = self._features.get("AUTH", "").split()
        if "PLAIN" in ways:
            secret = f"\0{self.server.user}\0{self.server.password}".encode()
            return self._ask(Step.AUTH, b"AUTH PLAIN " + base64.b64encode(secret))
        if "LOGIN" in ways:
            return self._ask(Step.AUTH_USER, b"AUTH LOGIN")
        return self._die("The mail server offers no way to sign in that we know (PLAIN or LOGIN).")

    def _asked_for_user(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        if code != 334:
            return self._signed_in(code, text, parcel)
        return self._ask(Step.AUTH_PASSWORD, base64.b64encode(self.server.user.encode()))

    def _asked_for_password(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        if code != 334:
            return self._signed_in(code, text, parcel)
        return self._ask(Step.AUTH, base64.b64encode(self.server.password.encode()))

    def _signed_in(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        return self._ready() if code == 235 else self._die(f"The mail server refused our sign-in: {code} {text}")

    def _ready(self) -> bytes:
        self.is_ready = True
        return self._envelope()

    # Sending

    @property
    def _pipelining(self) -> bool:
        return "PIPELINING" in self._features

    def _envelope(self) -> bytes:
        parcel = self.batch.next()
        if parcel is None:
            return b""
        out = self._ask(Step.RSET, b"RSET", parcel) if self._transaction_open else b""
        self._transaction_open = False
        if self._pipelining:
            return out + self._mail(parcel) + self._rcpt(parcel) + self._ask(Step.DATA, b"DATA", parcel)
        return out or self._mail(parcel)

    def _mail(self, parcel: Parcel) -> bytes:
        return self._ask(Step.MAIL, b"MAIL FROM:<" + self.server.sender.encode("ascii") + b">", parcel)

    def _rcpt(self, parcel: Parcel) -> bytes:
        return self._ask(Step.RCPT, b"RCPT TO:<" + parcel.address + b">", parcel)

    def _reset_done(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        assert parcel is not None
        return b"" if self._pipelining else self._mail(parcel)

    def _sender_answered(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        assert parcel is not None
        self._refusal = None if code < 400 else (code, text)
        if self._pipelining:
            return b""
        if self._refusal:
            return self._refused(parcel, code, text)
        return self._rcpt(parcel)

    def _recipient_answered(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        assert parcel is not None
        if code >= 400 and self._refusal is None:
            self._refusal = (code, text)
        if self._pipelining:
            return b""
        if self._refusal:
            self._transaction_open = True
            return self._refused(parcel, code, text)
        return self._ask(Step.DATA, b"DATA", parcel)

    def _data_answered(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        assert parcel is not None
        if code == 354 and self._refusal is None:
            self.batch.starting(parcel)
            self._expected.append((Step.BODY, parcel))
            rides_behind = self._envelope() if self._pipelining and self.server.ahead else b""
            return parcel.body + b".\r\n" + rides_behind
        if code == 354:  # an empty message ends the exchange; its recipient was refused, so nobody gets it
            return self._ask(Step.ABANDON, b".", parcel)
        self._transaction_open = True
        return self._refused(parcel, *(self._refusal or (code, text)))

    def _body_answered(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        assert parcel is not None
        self._settle(parcel, code, text)
        return b"" if self._expected or code == 421 else self._envelope()

    def _abandoned(self, code: int, text: str, parcel: Parcel | None) -> bytes:
        assert parcel is not None
        return self._refused(parcel, *(self._refusal or (code, text)))

    def _refused(self, parcel: Parcel, code: int, text: str) -> bytes:
        if code == 421:  # the server closes the connection, whoever the recipient is (RFC 5321, section 3.8)
            self.batch.give_back(parcel, f"{code} {text}")
            return b""
        self._settle(parcel, code, text)
        return self._envelope()

    def _settle(self, parcel: Parcel, code: int, text: str) -> None:
        by_first_digit = {2: Fate.SENT, 4: Fate.DEFERRED, 5: Fate.REFUSED}
        fate = by_first_digit.get(code // 100, Fate.UNKNOWN)
        self.batch.settle(parcel.message_id, fate, re.sub(r"\s+", " ", f"{code} {text}"))
