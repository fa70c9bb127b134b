"""The messages that arrived, the last few thousand of them, in one SQLite file that outlives the process."""

import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

KEPT = 5_000
TIDY_EVERY = 500

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL, raw BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS recipient (address TEXT NOT NULL, message_id INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS recipient_address ON recipient (address, message_id);
CREATE INDEX IF NOT EXISTS recipient_message ON recipient (message_id);
"""


@dataclass(frozen=True)
class Stored:
    id: int
    at: float
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class Mailbox:
    """Writes wait for `commit`, called a few times a second: thousands of messages a second must pass."""

    def __init__(self, file: Path, *, kept: int = KEPT) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._kept = kept
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {SCHEMA}")

    def keep(self, sender: str, recipients: Sequence[str], raw: bytes) -> int:
        if not self._database.in_transaction:
            self._database.execute("BEGIN")
        number = self._database.execute(
            "INSERT INTO message (at, sender, recipients, raw) VALUES (?, ?, ?, ?)",
            (time.time(), sender, json.dumps(recipients), raw),
        ).lastrowid
        assert number is not None
        self._database.executemany(
            "INSERT INTO recipient (address, message_id) VALUES (?, ?)",
            [(recipient.casefold(), number) for recipient in recipients],
        )
        if number % TIDY_EVERY == 0:
            self._forget(f"<= {number - self._kept}")
        return number

    def commit(self) -> None:
        if self._database.in_transaction:
            self._database.execute("COMMIT")

    def close(self) -> None:
        self.commit()
        self._database.close()

    def message(self, number: int) -> Stored | None:
        found = self._select("WHERE id = ?", [number])
        return found[0] if found else None

    def messages(self, *, to: str = "", limit: int, before: int | None = None) -> list[Stored]:
        """The newest first; `to` is a whole address, or a part of one if it has no `@` with something on both sides."""
        where, values = _to(to)
        if before is not None:
            where, values = f"{where} AND id < ?", [*values, before]
        return self._select(f"WHERE {where} ORDER BY id DESC LIMIT ?", [*values, limit])

    def count(self, *, to: str = "") -> int:
        where, values = _to(to)
        number: int = self._database.execute(f"SELECT count(*) FROM message WHERE {where}", values).fetchone()[0]
        return number

    def clear(self) -> None:
        self._forget("> 0")
        self.commit()

    def _forget(self, which: str) -> None:
        self._database.execute(f"DELETE FROM recipient WHERE message_id {which}")
        self._database.execute(f"DELETE FROM message WHERE id {which}")

    def _select(self, rest: str, values: Sequence[object]) -> list[Stored]:
        rows = self._database.execute(f"SELECT id, at, sender, recipients, raw FROM message {rest}", tuple(values))
        return [Stored(number, at, sender, tuple(json.loads(names)), raw) for number, at, sender, names, raw in rows]


def _to(to: str) -> tuple[str, list[object]]:
    if not to:
        return "1", []
    name, _, host = to.casefold().partition("@")
    if name and host:
        return "id IN (SELECT message_id FROM recipient WHERE address = ?)", [to.casefold()]
    return "id IN (SELECT message_id FROM recipient WHERE instr(address, ?))", [to.casefold()]
