"""Reading from the ATS: everything that needs the network, done before anything is locked."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import structlog
from django.conf import settings

from ats_sync.actions.applying import Batch, Key, apply_changes, unknown_parents
from ats_sync.actions.applying.batch import fingerprint_of, known_records
from ats_sync.models import Connection
from ats_sync.providers.base import Provider
from ats_sync.providers.errors import AtsError, NotThere, Throttled
from ats_sync.vocabulary import Change, FileRecord, Gone, How, Kind

GENERATIONS = 4  # a scorecard's application's person is three
AT_ONCE = 50  # ids in one question
FILES_AT_ONCE = 20  # that are fetched before they are kept
STAY = 15.0  # seconds after which a lease is renewed

log = structlog.get_logger()


def take_over(
    connection: Connection,
    provider: Provider,
    changes: Sequence[Change],
    *,
    now: datetime,
    heard_at: datetime | None = None,
) -> Batch:
    """Reads what the changes point at and do not bring, and applies them all; files at last and a few at a time, for
    each costs a request and an ATS may allow few. What is older than something we know is asked for once more.

    Raises AtsError; what was applied before that holds, and whoever tries again goes on from there.
    """
    changes = with_parents(connection, provider, changes)
    files = [each for each in changes if isinstance(each, FileRecord)]
    others = [each for each in changes if not isinstance(each, FileRecord)]
    batch = apply_changes(connection, others, now=now, heard_at=heard_at)
    for start in range(0, len(files), FILES_AT_ONCE):
        some = files[start : start + FILES_AT_ONCE]
        contents = fetched_files(connection, provider, some)
        batch.join(apply_changes(connection, some, now=now, heard_at=heard_at, files=contents))
    if batch.again:
        batch.join(take_over(connection, provider, read_all(provider, batch.again), now=now))
    return batch


def with_parents(connection: Connection, provider: Provider, changes: Sequence[Change]) -> list[Change]:
    found = list(changes)
    for _ in range(GENERATIONS):
        missing = unknown_parents(connection, found)
        missing = [key for key in missing if key[0] in provider.kinds]
        if not missing:
            break
        read = read_all(provider, missing)
        if not read:
            break
        found = [*read, *found]
    return found


def read_all(provider: Provider, keys: Iterable[Key]) -> list[Change]:
    """The records of these ids as they are now, in the order of kinds; what the ATS doesn't have is Gone."""
    by_kind: dict[Kind, list[str]] = defaultdict(list)
    for kind, external_id in sorted(keys, key=lambda key: (list(Kind).index(key[0]), key[1])):
        by_kind[kind].append(external_id)
    changes: list[Change] = []
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), AT_ONCE):
            changes += _read(provider, kind, ids[start : start + AT_ONCE])
    return changes


def _read(provider: Provider, kind: Kind, ids: Sequence[str]) -> list[Change]:
    try:
        return provider.read(kind, ids)
    except NotThere:
        return [Gone(what=kind, id=each, how=How.DELETED) for each in ids]


def fetched_files(connection: Connection, provider: Provider, files: Sequence[FileRecord]) -> Mapping[str, bytes]:
    """Contents of files that are new, for their addresses expire. One that can't be had is left out and tried again
    at the next sweep; waiting for it would hold everything else up."""
    known = known_records(connection, [(Kind.FILE, each.id) for each in files])
    contents: dict[str, bytes] = {}
    for each in files:
        record = known.get((Kind.FILE, each.id))
        if record and record.gone_at is None and record.fingerprint == fingerprint_of(each):
            continue
        try:
            contents[each.id] = provider.fetch(each, most_bytes=settings.CANDIDATE_FILE_MAX_BYTES)
        except Throttled:
            raise
        except AtsError as error:
            log.warning("ats_file_not_fetched", connection_id=connection.pk, why=error.sentence)
    return contents


class TakenAway(Exception):
    """Somebody stopped this work, or another worker has it now."""


class Heartbeat:
    """Renews a lease while one page takes hundreds of requests; raises TakenAway when it is held no more."""

    def __init__(self, renew: Callable[[], object]) -> None:
        self._renew = renew
        self._due = time.monotonic() + STAY

    def __call__(self) -> None:
        if time.monotonic() < self._due:
            return
        if not self._renew():
            raise TakenAway
        self._due = time.monotonic() + STAY


class Clock:
    """Says when a task has worked for long enough, so that others get their turn."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self._end
