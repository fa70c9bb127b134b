"""Reading a mailbox by IMAP (RFC 9051): what is new since the last look, a piece at a time, changing nothing in it.

The server is not trusted: neither where its name leads, nor the sizes it states, nor that it ever answers.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from crm.outgoing import OutgoingError, connect

SECONDS = 20.0
LONGEST_HEAD = 1_000_000
_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})")


class MailboxProblem(Exception):
    """Why the mailbox can't be read, in a sentence for those who set it up; the password is never part of it."""


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    encryption: str  # tls, starttls or none
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


class _Guarded(imaplib.IMAP4):
    """Connects to the addresses that were looked at, with TLS if wanted, and reads no more than it asked for."""

    def __init__(self, server: Server, most: int) -> None:
        self._server, self._most = server, most
        self._tls = ssl.create_default_context()
        super().__init__(server.host, server.port, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = connect(self._server.host, self._server.port, timeout or SECONDS)
        if self._server.encryption != "tls":
            return plain
        try:
            return self._tls.wrap_socket(plain, server_hostname=self._server.host)
        except OSError:
            plain.close()
            raise

    def read(self, size: int) -> bytes:
        if size > self._most:
            raise imaplib.IMAP4.abort("it sends more than was asked for")
        return super().read(size)

    def log_in(self) -> None:
        if self._server.encryption == "starttls":
            self.starttls(self._tls)
        self.login(self._server.user, self._server.password)


class Box:
    """An open folder. `validity` tells whether ids of the last look still count; `following` is the next mail's id."""

    def __init__(self, connection: _Guarded, folder: str) -> None:
        self._connection = connection
        self.validity, self.following = self._examine(folder)

    def ids_after(self, last: int) -> list[int]:
        """`n:*` names the last mail too when it is older, so what is older is left out here."""
        said = self._ask("SEARCH", None, f"UID {last + 1}:*")
        return sorted({int(word) for line in said for word in line.split() if word.isdigit() and int(word) > last})

    def size(self, number: int) -> int:
        said = b" ".join(_lines(self._ask("FETCH", str(number), "(RFC822.SIZE)")))
        found = _SIZE.search(said)
        if found is None:
            raise MailboxProblem("The mail server did not say how large a mail is.")
        return int(found[1])

    def whole(self, number: int) -> bytes:
        return self._part(number, "BODY.PEEK[]")

    def head(self, number: int) -> bytes:
        return self._part(number, f"BODY.PEEK[HEADER]<0.{LONGEST_HEAD}>")

    def _part(self, number: int, what: str) -> bytes:
        for each in self._ask("FETCH", str(number), f"({what})"):
            if isinstance(each, tuple) and len(each) > 1:
                return bytes(each[1])
        raise MailboxProblem("The mail server did not hand out a mail that it had named.")

    def _examine(self, folder: str) -> tuple[int, int]:
        quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        kind, _ = self._connection.select(quoted, readonly=True)
        if kind != "OK":
            raise MailboxProblem(f"There is no folder “{folder}” in the mailbox.")
        return self._number("UIDVALIDITY"), self._number("UIDNEXT")

    def _number(self, name: str) -> int:
        _, said = self._connection.response(name)
        words = [word for word in said if isinstance(word, bytes) and word.isdigit()]
        if not words:
            raise MailboxProblem("The mail server does not number its mails, so nobody can tell which are new.")
        return int(words[0])

    def _ask(self, command: str, *arguments: str | None) -> list[Any]:
        kind, said = self._connection.uid(command, *arguments)  # type: ignore[arg-type]  # SEARCH takes None
        if kind != "OK":
            raise MailboxProblem(f"The mail server refused to {command.lower()}.")
        return [each for each in said if each]


@contextmanager
def open_box(server: Server, *, most: int) -> Iterator[Box]:
    """`most` is the size in bytes of the largest mail that is asked for. Raises MailboxProblem, whatever goes wrong."""
    connection = None
    try:
        connection = _Guarded(server, most + LONGEST_HEAD)
        _log_in(connection)
        yield Box(connection, server.folder)
        connection.logout()
    except OutgoingError as error:
        raise MailboxProblem(str(error)) from error
    except ssl.SSLError as error:
        raise MailboxProblem(f"No safe connection to {server.host}: {_plain(error)}") from error
    except TimeoutError as error:
        raise MailboxProblem(f"{server.host} did not answer within {SECONDS:.0f} seconds.") from error
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise MailboxProblem(f"{server.host} can’t be read: {_plain(error)}") from error
    finally:
        if connection is not None:
            with suppress(OSError):
                connection.shutdown()


def _log_in(connection: _Guarded) -> None:
    try:
        connection.log_in()
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise MailboxProblem(f"The mail server did not let us in: {_plain(error)}") from error


def _plain(error: Exception) -> str:
    """What a server says may be long, in bytes, and may repeat what it was told."""
    said = error.args[0] if error.args else error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(getattr(error, "strerror", "") or said)
    return " ".join(text.split())[:200]


def _lines(said: list[Any]) -> Iterator[bytes]:
    for each in said:
        yield from (part for part in (each if isinstance(each, tuple) else (each,)) if isinstance(part, bytes))
