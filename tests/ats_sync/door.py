"""The web door for webhooks, over real HTTP in this process, so that a simulator delivers as to a server."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from django.db import connections
from django.test import Client
from django.urls import reverse

from ats_sync.models import Connection


class Door:
    """`answers` counts statuses. With `is_shut` it answers 503, as a server that is being restarted."""

    def __init__(self, connection: Connection) -> None:
        self.path = reverse("ats_news:ats_webhook", args=[connection.address])
        self.is_shut = False
        self.answers: dict[int, int] = {}
        self.seconds: list[float] = []  # that each answer took
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                began = time.perf_counter()
                status = 503 if door.is_shut else door.take(dict(self.headers), body)
                door.seconds.append(time.perf_counter() - began)
                door.answers[status] = door.answers.get(status, 0) + 1
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}{self.path}"

    def take(self, headers: dict[str, str], body: bytes) -> int:
        told = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        try:
            return Client().post(self.path, body, content_type="application/json", **told).status_code
        finally:
            connections.close_all()

    def __enter__(self) -> "Door":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
