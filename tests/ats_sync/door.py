"""The web door for webhooks, over real HTTP in this process, so that a simulator delivers as to a server."""

import queue
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Any

from django.db import close_old_connections, connections
from django.test import Client
from django.urls import reverse

from ats_sync.models import Connection

THREADS = 4


class _Server(HTTPServer):
    """A few threads that keep their connections to the database, as the threads of a web server do."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._waiting: queue.SimpleQueue[tuple[Any, Any] | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(THREADS)]
        for thread in self._threads:
            thread.start()

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: Any) -> None:
        self._waiting.put((request, client_address))

    def server_close(self) -> None:
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        super().server_close()

    def _serve(self) -> None:
        while request := self._waiting.get():
            with suppress(OSError):  # whoever asked has gone
                self.finish_request(*request)
            self.shutdown_request(request[0])
        connections.close_all()


class Door:
    """`answers` counts statuses. With `is_shut` it answers 503, as a server that is being restarted."""

    def __init__(self, connection: Connection) -> None:
        self.path = reverse("ats_news:ats_webhook", args=[connection.address])
        self.is_shut = False
        self.answers: dict[int, int] = {}
        self.seconds: list[float] = []  # that each answer took
        door = self

        class Handler(BaseHTTPRequestHandler):
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

        self._server = _Server(Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}{self.path}"

    def take(self, headers: dict[str, str], body: bytes) -> int:
        told = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        close_old_connections()  # as each request to a server begins
        try:
            return (
                Client(raise_request_exception=False)
                .post(self.path, body, content_type="application/json", **told)
                .status_code
            )
        finally:
            close_old_connections()

    def __enter__(self) -> "Door":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
