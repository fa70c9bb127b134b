"""A directory of an SFTP server, whose key somebody has approved. The one importer of paramiko."""

import base64
import hashlib
import io
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import paramiko
from django.conf import settings

from crm.outgoing import connect
from talentpool.intake.drops.folder import NOT_LARGER
from talentpool.intake.drops.place import (
    DONE_FOLDER,
    MOST_FILES,
    DropProblem,
    Found,
    UnknownHost,
    is_wanted,
    name_when_done,
    problems_as_sentences,
)

CONNECT_SECONDS = 20.0
PIECE = 1 << 18
KEYS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class SftpPlace:
    def __init__(self, client: paramiko.SFTPClient, path: str, deadline: float) -> None:
        self._client = client
        self._path = path.rstrip("/") or "."
        self._deadline = deadline

    def look(self) -> list[Found]:
        found: list[Found] = []
        for each in self._client.listdir_iter(self._path):
            if len(found) == MOST_FILES or time.monotonic() > self._deadline:
                break
            if is_wanted(each.filename) and stat.S_ISREG(each.st_mode or 0):
                found.append(Found(each.filename, each.st_size or 0, float(each.st_mtime or 0)))
        return sorted(found, key=lambda each: (each.modified, each.name))

    def content(self, found: Found, *, most_bytes: int) -> bytes:
        content = bytearray()
        with self._client.open(self._at(found.name), "rb") as file:
            file.prefetch(min(found.size, most_bytes + 1))
            while piece := file.read(PIECE):
                content += piece
                if len(content) > most_bytes:
                    raise DropProblem(NOT_LARGER)
                if time.monotonic() > self._deadline:
                    raise DropProblem(f"Fetching {found.name} took too long.")
        return bytes(content)

    def set_aside(self, found: Found) -> None:
        with suppress(OSError, paramiko.SSHException):
            self._client.mkdir(self._at(DONE_FOLDER))
        with suppress(OSError, paramiko.SSHException):
            self._client.rename(self._at(found.name), self._at(f"{DONE_FOLDER}/{name_when_done(found.name)}"))

    def _at(self, name: str) -> str:
        return f"{self._path}/{name}"


@contextmanager
def open_sftp(
    host: str, port: int, username: str, *, password: str, private_key: str, host_key: str, path: str
) -> Iterator[SftpPlace]:
    """Raises UnknownHost before anything is sent when the server's key is not the approved one."""
    deadline = time.monotonic() + settings.DROP_SECONDS
    with problems_as_sentences():
        sock = connect(host, port, CONNECT_SECONDS)
    transport = paramiko.Transport(sock)
    try:
        transport.banner_timeout = transport.auth_timeout = CONNECT_SECONDS
        transport.start_client(timeout=CONNECT_SECONDS)
        shown = transport.get_remote_server_key()
        key = f"{shown.get_name()} {shown.get_base64()}"
        if key != host_key:
            raise UnknownHost(key, changed=bool(host_key))
        if private_key:
            transport.auth_publickey(username, read_private_key(private_key))
        else:
            transport.auth_password(username, password)
        client = paramiko.SFTPClient.from_transport(transport)
        if client is None:
            raise DropProblem("The server gives no access to files.")
        client.get_channel().settimeout(CONNECT_SECONDS)  # type: ignore[union-attr]
        yield SftpPlace(client, path, deadline)
    except paramiko.AuthenticationException as error:
        raise DropProblem("The server does not take this name with this password or key.") from error
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise DropProblem(f"The server says: {error or 'nothing more'}.") from error
    finally:
        transport.close()


def read_private_key(text: str) -> paramiko.PKey:
    """In OpenSSH's or PEM format, without a passphrase."""
    for kind in KEYS:
        with suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(text))
    raise DropProblem("The private key can’t be read: it must be in OpenSSH’s format, without a passphrase.")


def fingerprint(key: str) -> str:
    """As ssh-keygen shows it: ssh-ed25519 SHA256:…"""
    name, _, encoded = key.partition(" ")
    digest = hashlib.sha256(base64.b64decode(encoded)).digest()
    return f"{name} SHA256:{base64.b64encode(digest).decode().rstrip('=')}" if encoded else ""
