"""Drains the outbox: people whose rows changed are made documents anew, in every index.

Rows are claimed by deleting them in the transaction that writes the documents: whatever stops the indexer, they are
there again, and doing them twice does no harm.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.db import connection, transaction

from crm.tenancy.scope import current_tenant_id
from talentpool.models import SearchIndex, SearchOutbox
from talentpool.search.engines import active_indexes, engine_for
from talentpool.search.engines.base import EngineDown
from talentpool.search.index.documents import BATCH
from talentpool.search.index.writing import rebuild, write

MOST_BATCHES = 200  # in one go; what is left is the next second's
_LOCKS = 0x5EA2C400  # the advisory locks of PostgreSQL that are this module's: one per index and tenant

log = structlog.get_logger()


def tenants_waiting() -> list[int]:
    """Ids of the tenants with anything in the outbox; asked outside any scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_tenants_waiting()")
        return [tenant_id for (tenant_id,) in cursor.fetchall()]


def drain() -> int:
    """Bring the current tenant's indexes up to date; how many rows of the outbox that took.

    An index at which somebody else is working is left to them: a long backlog must not fill every worker. One that
    doesn't answer is left for later.
    """
    done = 0
    for index in SearchIndex:
        with _alone(index) as alone:
            if alone:
                done += _drain(index)
    return done


def put(candidate_ids: Sequence[int], index: SearchIndex) -> None:
    SearchOutbox.objects.bulk_create([SearchOutbox(candidate_id=each, index=index) for each in candidate_ids])


def ask_for_rebuild(index: SearchIndex) -> None:
    """Have the indexer come for an index that isn't there; it finds so, and builds it."""
    if not SearchOutbox.objects.filter(index=index).exists():
        put([0], index)  # nobody's id


def _drain(index: SearchIndex) -> int:
    done = 0
    try:
        for _ in range(MOST_BATCHES):
            claimed = _drain_batch(index)
            done += claimed
            if claimed < BATCH:
                break
    except EngineDown as down:
        log.warning("search_index_waits", index=index.value, reason=str(down))
    return done


@transaction.atomic
def _drain_batch(index: SearchIndex) -> int:
    claimed = _claim(index)
    if not claimed or index not in active_indexes():
        return len(claimed)  # Switched off: whoever switches it on again rebuilds it.
    ids = sorted(set(claimed))
    if engine_for(index).is_ready():
        write(index, ids)
    else:
        rebuild(index)
    if index == SearchIndex.POSTGRES and settings.OPENSEARCH_URL:
        put(ids, SearchIndex.OPENSEARCH)
    return len(claimed)


def _claim(index: SearchIndex) -> list[int]:
    """Candidates of the oldest rows, as often as they stand there."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM talentpool_searchoutbox WHERE tenant_id = %s AND id IN (
                SELECT id FROM talentpool_searchoutbox WHERE tenant_id = %s AND index = %s
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            ) RETURNING candidate_id
            """,
            [current_tenant_id(), current_tenant_id(), index.value, BATCH],
        )
        return [candidate_id for (candidate_id,) in cursor.fetchall()]


@contextmanager
def _alone(index: SearchIndex) -> Iterator[bool]:
    lock = [_LOCKS + list(SearchIndex).index(index), current_tenant_id() % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
        (free,) = cursor.fetchone()
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)
