"""Drains the outbox: people whose rows changed are made documents anew, in every index.

Rows are claimed by deleting them in the transaction that writes the documents: whatever stops the indexer, they are
there again, and doing them twice does no harm. What somebody changed just now goes before what an import left.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import structlog
from django.db import connection, transaction
from django.utils import timezone

from crm.tenancy.scope import current_tenant_id
from talentpool.models import SearchIndex, SearchOutbox, SearchRebuild
from talentpool.models.outboxes import MANY, MOST_OF_A_ROW
from talentpool.search.engines import active_indexes
from talentpool.search.engines.base import EngineDown
from talentpool.search.index.documents import BATCH
from talentpool.search.index.memberships import keep_memberships, take_turns
from talentpool.search.index.rebuilding import ask_for_rebuild, step
from talentpool.search.index.writing import write

MOST_BATCHES = 200  # in one go; what is left is the next second's
# People of the rows that are taken together. An act upon many changes each person in several tables, one row each: who
# stands in more of them is made anew once.
TOGETHER = 6 * MOST_OF_A_ROW
_LOCKS = 0x5EA2C400  # the advisory locks of PostgreSQL that are this module's: one per index and tenant

log = structlog.get_logger()


def tenants_waiting() -> list[int]:
    """Ids of the tenants with anything in the outbox, or a rebuild to go on with; asked outside any scope."""
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
    parts = [list(candidate_ids[at : at + MOST_OF_A_ROW]) for at in range(0, len(candidate_ids), MOST_OF_A_ROW)]
    SearchOutbox.objects.bulk_create(
        [SearchOutbox(candidate_ids=each, index=index, many=len(each) >= MANY) for each in parts]
    )


def rebuild(index: SearchIndex, *, progress: Callable[[int], None] = lambda people: None) -> int:
    """Build the index anew here and now, or look on while another worker does; how many people it holds then."""
    ask_for_rebuild(index)
    while going_on := SearchRebuild.objects.unfinished(index).first():
        progress(going_on.people)
        with _alone(index) as alone:
            if alone:
                step(index)
                _drain_batch(index)
            else:
                time.sleep(1)
    return SearchRebuild.objects.get(index=index).people


def _drain(index: SearchIndex) -> int:
    done = 0
    try:
        for _ in range(MOST_BATCHES):
            is_rebuilding = step(index)
            claimed = _drain_batch(index)
            done += claimed
            if not claimed and not is_rebuilding:
                break
    except EngineDown as down:
        log.warning("search_index_waits", index=index.value, reason=str(down))
    return done


@transaction.atomic
def _drain_batch(index: SearchIndex) -> int:
    claimed = _claim(index, many=False) or _claim(index, many=True)
    if not claimed or index not in active_indexes():
        return len(claimed)  # Switched off: whoever switches it on again rebuilds it.
    ids = sorted(set().union(*claimed))
    for at in range(0, len(ids), BATCH):
        _write(index, ids[at : at + BATCH])
    if index == SearchIndex.POSTGRES:
        for follower in active_indexes()[1:]:
            put(ids, follower)
    return len(claimed)


def _write(index: SearchIndex, candidate_ids: list[int]) -> None:
    """With PostgreSQL's index, which is always kept and first, go the segments that these people are in from now on."""
    if index == SearchIndex.POSTGRES:
        take_turns()
        keep_memberships(write(index, candidate_ids), candidate_ids, now=timezone.now())
    else:
        write(index, candidate_ids)


def _claim(index: SearchIndex, *, many: bool) -> list[list[int]]:
    """The people of the oldest rows, of each row a list."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM talentpool_searchoutbox WHERE tenant_id = %s AND id IN (
                SELECT id FROM (
                    SELECT id, sum(people) OVER (ORDER BY id) - people AS before FROM (
                        SELECT id, cardinality(candidate_ids) AS people FROM talentpool_searchoutbox
                        WHERE tenant_id = %s AND index = %s AND many = %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                    ) AS oldest
                ) AS counted WHERE before < %s
            ) RETURNING candidate_ids
            """,
            [current_tenant_id(), current_tenant_id(), index.value, many, BATCH, TOGETHER],
        )
        return [candidate_ids for (candidate_ids,) in cursor.fetchall()]


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
