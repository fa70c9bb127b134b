"""What a batch of changes knows while it is applied: the connection, the clock, and the records that we hold."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection as database

from ats_sync.models import AtsRecord, Connection, ConnectionState
from ats_sync.providers.errors import Refused
from ats_sync.vocabulary import (
    ApplicationRecord,
    Change,
    FileRecord,
    Gone,
    Kind,
    NoteRecord,
    StepRecord,
)
from ats_sync.vocabulary import kind_of as kind_of_change

Key = tuple[Kind, str]
LONGEST_ID = 100
LONGEST_NAME = 300
ONCE = ("tenant", "connection", "kind", "external_id")
KEPT = [field.name for field in AtsRecord._meta.concrete_fields if field.name not in ("id", *ONCE)]
ROWS = {Kind.APPLICATION: ("application__job",), Kind.JOB: ("job",), Kind.NOTE: ("note",), Kind.FILE: ("file",)}


@dataclass(slots=True)
class Batch:
    """`files` are the contents of files that were fetched before, by the ATS's id. `heard_at` is None when the changes
    are what the ATS answers now, and else when it sent them. `told` collects what was changed, for drift and for
    counts."""

    connection: Connection
    now: datetime
    heard_at: datetime | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    records: dict[Key, AtsRecord] = field(default_factory=dict)
    told: list[tuple[Kind, str, str]] = field(default_factory=list)
    again: set[Key] = field(default_factory=set)  # to be asked for: what came is older than something we know
    people: set[int] = field(default_factory=set)  # whose page changes
    unwritten: dict[Key, AtsRecord] = field(default_factory=dict)

    def hold(self) -> None:
        """One batch of a connection after the other: so of two versions of a record the later one holds. Raises Refused
        when it was ended meanwhile: nothing comes in after that."""
        hold_batches(self.connection)
        if Connection.objects.filter(pk=self.connection.pk, state=ConnectionState.ENDED).exists():
            raise Refused("The ATS was disconnected.")

    def load(self, keys: Iterable[Key]) -> None:
        self.records |= known_records(self.connection, [key for key in keys if key not in self.records])

    def record(self, kind: Kind, external_id: str) -> AtsRecord | None:
        return self.records.get((kind, external_id))

    def person(self, external_id: str) -> AtsRecord | None:
        """Whose something is. None for who was erased here or is gone there, even if its lists still name what she had:
        of somebody who was made anonymous nothing comes back."""
        record = self.record(Kind.PERSON, external_id)
        return record if record and record.candidate_id and record.gone_at is None else None

    def join(self, other: "Batch") -> None:
        """What another batch of the same work found out."""
        self.told += other.told
        self.again |= other.again
        self.people |= other.people

    def note(self, change: Change, says: str) -> None:
        self.told.append((kind_of_change(change), change.id, says))

    def keep(self, change: Change, **columns: Any) -> AtsRecord:
        """The record of a change, made or brought up to date with it; `write` takes it to the database."""
        kind = kind_of_change(change)
        record = self.record(kind, change.id)
        columns = {"fingerprint": fingerprint_of(change), **columns}
        columns |= {"checked_at": self.now, "gone_at": None, "gone": ""}
        if isinstance(change, Gone):
            raise TypeError("what is gone is marked, not kept")
        if change.updated_at:
            columns["updated_at"] = change.updated_at
        columns["is_hearsay"] = bool(self.heard_at) and change.updated_at is None
        if record is None:
            record = AtsRecord(connection=self.connection, kind=kind, external_id=change.id)
        for name, value in columns.items():
            setattr(record, name, value)
        self.records[kind, change.id] = self.unwritten[kind, change.id] = record
        if record.candidate_id:
            self.people.add(record.candidate_id)
        return record

    def know(self, kind: Kind, called: Mapping[str, str], *, most: int) -> None:
        """Words that an ATS lists nowhere are known from when a record has one, so that they can be mapped; `most` of a
        kind. What they are called there when they first come is what they are called here."""
        self.load((kind, key) for key in called)
        new = {key: name for key, name in called.items() if self.record(kind, key) is None}
        if not new:
            return
        room = max(0, most - AtsRecord.objects.filter(connection=self.connection, kind=kind).count())
        made = AtsRecord.objects.bulk_create(
            AtsRecord(
                connection=self.connection, kind=kind, external_id=key, name=name[:LONGEST_NAME], checked_at=self.now
            )
            for key, name in list(new.items())[:room]
        )
        self.records |= {(kind, each.external_id): each for each in made}

    def write(self) -> None:
        """In one statement, for a busy ATS tells of fifty records a second."""
        if self.unwritten:
            AtsRecord.objects.bulk_create(
                self.unwritten.values(), update_conflicts=True, unique_fields=ONCE, update_fields=KEPT
            )
            self.unwritten.clear()


def hold_batches(connection: Connection) -> None:
    """Until the transaction ends nobody else takes over anything of this connection."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [(13 << 40) + connection.pk])


def known_records(connection: Connection, keys: Sequence[Key]) -> dict[Key, AtsRecord]:
    by_kind: dict[Kind, list[str]] = defaultdict(list)
    for kind, external_id in keys:
        by_kind[kind].append(external_id)
    found: dict[Key, AtsRecord] = {}
    for kind, ids in by_kind.items():
        records = AtsRecord.objects.filter(connection=connection, kind=kind, external_id__in=ids)
        for record in records.select_related(*ROWS[kind]) if kind in ROWS else records:
            found[kind, record.external_id] = record
    return found


def parents_of(change: Change) -> list[Key]:
    """What must be known before a change can be taken over."""
    if isinstance(change, ApplicationRecord):
        return [(Kind.PERSON, change.person), *([(Kind.JOB, change.job)] if change.job else [])]
    if isinstance(change, NoteRecord | FileRecord):
        return [(Kind.PERSON, change.person)]
    if isinstance(change, StepRecord):
        return [(Kind.APPLICATION, change.application)]
    if isinstance(change, Gone) and change.into:
        return [(change.what, change.into)]
    return []


def fingerprint_of(change: Change) -> str:
    """The same for everything that would be taken over alike; when it was changed there is no part of that."""
    said = asdict(change)
    said.pop("updated_at", None)
    said.pop("called", None)
    if isinstance(change, FileRecord):
        said.pop("url")  # it is another one each time
    text = json.dumps(said, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def is_news(batch: Batch, change: Change) -> bool:
    """False for what we know already, and for what is older than what we know."""
    record = batch.record(kind_of_change(change), change.id)
    if isinstance(change, Gone):
        return record is not None and not (record.gone_at and record.gone == change.how and record.into == change.into)
    if record is None:
        return True
    if record.gone_at and batch.heard_at:
        batch.again.add((kind_of_change(change), change.id))  # a late message would bring it back to life
        return False
    if _is_older(batch, change, record):
        return False
    return bool(record.gone_at) or record.fingerprint != fingerprint_of(change)


def _is_older(batch: Batch, change: Change, record: AtsRecord) -> bool:
    """By the ATS's own clock; a message without a time is older than what we read after it came."""
    if isinstance(change, Gone):
        return False
    if change.updated_at:
        return bool(record.updated_at and change.updated_at < record.updated_at)
    return bool(batch.heard_at and not record.is_hearsay and record.checked_at > batch.heard_at)
