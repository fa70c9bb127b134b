"""A mail server that does as it is told: pipelining or not, STARTTLS, sign-in, refusals and cut connections by script.

It holds the client to the rules too: what the standard forbids is noted in `violations`.
"""

import asyncio
import base64
import ssl
import threading
from collections import Counter
from dataclasses import dataclass, field

CUT = "cut the connection"
SILENCE = "say nothing"


@dataclass(frozen=True)
class Mail:
    sender: str
    recipient: str
    content: bytes


@dataclass
class SmtpServer:
    """`script` maps (stage, address) or (stage, "") to a reply, CUT or SILENCE; stages are CONNECT, EHLO, MAIL, RCPT, DATA, BODY."""

    pipelining: bool = True
    tls: ssl.SSLContext | None = None  # offers STARTTLS, or speaks TLS from the start with `implicit_tls`
    implicit_tls: bool = False
    auth: tuple[str, str] | None = None
    auth_ways: str = "PLAIN LOGIN"
    script: dict[tuple[str, str], str] = field(default_factory=dict)
    answers_per_connection: int = 0  # after so many mails a connection is closed with 421

    mails: list[Mail] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    connections: int = 0
    signed_in: int = 0

    def __enter__(self) -> "SmtpServer":
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    @property
    def recipients(self) -> Counter:
        return Counter(mail.recipient for mail in self.mails)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(started))

    async def _serve(self, started: threading.Event) -> None:
        self._stop = asyncio.Event()
        self._open: set[asyncio.Task] = set()
        server = await asyncio.start_server(
            self._accept, "127.0.0.1", 0, ssl=self.tls if self.implicit_tls else None, limit=1 << 22
        )
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._stop.wait()
        server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        self.connections += 1
        try:
            await Conversation(self, reader, writer).hold()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()


class Conversation:
    def __init__(self, server: SmtpServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.sender: str | None = None
        self.recipient: str | None = None
        self.secure = server.implicit_tls
        self.signed_in = False
        self.taken = 0

    async def hold(self) -> None:
        if not await self.reply("CONNECT", "", "220 simulator"):
            return
        while line := await self.reader.readline():
            if not await self.obey(line.rstrip(b"\r\n").decode()):
                return

    async def obey(self, line: str) -> bool:
        server = self.server
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        address = rest.partition("<")[2].partition(">")[0]
        if not server.pipelining and verb != "QUIT" and self.reader._buffer:  # type: ignore[attr-defined]
            server.violations.append(f"pipelined behind {line}")
        if verb == "EHLO":
            return await self.reply("EHLO", "", self.features())
        if verb == "STARTTLS":
            await self.say("220 go ahead")
            await self.writer.start_tls(server.tls)
            self.secure = True
            return True
        if verb == "AUTH":
            return await self.sign_in(rest)
        if verb == "RSET":
            self.sender = self.recipient = None
            return await self.say("250 ok")
        if verb == "QUIT":
            await self.say("221 bye")
            return False
        if server.auth and not self.signed_in:
            server.violations.append(f"not signed in: {line}")
            return await self.say("530 sign in first")
        if verb == "MAIL":
            if self.sender is not None:
                server.violations.append("nested MAIL")
                return await self.say("503 nested MAIL command")
            return await self.reply("MAIL", address, "250 ok", then=lambda: setattr(self, "sender", address))
        if verb == "RCPT":
            if self.sender is None:
                return await self.say("503 no MAIL")
            return await self.reply("RCPT", address, "250 ok", then=lambda: setattr(self, "recipient", address))
        if verb == "DATA":
            return await self.take_data()
        return await self.say("500 unknown command")

    def features(self) -> str:
        lines = ["simulator", "SIZE 30000000"]
        if self.server.pipelining:
            lines.append("PIPELINING")
        if self.server.tls and not self.secure:
            lines.append("STARTTLS")
        if self.server.auth:
            lines.append(f"AUTH {self.server.auth_ways}")
        return "\r\n".join(f"250{'-' if line is not lines[-1] else ' '}{line}" for line in lines)

    async def sign_in(self, rest: str) -> bool:
        way, _, secret = rest.partition(" ")
        if way == "PLAIN":
            _, user, password = base64.b64decode(secret).decode().split("\0")
        else:
            await self.say("334 VXNlcm5hbWU6")
            user = base64.b64decode(await self.reader.readline()).decode()
            await self.say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(await self.reader.readline()).decode()
        self.signed_in = (user, password) == self.server.auth
        self.server.signed_in += self.signed_in
        return await self.say("235 welcome" if self.signed_in else "535 5.7.8 wrong user or password")

    async def take_data(self) -> bool:
        if self.recipient is None:
            return await self.say("554 no valid recipients")
        address = self.recipient
        if ("DATA", address) in self.server.script:
            return await self.reply("DATA", address, "")
        await self.say("354 end with a dot")
        content = b""
        while (line := await self.reader.readline()) != b".\r\n":
            if not line:
                return False
            content += line.removeprefix(b".")
        answer = self.server.script.get(("BODY", address), "250 taken")
        if answer.startswith("2") or answer == CUT:
            self.server.mails.append(Mail(self.sender or "", address, content))
        self.sender = self.recipient = None
        self.taken += 1
        if not await self.reply("BODY", address, "250 taken"):
            return False
        if self.server.answers_per_connection and self.taken >= self.server.answers_per_connection:
            await self.say("421 4.7.0 enough for one connection")
            return False
        return True

    async def reply(self, stage: str, address: str, usual: str, then: object = None) -> bool:
        answer = self.server.script.get((stage, address)) or self.server.script.get((stage, ""), usual)
        if answer == CUT:
            await self.writer.drain()
            return False
        if answer == SILENCE:
            await asyncio.sleep(3600)
        if answer.startswith("2") and callable(then):
            then()
        await self.say(answer)
        return not answer.startswith("421")

    async def say(self, text: str) -> bool:
        self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()
        return True
