"""Which id a row of the archive has here: a table of the transaction's own, so that no process holds them all."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper

from crm.moving.references import NOWHERE
from crm.moving.tables import Table

FEW = 5_000  # of a table with fewer rows all numbers are kept in memory

CREATE = """
    CREATE TEMPORARY TABLE moved_id (place smallint, old bigint, new bigint, PRIMARY KEY (place, old)) ON COMMIT DROP
"""
GIVE = """
    INSERT INTO moved_id SELECT %s, old, nextval(pg_get_serial_sequence(%s, 'id')) FROM unnest(%s::bigint[]) AS old
"""


class Numbers:
    """New ids grow with the old ones, so that an order by id stays what it was."""

    def __init__(self, database: BaseDatabaseWrapper, tables: Iterable[Table]) -> None:
        self._database = database
        self._tables = {table.label: table for table in tables}
        self._near: dict[tuple[str, int], int] = {}
        self._whole: set[str] = set()
        self._execute(CREATE)

    def give(self, table: Table, ids: list[int]) -> None:
        try:
            self._execute(GIVE, [table.position, table.name, ids])
        except IntegrityError:
            raise ValidationError(f"The archive holds two rows of “{table.name}” with one id.") from None

    def give_known(self, table: Table, pairs: dict[int, int]) -> None:
        """Rows that are here already: old → here."""
        values = [[table.position, old, new] for old, new in pairs.items()]
        with self._database.cursor() as cursor:
            cursor.executemany("INSERT INTO moved_id VALUES (%s, %s, %s)", values)

    def keep_near(self, table: Table, rows: int) -> None:
        """Small tables are asked for by nearly every row."""
        if rows <= FEW:
            self._near |= {(table.label, old): new for old, new in self._ask(table, None)}
            self._whole.add(table.label)

    def fetch(self, wanted: dict[str, set[int]]) -> None:
        """What the next rows name; what was fetched before for a large table is forgotten."""
        self._near = {key: new for key, new in self._near.items() if key[0] in self._whole}
        for label, ids in wanted.items():
            if label in self._tables and label not in self._whole:
                self._near |= {(label, old): new for old, new in self._ask(self._tables[label], sorted(ids))}

    def new(self, label: str, old: int) -> int:
        return self._near.get((label, old), NOWHERE)

    def drop(self) -> None:
        self._execute("DROP TABLE moved_id")

    def _ask(self, table: Table, ids: list[int] | None) -> list[tuple[int, int]]:
        chosen = "" if ids is None else " AND old = ANY(%s)"
        with self._database.cursor() as cursor:
            cursor.execute(
                f"SELECT old, new FROM moved_id WHERE place = %s{chosen}",
                [table.position, *([] if ids is None else [ids])],
            )
            return list(cursor.fetchall())

    def _execute(self, query: str, params: list[Any] | None = None) -> None:
        with self._database.cursor() as cursor:
            cursor.execute(query, params)


class Wanted:
    """Collects the ids that rows name; stands where `Numbers.new` will."""

    def __init__(self) -> None:
        self.ids: dict[str, set[int]] = defaultdict(set)

    def __call__(self, label: str, old: int) -> int:
        if abs(old) < 2**63:
            self.ids[label].add(old)
        return old


def row_of(line: bytes, table: Table) -> dict[str, Any]:
    """A line as a row: an object with an id of its own."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("id"), int) or not 0 < row["id"] < 2**63:
        raise ValidationError(f"A line of “{table.name}” is no row: {line[:60].decode(errors='replace')}")
    return row
