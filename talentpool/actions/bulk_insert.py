"""Inserting many wide rows: one JSON document instead of an array a column.

bulk_create spends half of an import on quoting values one by one; PostgreSQL reads the same rows from one JSON text.
COPY is refused by row security, and into a temporary table measured no faster than this.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Model

LARGE = 100_000  # letters


def insert_rows(objects: Iterable[Model]) -> None:
    """Inserts unsaved objects of one model. Ids are taken when all objects have one, and else given by the database."""
    rows = list(objects)
    if not rows:
        return
    fields = [each for each in rows[0]._meta.concrete_fields if not each.primary_key or rows[0].pk is not None]
    values = [{each.column: getattr(row, each.attname) for each in fields} for row in rows]
    insert_values(
        type(rows[0]), [str(each.column) for each in fields], [json.dumps(each, default=str) for each in values]
    )


@contextmanager
def _binding_cursor() -> Iterator[psycopg.Cursor[Any]]:
    """Parameters go beside the statement; Django quotes them into it, and then both sides read a large one twice."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty: a column's default says the same, and most columns of most rows are empty."""
    return {name: value for name, value in values.items() if value}


def joined(row: str, more: str) -> str:
    """A row of insert_values with further columns, both as JSON objects."""
    return f"{row[:-1]}, {more[1:]}" if more != "{}" else row


def insert_values(model: type[Model], columns: Sequence[str], rows: Sequence[str], **same: Any) -> None:
    """The same without making objects: each row a JSON object with these columns, or with those that are filled.

    `same` are values that all rows have, by field; of every other field its default is taken.
    """
    if not rows:
        return
    meta = model._meta
    fields = {each.column: each for each in meta.concrete_fields}
    types = ", ".join(f'"{column}" {fields[column].db_type(connection)}' for column in columns)
    names, given, params = [f'"{column}"' for column in columns], [], []
    for each in columns:
        field = fields[each]
        if field.null or field.primary_key or field.is_relation:
            given.append(f'row."{each}"')
        else:
            given.append(f'coalesce(row."{each}", %s::{field.db_type(connection)})')
            params.append(field.get_db_prep_save(field.get_default(), connection))
    for column, field in fields.items():
        if column in columns or (field.primary_key and field.attname not in same):
            continue
        value = same[field.attname] if field.attname in same else field.get_default()
        names.append(f'"{column}"')
        given.append(f"%s::{field.db_type(connection)}")
        params.append(field.get_db_prep_save(value, connection))
    statement = (
        f'INSERT INTO "{meta.db_table}" ({", ".join(names)}) SELECT {", ".join(given)} '
        f"FROM json_to_recordset(%s::json) AS row({types})"
    )
    document = f"[{', '.join(rows)}]"
    with connection.cursor() if len(document) < LARGE else _binding_cursor() as cursor:
        cursor.execute(statement, [*params, document])
