"""An e-mail service provider's API, as anymail speaks to Postmark: answers by script, or cuts, or says nothing."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CUT = 0
TAKEN = 200


@dataclass
class Postmark:
    """`script` maps a recipient to a status: 200, 422, 429, 500 or CUT (the request is read, no answer comes)."""

    script: dict[str, int] = field(default_factory=dict)
    mails: list[dict] = field(default_factory=list)

    def __enter__(self) -> "Postmark":
        simulator = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                mail = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = simulator.script.get(mail["To"], TAKEN)
                if status in (CUT, TAKEN):
                    simulator.mails.append(mail | {"token": self.headers["X-Postmark-Server-Token"]})
                if status == CUT:
                    self.close_connection = True
                    return
                answer = {
                    "ErrorCode": 0 if status == TAKEN else 406,
                    "Message": "OK"
                    if status == TAKEN
                    else f"You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: {mail['To']}. Inactive recipients are ones that have generated a hard bounce.",
                    "To": mail["To"],
                    "MessageID": f"m{len(simulator.mails)}",
                }
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
