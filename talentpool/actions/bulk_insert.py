"""Inserting many wide rows: one JSON document instead of an array a column.

bulk_create spends half of an import on quoting values one by one; PostgreSQL reads the same rows from one JSON text.
COPY would be the fastest and is refused by row security.
"""

import json
from collections.abc import Iterable

from django.db import connection
from django.db.models import Model


def insert_rows(objects: Iterable[Model]) -> None:
    """Inserts unsaved objects of one model. Ids are taken when all objects have one, and else given by the database."""
    rows = list(objects)
    if not rows:
        return
    meta = rows[0]._meta
    fields = [each for each in meta.concrete_fields if not each.primary_key or rows[0].pk is not None]
    columns = ", ".join(f'"{each.column}"' for each in fields)
    types = ", ".join(f'"{each.column}" {each.db_type(connection)}' for each in fields)
    values = [{each.column: getattr(row, each.attname) for each in fields} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({columns}) SELECT {columns} FROM json_to_recordset(%s) AS row({types})',
            [json.dumps(values, default=str)],
        )
