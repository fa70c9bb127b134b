"""As little of a client as the rules of the simulated systems allow, and a receiver of their webhooks."""

import base64
import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Client:
    """As little of a client as the rules allow: a token, a request, pages."""

    def __init__(self, url: str) -> None:
        self.url, self.host = url, urlsplit(url).netloc
        self.token = ""
        self.link: str | None = None

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self.host, timeout=10)
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}"} | (headers or {})
        try:
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        self.headers = response.headers
        found = response.headers.get("Link") or ""
        self.link = found.partition("<")[2].partition(">")[0].removeprefix(self.url) or None
        is_json = "json" in (response.headers.get("Content-Type") or "")
        return response.status, json.loads(content) if is_json and content else content

    def authorise(self, secret: str = "greenhouse-secret") -> int:
        basic = base64.b64encode(f"greenhouse-client:{secret}".encode()).decode()
        status, answer = self.send(
            "POST",
            "/token",
            b"grant_type=client_credentials",
            {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"},
        )
        self.token = answer.get("access_token", "")
        return status

    def all(self, path: str) -> list[dict[str, Any]]:
        status, rows = self.send("GET", path)
        assert status == 200, rows
        while self.link:
            status, more = self.send("GET", self.link)
            assert status == 200, more
            rows += more
        return rows


class Receiver:
    """Takes webhooks; `statuses` is what it answers, one after the other, then 200."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.taken.append((dict(self.headers), body))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def actions(self) -> list[str]:
        return [json.loads(body)["action"] for _, body in self.taken]

    def payload(self) -> dict[str, Any]:
        return json.loads(self.taken[-1][1])["payload"]
