"""Files that an ATS leaves in a watched place, by the mapping of its connection: each row is a record of its list, and
is taken over as if it had come by REST.

Nothing is kept of how far a file was read: what was taken over already is known by its fingerprint, so whoever goes on
after a killed worker simply begins anew.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils import timezone

from ats_sync.actions.access import provider_of
from ats_sync.actions.applying import apply_changes, known_records
from ats_sync.actions.reading import take_over
from ats_sync.models import AtsRecord, Connection, ConnectionState
from ats_sync.providers._generic_mapping import Listing
from ats_sync.providers.errors import AtsError
from ats_sync.providers.generic import Generic
from ats_sync.vocabulary import ApplicationRecord, Change, Gone, How, Kind, NoteRecord
from talentpool.intake.drops.place import DropProblem, Found
from talentpool.intake.encodings import certain_encoding, likely_encodings, text_lines
from talentpool.intake.tables import csv_records
from talentpool.models import Drop, Source

Row = Mapping[str, str]
AT_ONCE = 200  # rows of one transaction
NO_FILE = len(Kind)


@dataclass
class _Told:
    """Ids in a file, and what became of its rows."""

    ids: set[str]
    rows: int = 0
    changed: int = 0
    without_id: int = 0
    lost: int = 0  # of people who are not known
    gone: int = 0


class FileReader:
    def __init__(self, connection: Connection, provider: Generic) -> None:
        self.connection, self.provider = connection, provider

    def rank(self, name: str) -> int:
        """People before their applications, as in a load."""
        kind, _ = self._list_of(name)
        return list(Kind).index(kind) if kind else NO_FILE

    def read(self, found: Found, content: bytes, stay: Callable[[], bool]) -> str:
        if not self.connection.is_on:
            raise DropProblem(f"{self.connection} is not running. The files wait until it is started.")
        kind, listing = self._list_of(found.name)
        if kind is None or listing is None:
            return "The mapping has no list whose files are called so."
        try:
            told = self._rows(kind, _rows_of(content), stay)
        except ValidationError as problem:
            return problem.messages[0]
        except AtsError as problem:
            raise DropProblem(problem.sentence) from problem
        if listing.is_complete and told.ids:
            told.gone = self._missing(kind, told.ids)
        self._as_of(found)
        return _sentence(kind, told, is_complete=listing.is_complete)

    def _list_of(self, name: str) -> tuple[Kind | None, Listing | None]:
        for kind, listing in self.provider.mapping.lists.items():
            if listing.file and fnmatchcase(name.casefold(), listing.file):
                return kind, listing
        return None, None

    def _rows(self, kind: Kind, rows: Iterator[Row], stay: Callable[[], bool]) -> _Told:
        told = _Told(set())
        while some := list(islice(rows, AT_ONCE)):
            changes = list(self._changes(kind, some, told))
            batch = take_over(self.connection, self.provider, changes, now=timezone.now())
            told.changed += len(batch.told)
            told.lost += self._lost(changes)
            if not stay():
                raise DropProblem("Another worker reads on.")
        return told

    def _changes(self, kind: Kind, rows: Sequence[Row], told: _Told) -> Iterator[Change]:
        for row in rows:
            told.rows += 1
            change = self.provider.from_row(kind, row)
            if change is None:
                told.without_id += 1
                continue
            told.ids.add(change.id)
            yield change

    def _lost(self, changes: Sequence[Change]) -> int:
        """Rows that are about somebody who is not known."""
        people = [each.person for each in changes if isinstance(each, ApplicationRecord | NoteRecord)]
        held = known_records(self.connection, [(Kind.PERSON, each) for each in dict.fromkeys(people)])
        return sum((Kind.PERSON, each) not in held for each in people)

    def _missing(self, kind: Kind, ids: set[str]) -> int:
        held = AtsRecord.objects.filter(connection=self.connection, kind=kind, gone_at=None)
        missing = sorted(set(held.values_list("external_id", flat=True)) - ids)
        for start in range(0, len(missing), AT_ONCE):
            gone = [Gone(what=kind, id=each, how=How.DELETED) for each in missing[start : start + AT_ONCE]]
            apply_changes(self.connection, gone, now=timezone.now())
        return len(missing)

    def _as_of(self, found: Found) -> None:
        """Where nothing else tells how fresh what we know is. A file can’t be of tomorrow."""
        if self.provider.kinds:
            return
        now = timezone.now()
        at = min(datetime.fromtimestamp(found.modified, UTC), now) if found.modified else now
        known = Connection.objects.filter(pk=self.connection.pk)
        known.update(as_of=at, loaded_at=self.connection.loaded_at or now)
        stale = self.connection.stale_minutes
        Source.objects.filter(pk=self.connection.source_id).update(synced_at=at, stale_after=stale)


def reader_of(drop: Drop) -> FileReader | None:
    """For places of a connection’s source whose mapping has lists that come in files."""
    found = Connection.objects.filter(source=drop.source_id, provider=Generic.key).exclude(state=ConnectionState.ENDED)
    connection = found.select_related("source").first()
    if connection is None:
        return None
    provider = provider_of(connection)
    assert isinstance(provider, Generic)
    try:
        lists = provider.mapping.lists.values()
    except AtsError as problem:
        raise DropProblem(problem.sentence) from problem
    return FileReader(connection, provider) if any(each.file for each in lists) else None


def _rows_of(content: bytes) -> Iterator[Row]:
    """By the headings, which stand in the first row that holds anything. An empty cell says nothing."""
    encoding = certain_encoding([content]) or likely_encodings(content)[0].encoding
    rows = (cells for cells, _, _ in csv_records(text_lines([content], encoding)) if any(cells))
    headings = next(rows, [])
    for cells in rows:
        yield {name: cell for name, cell in zip(headings, cells, strict=False) if cell}


def _sentence(kind: Kind, told: _Told, *, is_complete: bool) -> str:
    parts = [f"{told.rows:,} rows of {kind.label.lower()}s: {told.changed:,} new or changed."]
    if told.without_id:
        parts.append(f"Left out, for they have no id: {told.without_id:,}.")
    if told.lost:
        parts.append(f"Left out, for their people are not known: {told.lost:,}.")
    if told.gone:
        parts.append(f"Gone, for they are not in the file: {told.gone:,}.")
    if is_complete and not told.ids:
        parts.append("It is called complete and is empty, so nothing was taken for gone.")
    return " ".join(parts)
