"""Changes of the ATS become rows of the pool.

Whatever way a change came – a webhook, a round, a sweep, our own push – it goes through here, so a change that comes
twice, late or out of order ends in the same state.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from ats_sync.actions.applying.applications import apply_applications, apply_steps
from ats_sync.actions.applying.batch import Batch, Key, is_news, known_records, parents_of
from ats_sync.actions.applying.gone import apply_gone
from ats_sync.actions.applying.papers import apply_files, apply_notes
from ats_sync.actions.applying.people import apply_people
from ats_sync.actions.applying.words import apply_jobs, apply_words
from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import (
    ApplicationRecord,
    Change,
    FileRecord,
    Gone,
    JobRecord,
    Kind,
    Lookup,
    NoteRecord,
    PersonRecord,
    StepRecord,
    kind_of,
)
from talentpool.actions.key_rows import hold_all_keys
from talentpool.actions.people import BATCH

# In this order: what a part points at was written by an earlier one.
PARTS: Sequence[tuple[Callable[[Batch, list[Any]], None], type]] = (
    (apply_words, Lookup),
    (apply_jobs, JobRecord),
    (apply_people, PersonRecord),
    (apply_applications, ApplicationRecord),
    (apply_notes, NoteRecord),
    (apply_files, FileRecord),
    (apply_steps, StepRecord),
    (apply_gone, Gone),
)

__all__ = ["Batch", "Key", "apply_changes", "known_records", "parents_of", "unknown_parents"]


@transaction.atomic
def apply_changes(
    connection: Connection,
    changes: Sequence[Change],
    *,
    now: datetime,
    heard_at: datetime | None = None,
    files: Mapping[str, bytes] | None = None,
) -> Batch:
    """All in one transaction. Of several versions of one record the last one counts; parents must be known or among
    the changes."""
    batch = Batch(connection, now, heard_at=heard_at, files=files or {})
    batch.hold()
    latest = _latest(changes)
    batch.load(latest)
    batch.load(key for change in latest.values() for key in parents_of(change))
    news = [change for change in latest.values() if is_news(batch, change)]
    _hold_keys(news)
    _mark_seen(batch, latest)
    for apply, kind in PARTS:
        if theirs := [each for each in news if isinstance(each, kind)]:
            apply(batch, theirs)
            batch.write()
    return batch


def _hold_keys(news: Sequence[Change]) -> None:
    """People who arrive are held by their keys at once. Who goes is held after them, and two who hold keys one after
    the other wait for each other for ever: such a batch holds them all beforehand."""
    people = sum(isinstance(each, PersonRecord) for each in news)
    if people > BATCH or any(isinstance(each, Gone) and each.what == Kind.PERSON for each in news):
        hold_all_keys()


def _latest(changes: Sequence[Change]) -> dict[Key, Change]:
    """By their own time where both have one, else the one that came last; what is gone stays gone."""
    latest: dict[Key, Change] = {}
    for change in changes:
        key: Key = (kind_of(change), change.id)
        if not _is_older(change, latest.get(key)):
            latest[key] = change
    return latest


def _is_older(change: Change, before: Change | None) -> bool:
    if before is None or isinstance(change, Gone):
        return False
    if isinstance(before, Gone):
        return True
    return bool(change.updated_at and before.updated_at and change.updated_at < before.updated_at)


def _mark_seen(batch: Batch, latest: Mapping[Key, Change]) -> None:
    """That the ATS still has what we know, as of now."""
    seen = [
        batch.records[key].pk for key, change in latest.items() if key in batch.records and not isinstance(change, Gone)
    ]
    if seen and batch.heard_at is None:
        AtsRecord.objects.filter(pk__in=seen).update(checked_at=batch.now, is_hearsay=False)


def unknown_parents(connection: Connection, changes: Sequence[Change]) -> list[Key]:
    """Parents that are neither known nor among the changes."""
    coming = {(kind_of(change), change.id) for change in changes}
    wanted = {key for change in changes for key in parents_of(change)} - coming
    known = known_records(connection, sorted(wanted))
    return sorted((key for key in wanted if key not in known), key=lambda key: (list(Kind).index(key[0]), key[1]))
