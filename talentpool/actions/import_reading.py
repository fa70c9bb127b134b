"""The part of an import that needs no database: cells in, and out all that can be said of a row before its turn.

What is said goes from the process that reads to the one that writes, in plain values: pickling objects would cost both
as much as the work itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from talentpool.actions.arrivals import Ahead, Arrival, IncomingRecord, arrivals_of
from talentpool.actions.people import work_out
from talentpool.actions.trait_rows import Read
from talentpool.custom_values import CustomTypes
from talentpool.identity.keys import Key, KeyKind
from talentpool.identity.vetoes import Traits
from talentpool.intake.people import RowProblem, person_of
from talentpool.intake.rows import ERASED, IncomingRow, TableRow
from talentpool.intake.tables import NumberedRow
from talentpool.models import ProfileKind, Source
from talentpool.person import PersonFields

KINDS = {kind.value: kind for kind in KeyKind}

Told = Any  # of a row that stays out the reason, a text; of the others what _told says


@dataclass(frozen=True, slots=True)
class Chunk:
    """`arrivals` are those of the rows without a problem, in their order."""

    start: int
    rows: Sequence[IncomingRow | TableRow]
    arrivals: list[Arrival]


@dataclass(frozen=True, slots=True)
class Reading:
    """All that reading a row needs to know of its import, small enough to be sent along with each chunk."""

    run_id: int
    source: Source
    region: str
    custom: CustomTypes
    headings: Sequence[str] = ()
    columns: Sequence[str] = ()

    def read(self, rows: Iterable[tuple[int, list[str]]], profile_ids: Sequence[int]) -> list[Told]:
        """What is to be said of rows of a table; with profile ids for what is to be written, without for a trial."""
        told: list[Told] = []
        records = []
        for number, cells in rows:
            try:
                person = person_of(cells, self.headings, self.columns)
            except RowProblem as problem:
                told.append(str(problem))
                continue
            told.append(None)
            said = {"fields": person.fields, "raw": person.raw, "external_id": person.external_id}
            records.append(self._record(number, ProfileKind.ROW, **said))
        arrivals = iter(self._arrivals(records, profile_ids))
        return [each if each is not None else _told(next(arrivals)) for each in told]

    def chunk(self, start: int, rows: Sequence[NumberedRow], told: Iterable[Told]) -> Chunk:
        """The same as the one who writes takes it; of erased rows nothing is told."""
        read: list[TableRow] = []
        arrivals: list[Arrival] = []
        answers = iter(told)
        for row in rows:
            each = ERASED if row.is_erased else next(answers)
            problem = each if isinstance(each, str) else ""
            read.append(TableRow(row.number, row.cells, self.headings, self.columns, problem, row.is_erased))
            if not problem:
                arrivals.append(self._arrival(len(arrivals), row.number, each))
        return Chunk(start, read, arrivals)

    def chunk_of(self, start: int, rows: Sequence[IncomingRow], profile_ids: Sequence[int]) -> Chunk:
        """Of résumés, which are read where they are written."""
        records = [
            self._record(
                row.number,
                row.kind,
                fields=row.fields,
                suggestions=row.suggestions,
                raw=row.raw,
                external_id=row.external_id,
            )
            for row in rows
            if not row.problem
        ]
        return Chunk(start, rows, self._arrivals(records, profile_ids))

    def _arrivals(self, records: Sequence[IncomingRecord], profile_ids: Sequence[int]) -> list[Arrival]:
        arrivals = arrivals_of(records, region=self.region)
        if profile_ids:
            work_out(arrivals, profile_ids[: len(arrivals)], region=self.region, custom=self.custom)
        return arrivals

    def _record(self, number: int, kind: ProfileKind, **said: Any) -> IncomingRecord:
        return IncomingRecord(self.source, kind, import_run_id=self.run_id, row_number=number, **said)

    def _arrival(self, number: int, row_number: int, told: Told) -> Arrival:
        external_id, fingerprint, keys, traits, texts, profile_id, ahead = told
        return Arrival(
            number=number,
            record=self._record(row_number, ProfileKind.ROW, fields=NOTHING),
            texts=texts,
            external_id=external_id,
            fingerprint=fingerprint,
            keys=[Key(KINDS[kind], value) for kind, value in keys],
            traits=Traits.unpacked(traits),
            profile_id=profile_id,
            ahead=Ahead(ahead[0], self.custom, Read(*ahead[1])) if ahead else None,
        )


NOTHING = PersonFields()  # its texts say what a record says


def _told(arrival: Arrival) -> Told:
    ahead = arrival.ahead
    return (
        arrival.external_id,
        arrival.fingerprint,
        [(key.kind.value, key.value) for key in arrival.keys],
        arrival.traits.packed(),
        arrival.texts if ahead else None,
        arrival.profile_id,
        (ahead.columns, tuple(ahead.traits)) if ahead else None,
    )
