"""Finds who may be the same person: compares what is new with the pool, asks, and has merged what is beyond doubt.

Records wait in MatchOutbox, which triggers fill; rows are claimed by deleting them in the transaction that writes down
what was found. Whatever stops the work, they are there again, and doing it twice changes nothing. What came alone goes
before what came in large numbers.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.utils import timezone

from crm.models.leased import WorkState
from crm.tenancy.scope import current_tenant_id
from talentpool.actions.arrived_many import compare_many, many_wait
from talentpool.actions.block_rows import write_blocks
from talentpool.actions.joining import join_found
from talentpool.actions.match_questions import ask, forget_unfound
from talentpool.actions.matching_rules import current_rules, thresholds_of
from talentpool.identity.scoring import scored_for
from talentpool.models import ImportRun, ImportStep, PersonTraits

BATCH = 1_000  # rows of the outbox that are compared together: few records each, or one row of many
MOST_BATCHES = 200  # in one go; what is left is the next run's
MOST_RECORDS = 200  # of one person that are compared together
_LOCK = 0x1DE27000  # the advisory lock of PostgreSQL that is this module's

log = structlog.get_logger()


def tenants_waiting() -> list[int]:
    """Ids of the tenants with records that wait to be compared; asked outside any scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT match_tenants_waiting()")
        return [tenant_id for (tenant_id,) in cursor.fetchall()]


def find_waiting() -> int:
    """Compares what waits in the current tenant and merges what the rules let; how many records were looked at.

    If somebody else is at it, it is left to them; while an import brings people in, it waits for the import's end.
    """
    done = 0
    with _alone() as alone:
        for _ in range(MOST_BATCHES if alone else 0):
            if ImportRun.objects.filter(step=ImportStep.RUN, state=WorkState.RUNNING).exists():
                break
            settled = _next_step()
            join_found(now=timezone.now())
            if settled is None:
                break
            done += settled
    return done


def _next_step() -> int | None:
    """What came alone first; None when nothing waits."""
    if settled := find_batch(now=timezone.now()):
        return settled
    return compare_many() if many_wait() else find_batch(now=timezone.now(), many=True) or None


@transaction.atomic
def find_batch(*, now: datetime, many: bool = False) -> int:
    """Compares the people of the oldest waiting records, all of their records at once, with the pool.

    `many` takes those that came in large numbers.
    """
    claimed = _claim(many=many)
    if claimed:
        write_blocks(claimed)
        thresholds = thresholds_of(current_rules(now=now))
        people = set(PersonTraits.objects.filter(pk__in=claimed).values_list("candidate_id", flat=True))
        whole, traits_ids = _records_of(people, claimed)
        found = scored_for(traits_ids, thresholds.ask)
        forget_unfound(whole, found)
        ask(found, thresholds)
    return len(claimed)


def _records_of(people: set[int], claimed: Sequence[int]) -> tuple[set[int], list[int]]:
    """Who is looked at with all of their records, and the records to look at."""
    rows = PersonTraits.objects.filter(candidate__in=people).values_list("candidate_id", "pk").order_by("pk")
    theirs: dict[int, list[int]] = {}
    for candidate_id, pk in rows:
        theirs.setdefault(candidate_id, []).append(pk)
    whole = {candidate_id for candidate_id, ids in theirs.items() if len(ids) <= MOST_RECORDS}
    asked = set(claimed)
    return whole, [pk for candidate_id, ids in theirs.items() for pk in ids if candidate_id in whole or pk in asked]


def _claim(*, many: bool) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM talentpool_matchoutbox WHERE tenant_id = %s AND id IN (
                SELECT id FROM talentpool_matchoutbox WHERE tenant_id = %s AND many = %s
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            ) RETURNING traits_ids
            """,
            [current_tenant_id(), current_tenant_id(), many, 1 if many else BATCH],
        )
        return [traits_id for (traits_ids,) in cursor.fetchall() for traits_id in traits_ids]


@contextmanager
def _alone() -> Iterator[bool]:
    lock = [_LOCK, current_tenant_id() % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
        (free,) = cursor.fetchone()
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)
