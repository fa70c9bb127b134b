"""Connections to servers whose names members typed in (HTTP, IMAP, SFTP), kept away from our own network.

A name is resolved once, every address it has must be public, and the connection goes to the address that was checked:
a name that answers differently the second time (DNS rebinding) gains nothing. Each redirect is checked like the first
address. Sizes and times are limited, for the other side may send for ever.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from django.conf import settings

MOST_REDIRECTS = 5
PIECE = 1 << 16
SCHEMES = {"http": 80, "https": 443}
REDIRECTS = (301, 302, 303, 307, 308)
_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")  # a cloud's metadata among them
# All that is taken along when a redirect leads to another server: a key may stand in a header of any name.
IMPERSONAL_HEADERS = frozenset(
    {"accept", "accept-encoding", "accept-language", "if-modified-since", "if-none-match", "user-agent"}
)


class OutgoingError(Exception):
    """Why there is no answer, as a sentence. `permanent`: asking again would not help."""

    def __init__(self, sentence: str, *, permanent: bool = False) -> None:
        super().__init__(sentence)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` by lower-case name; `url` is where the answer was found in the end."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str


def fetch(url: str, *, headers: Mapping[str, str] | None = None, most_bytes: int, seconds: float = 60.0) -> Answer:
    """GETs what stands at the address, following redirects. Raises OutgoingError."""
    return request("GET", url, headers=headers, most_bytes=most_bytes, seconds=seconds)


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    most_bytes: int,
    seconds: float = 60.0,
) -> Answer:
    """The answer, whatever its status. Only GET follows redirects: what changes something is not sent elsewhere.

    Raises OutgoingError. `most_bytes` limits the answer; `seconds` all of it together.
    """
    deadline = time.monotonic() + seconds
    question = _Question(method.upper(), dict(headers or {}), content)
    for _ in range(MOST_REDIRECTS + 1):
        answer = _ask(url, question, most_bytes, deadline)
        where = answer.headers.get("location", "")
        if question.method != "GET" or answer.status not in REDIRECTS or not where:
            return answer
        following = urljoin(url, where)
        if urlsplit(following)[:2] != urlsplit(url)[:2]:
            question = question.for_strangers()
        url = following
    raise OutgoingError("It is redirected again and again.", permanent=True)


@dataclass(frozen=True, slots=True)
class _Question:
    method: str
    headers: dict[str, str]
    content: bytes

    def for_strangers(self) -> "_Question":
        kept = {name: value for name, value in self.headers.items() if name.lower() in IMPERSONAL_HEADERS}
        return _Question(self.method, kept, b"")

    @property
    def all_headers(self) -> dict[str, str]:
        named = {name.lower() for name in self.headers}
        usual = {"User-Agent": "Rapport", "Accept": "*/*"}
        return {name: value for name, value in usual.items() if name.lower() not in named} | self.headers


def check_address(url: str) -> None:
    """Refuses an address that would be refused anyway, while its person still looks at it. Asks the name server."""
    host, port, _ = _parts(url)
    public_addresses(host, port)


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a name, all of them public ones. One private address is enough to refuse the name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise OutgoingError(f"There is no server called {host}.") from error
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not addresses or not all(map(is_public, addresses)):
        raise OutgoingError(f"{host} leads into a private network, where Rapport does not go.", permanent=True)
    return addresses


def is_public(text: str) -> bool:
    """Of the internet at large: not this machine, a private network, a link, a cloud's metadata, or a way around."""
    address = ipaddress.ip_address(text)
    if any(address in ipaddress.ip_network(each) for each in settings.OUTGOING_ALLOWED_NETWORKS):
        return True
    if address in _PROTOCOLS:
        return False
    inner = _inside(address)
    return all(each.is_global and not each.is_multicast and not each.is_reserved for each in (address, *inner))


def connect(host: str, port: int, seconds: float) -> socket.socket:
    """A connection to a checked address of the name."""
    problem: OSError | None = None
    for address in public_addresses(host, port):
        try:
            return socket.create_connection((address, port), timeout=max(0.1, seconds))
        except OSError as error:
            problem = error
    raise OutgoingError(f"{host} does not answer.") from problem


def _inside(address: Any) -> Iterator[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv6Address):
        yield from (each for each in (address.ipv4_mapped, address.sixtofour) if each)
        if address in ipaddress.ip_network("64:ff9b::/96"):
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo:
            yield address.teredo[1]


def _parts(url: str) -> tuple[str, int, str]:
    """Host, port and what is asked for."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or SCHEMES.get(parts.scheme, 0)
    except ValueError as error:
        raise OutgoingError("This is no web address.", permanent=True) from error
    if parts.scheme not in SCHEMES or not host or any(ord(char) < 33 for char in url):
        raise OutgoingError("This is no web address: it begins with https:// or http://.", permanent=True)
    if parts.username or parts.password:
        raise OutgoingError("Leave the name and password out of the address.", permanent=True)
    return host, port, urlunsplit(("", "", parts.path or "/", parts.query, ""))


def _ask(url: str, question: _Question, most_bytes: int, deadline: float) -> Answer:
    host, port, target = _parts(url)
    connection = _Connection(host, port, secure=urlsplit(url).scheme == "https", deadline=deadline)
    try:
        _send(connection, target, question)
        with connection.getresponse() as response:
            found = {name.lower(): value for name, value in response.getheaders()}
            is_read = response.status not in REDIRECTS
            content = _content(response, most_bytes, deadline, connection) if is_read else b""
            return Answer(response.status, found, content, url)
    except ssl.SSLError as error:
        raise OutgoingError(f"{host} can’t prove who it is: {error.reason or 'its certificate is wrong'}.") from error
    except TimeoutError as error:
        raise OutgoingError(f"{host} took too long.") from error
    except (OSError, http.client.HTTPException) as error:
        raise OutgoingError(f"{host} broke off the connection.") from error
    finally:
        connection.close()


def _send(connection: http.client.HTTPConnection, target: str, question: _Question) -> None:
    try:
        connection.request(question.method, _ascii(target), question.content or None, question.all_headers)
    except ValueError as error:  # a key that was pasted with a line break or a letter of another script
        raise OutgoingError("A method or header has characters that can’t be sent.", permanent=True) from error


def _content(
    response: http.client.HTTPResponse, most_bytes: int, deadline: float, connection: http.client.HTTPConnection
) -> bytes:
    too_much = OutgoingError(f"It is larger than {most_bytes // 2**20:,} MB.", permanent=True)
    if response.length is not None and response.length > most_bytes:
        raise too_much
    content = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        piece = response.read1(PIECE)
        if not piece:
            return bytes(content)
        content += piece
        if len(content) > most_bytes:
            raise too_much


def _ascii(target: str) -> str:
    return "".join(char if ord(char) < 128 else "".join(f"%{byte:02X}" for byte in char.encode()) for char in target)


class _Connection(http.client.HTTPConnection):
    """Goes to an address that was checked, and under TLS still asks for the name's certificate."""

    def __init__(self, host: str, port: int, *, secure: bool, deadline: float) -> None:
        super().__init__(host, port)
        self._secure = secure
        self._deadline = deadline
        self.default_port = SCHEMES["https" if secure else "http"]

    def connect(self) -> None:
        sock = connect(self.host, self.port, self._deadline - time.monotonic())
        self.sock = ssl.create_default_context().wrap_socket(sock, server_hostname=self.host) if self._secure else sock
