"""The ground of a world: its tables, its clock, the log of what changed, and who listens to it."""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from tests.simulators.ats.clock import Clock
from tests.simulators.ats.rows import KINDS, TABLE_OF, Row
from tests.simulators.ats.tables import Journal, Table, copied, plain, read_journal

P = ParamSpec("P")
R = TypeVar("R")
AnyRow = TypeVar("AnyRow", bound=Row)

FIRST_ID = 1000
# What the neutral state does not say: when it was written is the simulator's own affair.
STAMPS = {"id", "created_at", "updated_at", "last_activity_at"}


class NotThere(LookupError):
    """An operation on a row that does not exist (any more)."""


@dataclass(frozen=True)
class Change:
    """One thing that happened. `kind` is `application.moved` and the like; `data` says what the rows no longer do.

    A silent one is told to nobody: the vendor sends no webhook for it, and only polling or a sweep finds it.
    """

    number: int
    kind: str
    at: int
    row_id: int
    candidate_id: int | None = None
    application_id: int | None = None
    job_id: int | None = None
    by_id: int | None = None
    fields: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    silent: bool = False


def operation(act: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, P], R]:
    """One at a time: what a request reads and what a webhook carries is never half of a change."""

    @wraps(act)
    def locked(self: Any, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.lock:
            return act(self, *args, **kwargs)

    return locked


class Store:
    """`state` is a file; whoever opens it again goes on where the last one was killed."""

    def __init__(self, clock: Clock | None = None, state: Path | str | None = None) -> None:
        self.clock = clock or Clock()
        self.lock = threading.RLock()
        self.tables = {name: Table(kind) for name, kind in KINDS.items()}
        self.changes: list[Change] = []
        self.counts: Counter[str] = Counter()
        self.listeners: list[Callable[[Change], None]] = []
        path = Path(state) if state else None
        if path:
            read_journal(path, self.tables)
        self._journal = Journal(path)
        self._next_id = max([FIRST_ID, *(table.ids[-1] + 1 for table in self.tables.values() if table.ids)])
        self._silent = False
        self._stamps = True
        self._at: int | None = None

    def __getattr__(self, name: str) -> Table:
        """`world.candidates` is the table of candidates."""
        try:
            return self.__dict__["tables"][name]
        except KeyError:
            raise AttributeError(name) from None

    def close(self) -> None:
        self._journal.close()

    def now(self) -> int:
        return self.clock.now() if self._at is None else self._at

    @contextmanager
    def past(self, at: int) -> Iterator[None]:
        """What happens inside happened then, and nobody is told."""
        with self.lock:
            before, self._at = self._at, at - at % self.clock.resolution
            try:
                with self.silently():
                    yield
            finally:
                self._at = before

    @contextmanager
    def silently(self, *, stamps: bool = True) -> Iterator[None]:
        """A bulk change without webhooks; with `stamps=False` even `updated_at` keeps still, as after raw SQL."""
        with self.lock:
            before = self._silent, self._stamps
            self._silent, self._stamps = True, stamps
            try:
                yield
            finally:
                self._silent, self._stamps = before

    def row(self, table: str, row_id: int | None) -> Any:
        found = self.tables[table].get(row_id)
        if found is None:
            raise NotThere(f"There is no {table} {row_id}.")
        return found

    def new_id(self) -> int:
        with self.lock:
            self._next_id += 1
            return self._next_id - 1

    @operation
    def add(self, row: AnyRow, *, by: int | None = None, told: bool = True) -> AnyRow:
        """Any row; the operations of a World say more about what else happens then."""
        row.id, row.created_at = row.id or self.new_id(), row.created_at or self.now()
        row.updated_at = row.created_at
        table = TABLE_OF[type(row)]
        self.tables[table].put(row)
        self._journal.write(table, row)
        if told:
            self.record(f"{SINGULAR[table]}.created", row, by=by)
        return row

    @operation
    def edit(self, row: AnyRow, *, by: int | None = None, told: bool = True, **values: Any) -> bool:
        """False, and nothing happened, when all was so before."""
        changed = tuple(name for name, value in values.items() if getattr(row, name) != value)
        if not changed:
            return False
        for name in changed:
            setattr(row, name, copied(values[name]))
        if self._stamps:
            row.updated_at = self.now()
        table = TABLE_OF[type(row)]
        self.tables[table].put(row)
        self._journal.write(table, row)
        if told:
            said = tuple(name for name in changed if name not in STAMPS)
            self.record(f"{SINGULAR[table]}.updated", row, by=by, fields=said)
        return True

    @operation
    def remove(self, row: Row, *, by: int | None = None, told: bool = True, **data: Any) -> None:
        table = TABLE_OF[type(row)]
        self.tables[table].drop(row.id)
        self._journal.write(table, None, gone=row.id)
        if told:
            self.record(f"{SINGULAR[table]}.deleted", row, by=by, data={"gone": plain(row), **data})

    def record(
        self,
        kind: str,
        row: Any,
        *,
        by: int | None = None,
        fields: tuple[str, ...] = (),
        data: dict[str, Any] | None = None,
    ) -> Change:
        """Writes the log and tells the listeners, at the end of an operation so that they see all of it."""
        self.counts[kind] += 1
        candidate_id, application_id, job_id = self._around(row)
        change = Change(
            len(self.changes) + 1,
            kind,
            self.now(),
            row.id,
            candidate_id,
            application_id,
            job_id,
            by,
            fields,
            data or {},
            self._silent,
        )
        self.changes.append(change)
        for listener in () if self._silent else self.listeners:
            listener(change)
        return change

    def _around(self, row: Any) -> tuple[int | None, int | None, int | None]:
        kind = SINGULAR[TABLE_OF[type(row)]]
        application_id = row.id if kind == "application" else getattr(row, "application_id", None)
        application = row if kind == "application" else self.applications.get(application_id)
        candidate_id = row.id if kind == "candidate" else getattr(row, "candidate_id", None)
        job_id = row.id if kind == "job" else getattr(row, "job_id", None)
        if application is not None:
            candidate_id, job_id = candidate_id or application.candidate_id, job_id or application.job_id
        return candidate_id, application_id, job_id

    @operation
    def snapshot(self, *names: str, stamps: bool = False) -> dict[str, dict[int, dict[str, Any]]]:
        """The state as plain data that can be compared with `==`: table → id → fields, bytes as their digest."""
        return {
            name: {
                row.id: {
                    key: hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else copied(value)
                    for key, value in vars(row).items()
                    if stamps or key not in STAMPS
                }
                for row in self.tables[name]
            }
            for name in names or self.tables
        }


SINGULAR = {
    name: {"candidates": "candidate", "stage_entries": "stage_entry", "eeoc": "eeoc"}.get(name, name.removesuffix("s"))
    for name in KINDS
}
