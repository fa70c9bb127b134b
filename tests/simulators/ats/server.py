"""The HTTP side of a simulator: keep-alive, credentials, limits, faults, a log of requests, and its control address.

with Simulator.of("greenhouse", people=200, seed=7) as ats:
    ats.url, ats.credentials(), ats.world, ats.faults, ats.webhooks, ats.requests
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.simulators.ats.clock import Clock
from tests.simulators.ats.control import CONTROL, control
from tests.simulators.ats.dialect import Answer, Dialect, Refusal, Request, dialect_named
from tests.simulators.ats.pages import page
from tests.simulators.ats.people import populate
from tests.simulators.ats.webhooks import Webhooks
from tests.simulators.ats.world import NotPossible, NotThere, World

MOST_BYTES = 64 * 1024 * 1024


class Cut(Exception):
    """The connection ends here; `sent` is what of the answer still leaves."""

    def __init__(self, answer: Answer | None = None) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True)
class Logged:
    at: float
    method: str
    path: str
    query: dict[str, list[str]]
    caller: str
    status: int  # 0: nothing was answered
    seconds: float


class RequestLog:
    """What was asked. Whoever looks waits for what is being answered: an answer is there before its line is."""

    def __init__(self, most: int = 50_000, patience: float = 5) -> None:
        self._lines: deque[Logged] = deque(maxlen=most)
        self._changed, self._open, self._patience = threading.Condition(), 0, patience

    def begin(self) -> None:
        with self._changed:
            self._open += 1

    def end(self, logged: Logged) -> None:
        with self._changed:
            self._lines.append(logged)
            self._open -= 1
            self._changed.notify_all()

    def clear(self) -> None:
        with self._settled():
            self._lines.clear()

    def __iter__(self) -> Iterator[Logged]:
        with self._settled():
            return iter(list(self._lines))

    def __len__(self) -> int:
        with self._settled():
            return len(self._lines)

    @contextmanager
    def _settled(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._open, self._patience)
            yield


class Simulator:
    """One dialect on one world at one port of this machine."""

    def __init__(self, dialect: Dialect, *, port: int = 0, retry_scale: float = 1.0) -> None:
        self.dialect, self.world, self.faults = dialect, dialect.world, dialect.faults
        self.webhooks = dialect.webhooks = Webhooks(dialect, scale=retry_scale)
        self.requests = RequestLog()
        self._server = Server(port, self)
        self.url = dialect.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @classmethod
    def of(
        cls,
        name: str,
        *,
        people: int = 0,
        seed: int = 7,
        state: Path | str | None = None,
        port: int = 0,
        retry_scale: float = 1.0,
        resumes: float = 0.3,
        **options: Any,
    ) -> "Simulator":
        """With a new world of so many people, or the one that the state file holds. Options are the dialect's."""
        kind = dialect_named(name)
        world = World(clock=Clock(kind.resolution), state=state, **kind.world_options)
        populate(world, people=people, seed=seed, resumes=resumes) if people else None
        return cls(kind(world, **options), port=port, retry_scale=retry_scale)

    def start(self) -> "Simulator":
        self.webhooks.start()
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)
        self.webhooks.stop()
        self.world.close()

    def __enter__(self) -> "Simulator":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def credentials(self) -> dict[str, Any]:
        return {"dialect": type(self.dialect).__module__.rpartition(".")[2], "url": self.url} | (
            self.dialect.credentials()
        )

    def answer(self, request: Request) -> Answer:
        """Through the faults, credentials and limits to the dialect, and through the faults back."""
        if request.path.startswith(CONTROL):
            return control(self, request)
        if (shown := page(self, request)) is not None:
            return shown
        self._faults_before(request)
        try:
            answer = self._dispatch(request)
        except Refusal as refusal:
            answer = self.dialect.refused(refusal)
        except NotThere as error:
            answer = self.dialect.refused(Refusal(404, str(error)))
        except NotPossible as error:
            answer = self.dialect.refused(Refusal(422, str(error)))
        return self._faults_after(request, answer)

    def _dispatch(self, request: Request) -> Answer:
        found = self.dialect.find(request.method, request.path)
        headers: dict[str, str] = {}
        if found is None or not found[2]:
            request.caller = self.dialect.authenticate(request)
            if limiter := self.dialect.limiter_for(request):
                verdict = limiter.take(request.caller, self.world.clock.exact())
                headers = self.dialect.limit_headers(verdict)
                if not verdict.allowed:
                    refused = self.dialect.too_many(verdict.retry_after)
                    refused.headers |= headers
                    return refused
        if found is None:
            raise Refusal(404, "Resource not found", headers=headers)
        self._faults_between(request)
        try:
            with self.world.lock:
                answer = found[0](request, **found[1])
        except Refusal as refusal:
            refusal.headers |= headers
            raise
        answer.headers = {**headers, **answer.headers}
        return answer

    def _faults_before(self, request: Request) -> None:
        where = request.path, request.method
        if fault := self.faults.strikes("slow", *where):
            time.sleep(fault.wait)
        if self.faults.strikes("cut", *where):
            raise Cut
        if self.faults.strikes("expire_token", *where):
            self.dialect.forget_tokens()

    def _faults_between(self, request: Request) -> None:
        """Those that come in the dialect's own clothes."""
        where = request.path, request.method
        if fault := self.faults.strikes("too_many", *where):
            many = self.dialect.too_many(fault.retry_after)
            raise Refusal(many.status, body=many.body, headers=many.headers)
        if fault := self.faults.strikes("error", *where):
            raise Refusal(fault.status, "Something went wrong")
        if self.faults.strikes("forbid", *where):
            raise Refusal(403, "You do not have permission to do this")
        if fault := self.faults.strikes("delete", *where):
            with self.world.lock:
                if ids := self.world.candidates.ids:
                    self.world.delete_candidate(fault.candidate_id or ids[-1])

    def _faults_after(self, request: Request, answer: Answer) -> Answer:
        where = request.path, request.method
        if fault := self.faults.strikes("forbid_field", *where):
            answer = self.dialect.forbidden_field(fault.field, answer)
        if self.faults.strikes("lost", *where):
            raise Cut
        if self.faults.strikes("half", *where):
            raise Cut(answer)
        return answer

    @contextmanager
    def logged(self, request: Request) -> Iterator[list[int]]:
        """Into the list goes the status of the answer."""
        begun, statuses = time.monotonic(), [0]
        self.requests.begin()
        try:
            yield statuses
        finally:
            asked = (time.time(), request.method, request.path, request.query, request.caller)
            self.requests.end(Logged(*asked, statuses[-1], time.monotonic() - begun))


