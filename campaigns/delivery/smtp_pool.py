"""Kept connections to one mail server: sockets, TLS, clocks and back-off around the sessions."""

import asyncio
import socket
import ssl
import time
from typing import Any

import structlog

from campaigns.delivery.batch import Batch
from campaigns.delivery.smtp_session import Security, Server, Session

log = structlog.get_logger(__name__)
KEEP_IDLE = 20.0  # seconds; servers close what idles for longer, and a closed one costs a try
FAILURES_BEFORE_GIVING_UP = 3
FIRST_PAUSE = 0.2


class Connection(asyncio.Protocol):
    def __init__(self, session: Session) -> None:
        self.session = session
        self.closed = asyncio.get_running_loop().create_future()
        self._transport: Any = None
        self._alarm: asyncio.TimerHandle | None = None
        self._last_word = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transport.set_write_buffer_limits(1 << 20)
        self._watch()

    def data_received(self, data: bytes) -> None:
        self._last_word = time.monotonic()
        out = self.session.receive(data)
        # Before the body, not after: what is not in the journal has not left.
        self.session.batch.flush()
        if out:
            self._transport.write(out)
        if self.session.is_dead:
            self._transport.close()
        elif self.session.wants_tls:
            self.session.wants_tls = False
            self._upgrade = asyncio.ensure_future(self._start_tls())

    def connection_lost(self, exc: Exception | None) -> None:
        if self._alarm:
            self._alarm.cancel()
        if not self.session.is_ready and not self.session.trouble:
            self.session.trouble = f"The mail server closed the connection{f': {exc}' if exc else ''}."
        self.session.lost(f"The connection was lost{f': {exc}' if exc else ''}.")
        self.session.batch.flush()
        if not self.closed.done():
            self.closed.set_result(None)

    @property
    def is_open(self) -> bool:
        return not self.session.is_dead and self._transport is not None and not self._transport.is_closing()

    @property
    def idle_for(self) -> float:
        return time.monotonic() - self._last_word

    def begin(self, batch: Batch) -> None:
        self._last_word = time.monotonic()
        out = self.session.begin(batch)
        batch.flush()
        if out:
            self._transport.write(out)

    def close(self) -> None:
        goodbye = self.session.quit()
        if goodbye:
            self._transport.write(goodbye)
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    async def _start_tls(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._transport = await loop.start_tls(
                self._transport, self, tls_context(), server_hostname=self.session.server.host
            )
        except (OSError, ssl.SSLError) as error:
            self.session.trouble = f"Encryption with the mail server failed: {error}"
            self.session.is_dead = True
            self._transport.abort()
            return
        self._transport.write(self.session.secured())

    def _watch(self) -> None:
        """Hang up on a server that owes an answer for too long."""
        self._last_word = self._last_word or time.monotonic()
        limit = self.session.server.timeout
        if not self.session.is_idle and self.idle_for >= limit:
            self.session.trouble = self.session.trouble or f"The mail server didn’t answer for {limit:.0f} seconds."
            self._transport.abort()
            return
        self._alarm = asyncio.get_running_loop().call_later(min(limit / 2, 5.0), self._watch)


class Pool:
    """`send` empties a batch over up to `server.connections` connections, and keeps them for the next."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.trouble = ""
        self._connections: list[Connection] = []

    async def send(self, batch: Batch) -> None:
        """Returns when every parcel has its fate, or the batch's deadline has passed."""
        self.trouble = ""
        settled = asyncio.Event()
        batch.whenever_settled = settled.set
        await asyncio.sleep(0)  # lets the loop see connections that were closed while it stood still
        self._resume(batch)
        failures = 0
        while len(batch) and time.monotonic() < batch.deadline:
            if batch.waiting and len(self._open()) < min(self.server.connections, len(batch)):
                failures = 0 if await self._connect(batch) else failures + 1
                if failures and not self._open():
                    if failures >= FAILURES_BEFORE_GIVING_UP:
                        break
                    await asyncio.sleep(FIRST_PAUSE * 4 ** (failures - 1))
                if not failures:
                    continue
            await self._wait(settled)
        await self._finish(batch)

    async def close(self) -> None:
        for connection in self._connections:
            connection.close()
        if self._connections:
            await asyncio.wait([connection.closed for connection in self._connections], timeout=2)
        self._connections = []

    def _open(self) -> list[Connection]:
        for connection in self._connections:
            if not connection.is_open and connection.session.trouble:
                self.trouble = connection.session.trouble
        self._connections = [connection for connection in self._connections if connection.is_open]
        return self._connections

    def _resume(self, batch: Batch) -> None:
        for connection in self._open():
            if connection.idle_for > KEEP_IDLE or not connection.session.is_idle:
                connection.close()
            else:
                connection.begin(batch)
        self._open()

    async def _connect(self, batch: Batch) -> bool:
        loop = asyncio.get_running_loop()
        try:
            _, connection = await asyncio.wait_for(
                loop.create_connection(
                    lambda: Connection(Session(self.server, batch)),
                    self.server.host,
                    self.server.port,
                    ssl=tls_context() if self.server.security is Security.TLS else None,
                ),
                timeout=min(self.server.timeout, 30.0),
            )
        except (OSError, TimeoutError, ssl.SSLError) as error:
            self.trouble = f"The mail server {self.server.host}:{self.server.port} can’t be reached: {error}"
            log.warning("mail_server.unreachable", host=self.server.host, port=self.server.port, error=str(error))
            return False
        self._connections.append(connection)
        return await self._ready(connection)

    async def _ready(self, connection: Connection) -> bool:
        """Wait for the sign-in: a server that refuses it refuses it ten times too."""
        while connection.is_open and not connection.session.is_ready:
            await asyncio.wait([connection.closed], timeout=0.005)
        if connection.session.is_ready:
            return True
        self.trouble = connection.session.trouble or self.trouble
        return False

    async def _wait(self, settled: asyncio.Event) -> None:
        waiting = asyncio.ensure_future(settled.wait())
        try:
            closed = [connection.closed for connection in self._connections]
            await asyncio.wait([waiting, *closed], timeout=0.2, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()

    async def _finish(self, batch: Batch) -> None:
        self._open()
        batch.close(self.trouble or "There was no time left.")
        if len(batch):
            for connection in self._connections:
                connection.abort()
            await asyncio.wait([connection.closed for connection in self._connections], timeout=5)
            batch.close(self.trouble or "There was no time left.")  # what the aborted connections gave back
        self._open()


def tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()
