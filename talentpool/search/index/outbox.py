"""Drains the outbox: people whose rows changed are made documents anew, in every index.

Rows are claimed by deleting them in the transaction that writes the documents: whatever stops the indexer, they are
there again, and doing them twice does no harm. The version is drawn after the claim and before the people are read.
So whoever draws the higher one has read the later state, or a state in which somebody else's row is still to come.
"""

from collections.abc import Sequence

import structlog
from django.conf import settings
from django.db import connection, transaction

from crm.tenancy.scope import current_tenant_id
from talentpool.models import SearchIndex, SearchOutbox
from talentpool.search.engines import engine_for
from talentpool.search.engines.base import EngineDown
from talentpool.search.index.documents import BATCH, documents_for
from talentpool.search.index.values import remember_values

log = structlog.get_logger()
_LOCK = 0x5EA2C4  # of the advisory locks of PostgreSQL, the one of this module


def tenants_waiting() -> list[int]:
    """Ids of the tenants with anything in the outbox; asked outside any scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_tenants_waiting()")
        return [tenant_id for (tenant_id,) in cursor.fetchall()]


def drain_alone() -> int:
    """Drain unless somebody else is at it for this tenant: a long backlog must not fill every worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, current_tenant_id() % 2**31])
        (free,) = cursor.fetchone()
    if not free:
        return 0
    try:
        return drain()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, current_tenant_id() % 2**31])


def drain(*, most_batches: int = 200) -> int:
    """Bring the current tenant's indexes up to date; how many rows of the outbox that took."""
    done = 0
    for index in SearchIndex:
        for _ in range(most_batches):
            try:
                drained = _drain_batch(index)
            except EngineDown as down:
                log.warning("search_index_waits", index=index.value, reason=str(down))
                break
            done += drained
            if drained < BATCH:
                break
    return done


@transaction.atomic
def _drain_batch(index: SearchIndex) -> int:
    claimed = _claim(index)
    ids = sorted(set(claimed))
    if index == SearchIndex.OPENSEARCH and not settings.OPENSEARCH_URL:
        return len(claimed)  # It was switched off; the sweep or a rebuild brings it up to date when it is back.
    if ids:
        write(index, ids)
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


def write(index: SearchIndex, candidate_ids: Sequence[int]) -> None:
    """Make the people's documents anew in one index, and remove those of whoever is no longer in the pool."""
    version = _next_version()
    documents = documents_for(candidate_ids)
    if index == SearchIndex.POSTGRES:
        remember_values(documents)
    present = {document.candidate_id for document in documents}
    engine_for(index).write(documents, [each for each in candidate_ids if each not in present], version)


def put(candidate_ids: Sequence[int], index: SearchIndex) -> None:
    SearchOutbox.objects.bulk_create([SearchOutbox(candidate_id=each, index=index) for each in candidate_ids])


def _next_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('search_version')")
        (version,) = cursor.fetchone()
    return int(version)
