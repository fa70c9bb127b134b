"""A mail server that speaks IMAP4rev1: enough of it for a client that only reads, and every way to be bad at it."""

import re
import socketserver
import ssl
import threading
from dataclasses import dataclass, field

PASSWORD = "geheim"


@dataclass
class ImapServer:
    """`mails` by id. `lies` changes one answer: "size", "literal", "silent", "no_validity"."""

    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    lies: str = ""
    said: list[str] = field(default_factory=list)
    certificate: tuple[str, str] | None = None  # with it, TLS from the start

    def add(self, raw: bytes) -> int:
        number = max(self.mails, default=0) + 1
        self.mails[number] = raw
        return number

    def __enter__(self) -> "ImapServer":
        self.quiet = threading.Event()
        self._server = _Server(self)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.quiet.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, simulator: ImapServer) -> None:
        self.simulator = simulator
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def setup(self):
        self.box = self.server.simulator
        if self.box.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.box.certificate)
            self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self):
        if self.box.lies == "silent":
            self.box.quiet.wait(10)
            return
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            self.box.said.append(rest)
            if not self.obey(tag, rest):
                return

    def say(self, *lines):
        for line in lines:
            self.wfile.write((line if isinstance(line, bytes) else line.encode()) + b"\r\n")

    def obey(self, tag, rest):
        command = rest.upper()
        if command == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1", f"{tag} OK done")
        elif command.startswith("LOGIN"):
            self.say(f"{tag} OK in" if f'"{PASSWORD}"' in rest else f"{tag} NO [AUTHENTICATIONFAILED] Wrong password")
        elif command.startswith("EXAMINE"):
            self.examine(tag, rest)
        elif command.startswith("UID SEARCH"):
            self.search(tag, rest)
        elif command.startswith("UID FETCH"):
            self.fetch(tag, int(rest.split()[2]), command)
        elif command == "LOGOUT":
            self.say("* BYE", f"{tag} OK bye")
            return False
        else:
            self.say(f"{tag} BAD what?")
        return True

    def examine(self, tag, rest):
        if '"INBOX"' not in rest:
            return self.say(f"{tag} NO no such folder")
        self.say(f"* {len(self.box.mails)} EXISTS")
        if self.box.lies != "no_validity":
            following = max(self.box.mails, default=0) + 1
            self.say(f"* OK [UIDVALIDITY {self.box.validity}] valid", f"* OK [UIDNEXT {following}] next")
        return self.say(f"{tag} OK [READ-ONLY] done")

    def search(self, tag, rest):
        first, last = int(re.search(r"UID (\d+):\*", rest)[1]), max(self.box.mails, default=0)
        found = [number for number in self.box.mails if number >= first or number == last]
        self.say(f"* SEARCH {' '.join(map(str, found))}".rstrip(), f"{tag} OK done")

    def fetch(self, tag, number, command):
        raw = self.box.mails[number]
        if "RFC822.SIZE" in command:
            size = 1 if self.box.lies == "size" else len(raw)
            return self.say(f"* {number} FETCH (UID {number} RFC822.SIZE {size})", f"{tag} OK done")
        if "HEADER" in command:
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        length = 10**11 if self.box.lies == "literal" else len(raw)
        self.wfile.write(f"* {number} FETCH (UID {number} BODY[] {{{length}}}\r\n".encode() + raw + b")\r\n")
        return self.say(f"{tag} OK done")
