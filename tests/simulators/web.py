"""A web server that answers by script: files with ETags, redirects, errors, and bodies that never end."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ENDLESS = b"endless"


@dataclass
class Page:
    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class WebServer:
    """`pages` maps a path to a Page; a page with an ETag answers 304 to whoever has it.

    `asked` keeps path and headers, `sent` the method and the body.
    """

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: list[tuple[str, bytes]] = field(default_factory=list)

    def __enter__(self) -> "WebServer":
        simulator = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                simulator.asked.append((self.path, dict(self.headers)))
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                simulator.sent.append((self.command, body))
                page = simulator.pages.get(self.path, Page(b"no such page", 404))
                etag = page.headers.get("ETag")
                known = etag and self.headers.get("If-None-Match") == etag
                self.send_response(304 if known else page.status)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                if page.content == ENDLESS:
                    self.send_header("Connection", "close")
                    self.end_headers()
                    self.endless()
                    return
                content = b"" if known else page.content
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_DELETE = do_HEAD = do_PATCH = do_POST = do_PUT = do_GET

            def endless(self):
                self.close_connection = True
                try:
                    while True:
                        self.wfile.write(b"Name,E-mail\n" * 5000)
                except OSError:
                    pass

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"
