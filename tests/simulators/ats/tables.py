"""Rows in memory with their indexes, and the journal from which a killed simulator goes on.

The journal is one JSON line for each row written or dropped. It is flushed after each, so that a SIGKILL costs at most
the line being written, and shortened to the rows that are left whenever it is opened.
"""

import base64
import json
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from tests.simulators.ats.rows import KINDS, Row

INDEXED = ("candidate_id", "application_id", "job_id")


class Table:
    """Rows of one kind by id; `where` answers through an index for a candidate, an application or a job."""

    def __init__(self, kind: type[Row]) -> None:
        self.kind = kind
        self.rows: dict[int, Any] = {}
        self.ids: list[int] = []
        self._indexed = [field.name for field in fields(kind) if field.name in INDEXED]
        self._index: dict[str, dict[Any, set[int]]] = {name: defaultdict(set) for name in self._indexed}
        self._keys: dict[int, dict[str, Any]] = {}

    def put(self, row: Any) -> None:
        if row.id not in self.rows:
            insort(self.ids, row.id)
        self._forget(row.id)
        self.rows[row.id] = row
        self._keys[row.id] = {name: getattr(row, name) for name in self._indexed}
        for name, value in self._keys[row.id].items():
            self._index[name][value].add(row.id)

    def drop(self, row_id: int) -> None:
        self._forget(row_id)
        del self.rows[row_id]
        del self.ids[bisect_left(self.ids, row_id)]

    def _forget(self, row_id: int) -> None:
        for name, value in self._keys.pop(row_id, {}).items():
            self._index[name][value].discard(row_id)

    def get(self, row_id: int | None) -> Any:
        return self.rows.get(row_id)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self.rows.values()))

    def where(self, **wanted: Any) -> list[Any]:
        """By id, ascending. The first indexed name narrows, the others are compared."""
        narrow = next((name for name in wanted if name in self._index), None)
        ids = sorted(self._index[narrow].get(wanted[narrow], ())) if narrow else self.ids
        return [
            row
            for row in map(self.rows.__getitem__, ids)
            if all(getattr(row, name) == value for name, value in wanted.items())
        ]

    def descending(self, below: int | None = None) -> Iterator[Any]:
        """From the newest id down, optionally only those below an id."""
        end = len(self.ids) if below is None else bisect_left(self.ids, below)
        return map(self.rows.__getitem__, reversed(self.ids[:end]))


class Journal:
    """Lines of `{"t": table, "row": {…}}` or `{"t": table, "gone": id}`."""

    def __init__(self, path: Path | None) -> None:
        self._file = path.open("a") if path else None

    def write(self, table: str, row: Row | None, gone: int | None = None) -> None:
        if self._file:
            line = {"t": table, "gone": gone} if row is None else {"t": table, "row": plain(row)}
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()

    def close(self) -> None:
        if self._file:
            self._file.close()


def plain(row: Row) -> dict[str, Any]:
    return {
        name: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else copied(value)
        for name, value in vars(row).items()
    }


def copied(value: Any) -> Any:
    """Of what JSON can hold; a third of the time of a deepcopy."""
    if isinstance(value, list):
        return [copied(one) for one in value]
    if isinstance(value, dict):
        return {name: copied(one) for name, one in value.items()}
    return value


def restored(table: str, values: dict[str, Any]) -> Row:
    return KINDS[table](
        **{
            name: base64.b64decode(value["base64"]) if isinstance(value, dict) and set(value) == {"base64"} else value
            for name, value in values.items()
        }
    )


def read_journal(path: Path, tables: dict[str, Table]) -> None:
    """Fills the tables and writes the shortened journal in its place. A half line at the end is what a kill left."""
    for text in path.read_text().splitlines() if path.exists() else ():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        table = tables[line["t"]]
        if "row" in line:
            table.put(restored(line["t"], line["row"]))
        elif table.get(line["gone"]):
            table.drop(line["gone"])
    short = path.with_suffix(path.suffix + ".new")
    with short.open("w") as file:
        for name, table in tables.items():
            file.writelines(json.dumps({"t": name, "row": plain(row)}) + "\n" for row in table)
    short.replace(path)
