"""An archive's rows, brought into an empty organisation: all of them, or none.

Two passes. The first believes nothing: every line and file is read, compared with its hash, and given its id here. The
second writes, with each id put anew. Both happen in one transaction of `database`, so that a damaged archive, a fault
or a dead worker leaves the organisation as empty as it was.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, Error, IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.timezone import now

from crm.encryption import EncryptedTextField
from crm.models import AuditEntry, Member
from crm.moving.archive import Archive
from crm.moving.numbers import Numbers, Wanted, row_of
from crm.moving.people_here import member_here, user_here
from crm.moving.references import NOWHERE, renumbered
from crm.moving.tables import Table, tables
from crm.tenancy.scope import current_tenant_id

LINES = 2_000
BYTES = 4 * 2**20
LOCK = 9 << 40
# What an organisation has before anybody has worked in it.
ALWAYS_THERE = frozenset({Member, AuditEntry})


def refuse_unless_empty(database: BaseDatabaseWrapper) -> None:
    """An error with the first table that holds anything. Holds off others who would bring a pool in."""
    tenant_id = current_tenant_id()
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK + tenant_id])
        if not cursor.fetchone()[0]:
            raise ValidationError("A pool is being brought in here already.")
        for table in tables():
            if table.model in ALWAYS_THERE or table.model.moving.replaces:
                continue
            cursor.execute(f'SELECT 1 FROM "{table.name}" WHERE tenant_id = %s LIMIT 1', [tenant_id])
            if cursor.fetchone():
                words = str(table.model._meta.verbose_name_plural)
                raise ValidationError(
                    f"There are {words} here already. A pool is brought into an empty organisation, so that nothing of"
                    " two pools is mixed up: make a new one for it."
                )


def count_units(archive: Archive) -> int:
    """Rows twice, for each is read twice, and files once; members are there after the first time."""
    members = sum(int(facts["rows"]) for table, facts in archive.facts.items() if table.model is Member)
    return 2 * archive.rows - members + archive.files


def unpack(database: BaseDatabaseWrapper, archive: Archive) -> Iterator[int]:
    """Yields after every stretch how many rows and files it did. The caller commits, or rolls all of it back."""
    refuse_unless_empty(database)
    numbers = Numbers(database, archive.facts)
    for table in archive.facts:
        yield from _number(database, archive, table, numbers)
        numbers.keep_near(table, archive.facts[table]["rows"])
    yield from archive.check_files()
    places = {table.label: table.position for table in archive.facts}
    furthest = 0  # the last table that a row written so far may name
    for table in archive.facts:
        if table.model.moving.replaces:
            _remove(database, table)
        if table.model is not Member:
            yield from _bring(database, archive, table, numbers)
        furthest = max([furthest, *(places.get(label, 0) for label in table.keys.values())])
        if furthest <= table.position:
            _check_keys(database)
    numbers.drop()
    _check_keys(database)


def _number(database: BaseDatabaseWrapper, archive: Archive, table: Table, numbers: Numbers) -> Iterator[int]:
    for rows in _batches(archive, table, check=True):
        if table.model is Member:
            numbers.give_known(table, {row["id"]: member_here(database, row) for row in rows})
        else:
            numbers.give(table, [row["id"] for row in rows])
        yield len(rows)


def _bring(database: BaseDatabaseWrapper, archive: Archive, table: Table, numbers: Numbers) -> Iterator[int]:
    writer = _Writer(database, archive, table)
    for rows in _batches(archive, table):
        wanted = Wanted()
        for row in rows:
            renumbered(table, row, wanted)
        wanted(table.label, 0)
        wanted.ids[table.label] |= {row["id"] for row in rows}
        numbers.fetch(wanted.ids)
        writer.write([_arrived(database, table, row, numbers) for row in rows])
        yield len(rows)


def _remove(database: BaseDatabaseWrapper, table: Table) -> None:
    with database.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table.name}" WHERE tenant_id = %s', [current_tenant_id()])


def _batches(archive: Archive, table: Table, *, check: bool = False) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    length = 0
    for line in archive.lines(table, check=check):
        rows.append(row_of(line, table))
        length += len(line)
        if len(rows) == LINES or length > BYTES:
            yield rows
            rows, length = [], 0
    if rows:
        yield rows


def _arrived(database: BaseDatabaseWrapper, table: Table, row: dict[str, Any], numbers: Numbers) -> dict[str, Any]:
    """The row as it will stand here."""
    moving = table.model.moving
    here = renumbered(table, row, numbers.new)
    here["id"] = numbers.new(table.label, row["id"])
    for column in table.keys:
        if here.get(column) == NOWHERE:
            raise ValidationError(f"Row {row['id']} of “{table.name}” has a {column} that is not in the archive.")
    for column in table.users:
        here[column] = user_here(database, row.get(column), str(row.get("name") or "")[:200])
    for column, becomes in moving.arrives.items():
        value = here.get(column)
        here[column] = becomes(value) if callable(becomes) else becomes.get(value, value)
    return here


class _Writer:
    """Inserts rows of one table from one JSON document; columns that the archive lacks get their defaults."""

    def __init__(self, database: BaseDatabaseWrapper, archive: Archive, table: Table) -> None:
        self._database, self._archive, self._table = database, archive, table
        meta = table.model._meta
        self._fields: list[Any] = [field for field in meta.concrete_fields if field.column not in table.binaries]
        self._there = set(archive.facts[table]["columns"]) - set(table.model.moving.emptied)
        self._choices = {field.column: {key for key, _ in field.flatchoices} for field in self._fields if field.choices}
        columns = ", ".join(f'"{field.column}"' for field in self._fields)
        types = ", ".join(f'"{field.column}" {field.db_type(database)}' for field in self._fields)
        files = "".join(f', "{column}"' for column in table.binaries)
        marks = ", %s::bytea" * len(table.binaries)
        rows = f"json_to_recordset(%s) AS r({types})"
        self._query = f'INSERT INTO "{table.name}" ({columns}{files}) SELECT {columns}{marks} FROM {rows}'

    def write(self, rows: list[dict[str, Any]]) -> None:
        binaries = self._table.binaries
        for some in [[row] for row in rows] if binaries else [rows]:
            contents = [self._archive.content(str(some[0].get(column))) for column in binaries]
            values = [{field.column: self._value(field, row) for field in self._fields} for row in some]
            self._insert([*contents, json.dumps(values, default=str)])

    def _value(self, field: Any, row: dict[str, Any]) -> Any:
        if field.name == "tenant":
            return current_tenant_id()
        if field.column not in self._there:
            return self._beginning(field)
        value = row.get(field.column)
        choices = self._choices.get(field.column)
        if choices and value not in (None, "") and not (isinstance(value, str | int) and value in choices):
            words = f"“{str(value)[:60]}” is no {field.verbose_name} that “{self._table.name}” knows."
            raise ValidationError(f"Row {row['id']}: {words}")
        return field.get_prep_value(value) if isinstance(field, EncryptedTextField) else value

    def _beginning(self, field: Any) -> Any:
        if isinstance(field, EncryptedTextField):
            return None if field.null else field.get_prep_value("")
        if field.has_default():
            return field.get_default()
        if field.null:
            return None
        return now().isoformat() if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False) else ""

    def _insert(self, params: list[Any]) -> None:
        try:
            with self._database.cursor() as cursor:
                cursor.execute(self._query, params)
        except (DataError, IntegrityError) as error:
            raise ValidationError(f"A row of “{self._table.name}” can’t be taken: {_first_line(error)}") from None


def _check_keys(database: BaseDatabaseWrapper) -> None:
    """Now, while it can be said and is no long work, instead of all of it when the transaction commits."""
    try:
        with database.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise ValidationError(f"The archive’s rows don’t fit together: {_first_line(error)}") from None


def _first_line(error: Error) -> str:
    return str(error).partition("\n")[0][:200]
