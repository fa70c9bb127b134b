"""An archive's bytes as rows: no web or worker host keeps a file, and no process holds the whole."""

import io
from collections import OrderedDict
from collections.abc import Iterable, Iterator

import psycopg
from django.db import connection

from crm.models import ArchivePiece, PoolArchive
from crm.tenancy.scope import current_tenant_id, tenant_scope

PIECE = 4 * 2**20
INSERT = f"INSERT INTO {ArchivePiece._meta.db_table} (tenant_id, archive_id, number, content) VALUES (%s, %s, %s, %b)"
IN_MEMORY = 4


class PieceWriter:
    """Takes bytes as they come and keeps them in rows of one length."""

    def __init__(self, archive: PoolArchive) -> None:
        self._archive = archive
        self._waiting = bytearray()
        self._number = 0

    def write(self, content: bytes) -> None:
        self._waiting += content
        while len(self._waiting) >= PIECE:
            self._keep(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]

    def close(self) -> None:
        if self._waiting:
            self._keep(bytes(self._waiting))
        PoolArchive.objects.filter(pk=self._archive.pk).update(size=self._archive.size)

    def _keep(self, content: bytes) -> None:
        """As a binary parameter: quoted into its statement, a piece would be held several times over."""
        row = [current_tenant_id(), self._archive.pk, self._number, content]
        with psycopg.Cursor(connection.connection) as cursor, connection.wrap_database_errors:
            cursor.execute(INSERT, row)
        self._number += 1
        self._archive.size += len(content)


class PieceReader(io.RawIOBase):
    """A whole archive as a file that can be read anywhere."""

    def __init__(self, archive: PoolArchive) -> None:
        self._archive, self._at = archive, 0
        self._near: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._archive.size}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._at >= self._archive.size:
            return 0
        number, skip = divmod(self._at, PIECE)
        content = self._piece(number)[skip : skip + len(buffer)]
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)

    def _piece(self, number: int) -> bytes:
        if number not in self._near:
            found = ArchivePiece.objects.values_list("content", flat=True).get(archive=self._archive, number=number)
            self._near[number] = bytes(found)
            if len(self._near) > IN_MEMORY:
                self._near.popitem(last=False)
        self._near.move_to_end(number)
        return self._near[number]


def bytes_of(archive: PoolArchive) -> Iterator[bytes]:
    """Piece after piece. A response is read after the request has left its organisation, so each enters it anew."""
    tenant_id = archive.tenant_id
    assert tenant_id is not None
    for number in range(-(-archive.size // PIECE)):
        with tenant_scope(tenant_id):
            content = ArchivePiece.objects.values_list("content", flat=True).get(archive_id=archive.pk, number=number)
        yield bytes(content)


def keep_bytes(archive: PoolArchive, chunks: Iterable[bytes]) -> None:
    writer = PieceWriter(archive)
    for chunk in chunks:
        writer.write(chunk)
    writer.close()
