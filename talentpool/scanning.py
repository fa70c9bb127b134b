"""Talks to a virus scanner in clamd's protocol (man 8 clamd): the command INSTREAM, over TCP or a unix socket.

> zINSTREAM\\0  <length: 4 bytes, big-endian><bytes> …  <length 0>
< stream: OK\\0  |  stream: <name> FOUND\\0  |  <reason> ERROR\\0
"""

import socket
import struct
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 64 * 1024
LONGEST_ANSWER = 4096


class ScannerDown(Exception):
    """It does not answer now; trying again later may help."""


@dataclass(frozen=True)
class Answer:
    found: str = ""  # the name of what it found
    refusal: str = ""  # why it would not look, such as that the file is too large for it

    @property
    def is_clean(self) -> bool:
        return not self.found and not self.refusal


def scan(content: bytes) -> Answer:
    """What the configured scanner says. Raises ScannerDown."""
    try:
        with _connection() as link:
            text = _ask(link, content)
    except OSError as error:
        raise ScannerDown(str(error) or type(error).__name__) from error
    return _read(text)


def _ask(link: socket.socket, content: bytes) -> str:
    link.sendall(b"zINSTREAM\0")
    try:
        for start in range(0, len(content), CHUNK):
            part = content[start : start + CHUNK]
            link.sendall(struct.pack(">I", len(part)) + part)
        link.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has said why and hung up, as it does at a file too large for it
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        more = link.recv(LONGEST_ANSWER)
        if not more:
            break
        answer += more
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _read(text: str) -> Answer:
    if text == "stream: OK":
        return Answer()
    if text.endswith(" FOUND"):
        return Answer(found=text.removeprefix("stream: ").removesuffix(" FOUND")[:150] or "something")
    if text.endswith(" ERROR"):
        return Answer(refusal=text.removesuffix(" ERROR").rstrip(". ")[:150])
    raise ScannerDown(f"It answered “{text[:100]}”.")


def _connection() -> socket.socket:
    address, seconds = urlsplit(settings.VIRUS_SCANNER), settings.VIRUS_SCANNER_SECONDS
    if address.scheme == "unix":
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(seconds)
        try:
            link.connect(address.path)
        except OSError:
            link.close()
            raise
        return link
    return socket.create_connection((address.hostname or "127.0.0.1", address.port or 3310), timeout=seconds)