class Handler(BaseHTTPRequestHandler):
    """One connection of a client: what it asks, the simulator answers, whole, half or not at all."""

    server: "Server"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer leaves in one piece
    timeout = 60

    def any_method(self) -> None:
        request = self.request_read()
        if request is None:
            return
        if request.path.startswith(CONTROL):
            self.answer(request)
            return
        with self.server.simulator.logged(request) as statuses:
            statuses.append(self.answer(request))

    def answer(self, request: Request) -> int:
        try:
            return self.send(self.server.simulator.answer(request))
        except Cut as cut:
            return self.send_half(cut.answer)
        except OSError:
            self.close_connection = True
            return 0

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = any_method

    def request_read(self) -> Request | None:
        parts = urlsplit(self.path)
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > MOST_BYTES or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self.send(Answer({"error": "A body needs a length of at most 64 MB"}, 413))
            return None
        query = parse_qs(parts.query, keep_blank_values=True)
        body = self.rfile.read(int(length))
        return Request(self.command, unquote(parts.path), query, self.headers, body, self.server.simulator.url)

    def send(self, answer: Answer) -> int:
        payload = answer.payload()
        self.send_head(answer, len(payload))
        self.wfile.write(payload)
        return answer.status

    def send_head(self, answer: Answer, length: int) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def send_half(self, answer: Answer | None) -> int:
        self.close_connection = True
        if answer is None:
            return 0
        payload = answer.payload()
        self.send_head(answer, len(payload))
        self.wfile.write(payload[: len(payload) // 2])
        return answer.status

    def version_string(self) -> str:
        return "simulator"

    def log_message(self, format: str, *args: object) -> None:
        """The log is `requests`."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, simulator: Simulator) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.simulator = simulator
