"""A virus scanner that speaks clamd's INSTREAM over TCP or a unix socket, and finds EICAR's test file."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The industry's harmless test file, in two pieces, so that no scanner takes this one for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """`largest` bytes of a stream, as its StreamMaxLength; `answer` instead of looking, where it is given."""

    def __init__(self) -> None:
        self.largest = 1_000_000
        self.answer = b""
        self.scanned: list[int] = []

    def converse(self, stream) -> bytes:
        if stream.read(10) != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND\0"
        content = b""
        while True:
            (length,) = struct.unpack(">I", stream.read(4))
            if length == 0:
                break
            if len(content) + length > self.largest:
                return b"INSTREAM size limit exceeded. ERROR\0"
            content += stream.read(length)
        self.scanned.append(len(content))
        if self.answer:
            return self.answer
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


@contextmanager
def running(clamd: Clamd, at: Path | None = None) -> Iterator[str]:
    """The address to give to the settings."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(clamd.converse(self.rfile))

    server: socketserver.BaseServer
    if at is not None:
        server, address = socketserver.ThreadingUnixStreamServer(str(at), Handler), f"unix://{at}"
    else:
        tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        server, address = tcp, f"tcp://127.0.0.1:{tcp.server_address[1]}"
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield address
        server.shutdown()
