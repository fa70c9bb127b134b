"""The whole pool as one zip, made while it is read: a file of JSON lines for each table, and every file by its hash.

PostgreSQL writes the lines, so a million rows cost this process the packing alone. All is read in one snapshot: what
changes meanwhile is in the archive as it was when it began.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from crm.models import Member, Tenant
from crm.moving.tables import Table, left_out, settings_of, tables
from crm.moving.zip_stream import ZipStream
from crm.tenancy.scope import current_tenant_id

FORMAT, VERSION = "rapport-pool", 1
LINES = 500  # fetched at once
PIECE = 2**18

# A member is known by her e-mail address, which is the user's.
MEMBERS = """
    SELECT row_to_json(t)::text FROM (
        SELECT m.id, u.email, m.name, m.role, m.created_at, m.removed_at, m.last_seen_at
        FROM crm_member m JOIN crm_user u ON u.id = m.user_id WHERE m.tenant_id = %s ORDER BY m.id
    ) t
"""

Step = tuple[bytes, int]  # bytes of the archive, and how many rows or files they end


def count_units(database: BaseDatabaseWrapper) -> int:
    """Rows and files to pack: what progress is measured in."""
    with database.cursor() as cursor:
        total = 0
        for table in tables():
            cursor.execute(f'SELECT count(*) FROM "{table.name}" WHERE tenant_id = {current_tenant_id()}')
            total += cursor.fetchone()[0] * (1 + len(table.binaries))
        return total


def pack(database: BaseDatabaseWrapper, tenant: Tenant, *, now: datetime) -> Iterator[Step]:
    """The archive's bytes in order. `database` is in a transaction that sees one state of the pool."""
    stream, parts = ZipStream(), []
    for table in tables():
        part = _Part(table)
        yield from part.pack(database, stream)
        parts.append(part.facts())
    files = _Files()
    yield from files.pack(database, stream)
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": now.isoformat(),
        "organisation": {"name": tenant.name, **settings_of(tenant)},
        "tables": parts,
        "files": {"number": files.number, "bytes": files.bytes},
        "left_out": left_out(),
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False, default=str).encode()
    for piece in (*stream.file("manifest.json", text), *stream.end()):
        yield piece, 0


class _Part:
    """One table's file of lines, with the facts that the manifest says of it."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows = 0
        self.bytes = 0
        self._digest = hashlib.sha256()
        self._new_rows = 0

    def pack(self, database: BaseDatabaseWrapper, stream: ZipStream) -> Iterator[Step]:
        for piece in stream.part(self.table.part, self._pieces(database)):
            yield piece, self._taken()
        yield b"", self._taken()

    def facts(self) -> dict[str, Any]:
        return {
            "table": self.table.name,
            "part": self.table.part,
            "rows": self.rows,
            "bytes": self.bytes,
            "sha256": self._digest.hexdigest(),
            "columns": columns_of(self.table),
            "keys": self.table.keys,
        }

    def _taken(self) -> int:
        rows, self._new_rows = self._new_rows, 0
        return rows

    def _pieces(self, database: BaseDatabaseWrapper) -> Iterator[bytes]:
        lines: list[str] = []
        length = 0
        for (line,) in _rows(database, *_lines_of(self.table), fetch=LINES):
            text = _opened(self.table, line) if self.table.model.moving.opened else line
            lines.append(text)
            length += len(text)
            if length > PIECE:
                yield self._piece(lines)
                lines, length = [], 0
        if lines:
            yield self._piece(lines)

    def _piece(self, lines: list[str]) -> bytes:
        piece = ("\n".join(lines) + "\n").encode()
        self._digest.update(piece)
        self.rows, self.bytes, self._new_rows = self.rows + len(lines), self.bytes + len(piece), len(lines)
        return piece


class _Files:
    """The contents, each once, under the name of its hash."""

    def __init__(self) -> None:
        self.number = 0
        self.bytes = 0

    def pack(self, database: BaseDatabaseWrapper, stream: ZipStream) -> Iterator[Step]:
        tenant_id, last = current_tenant_id(), ""
        each = " UNION ALL ".join(
            f'SELECT encode(sha256("{column}"), \'hex\') AS digest, "{column}" AS content FROM "{table.name}" '
            f"WHERE tenant_id = {tenant_id}"
            for table in tables()
            for column in table.binaries
        )
        for digest, content in _rows(database, f"{each} ORDER BY digest", [], fetch=1, binary=True):
            if digest == last:
                yield b"", 1
                continue
            last, self.number, self.bytes = digest, self.number + 1, self.bytes + len(content)
            yield b"".join(stream.file(f"files/{digest}", bytes(content))), 1


def columns_of(table: Table) -> list[str]:
    """The names of what a line holds."""
    if table.model is Member:
        return ["id", "email", "name", "role", "created_at", "removed_at", "last_seen_at"]
    return [field.column for field in table.columns]


def _lines_of(table: Table) -> tuple[str, list[Any]]:
    if table.model is Member:
        return MEMBERS, [current_tenant_id()]
    columns = ", ".join(_expression(table, column) for column in columns_of(table))
    query = f'SELECT {columns} FROM "{table.name}" WHERE tenant_id = {current_tenant_id()} ORDER BY id'
    return f"SELECT row_to_json(t)::text FROM ({query}) t", []


def _expression(table: Table, column: str) -> str:
    """What stands in the line for a column: bytes as their hash, a user as her e-mail address."""
    if column in table.binaries:
        return f'encode(sha256("{column}"), \'hex\') AS "{column}"'
    if column in table.users:
        return f'(SELECT email FROM crm_user WHERE crm_user.id = "{table.name}"."{column}") AS "{column}"'
    return f'"{column}"'


def _opened(table: Table, line: str) -> str:
    row = json.loads(line)
    for field in table.columns:
        if field.column in table.model.moving.opened:
            row[field.column] = field.from_db_value(row[field.column])
    return json.dumps(row, ensure_ascii=False)


def _rows(
    database: BaseDatabaseWrapper, query: str, params: list[Any], *, fetch: int, binary: bool = False
) -> Iterator[tuple[Any, ...]]:
    """Row by row from a cursor that stays at the server."""
    database.ensure_connection()
    with database.connection.cursor(name="packing", binary=binary) as cursor:
        cursor.itersize = fetch
        cursor.execute(query, params)
        yield from cursor
