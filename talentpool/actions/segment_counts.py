"""Segments counted in full: when one is made or asks something new, and every night for what ages without a change.

A count takes the ids of PostgreSQL's index as of one moment and puts right what differs from the members, thousands at
a time. Whoever was made a document anew since that moment is judged once more at the end, so that the count never
undoes what the indexer knew better. Two counts at once, or one that is killed, do no harm.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from crm.tenancy.scope import current_tenant_id
from talentpool.models import SearchDocument, SearchIndex, Segment, SegmentMember
from talentpool.search.engines.postgres import PostgresEngine
from talentpool.search.index.memberships import await_drains, begin_day, hold, put_right, questions_of
from talentpool.search.index.outbox import put

AT_ONCE = 5_000


def count_anew(segment_id: int, *, now: datetime | None = None) -> bool:
    """False where there was nothing to count: the segment is gone, hidden, can't be read, or changed meanwhile."""
    now = now or timezone.now()
    with transaction.atomic():
        await_drains()
    segment = Segment.objects.live().filter(pk=segment_id).first()
    question = questions_of([segment]).get(segment_id) if segment else None
    if segment is None or question is None:
        return False
    moment = _moment()
    found = set(PostgresEngine().ids(question))
    members = set(SegmentMember.objects.filter(segment=segment).values_list("candidate_id", flat=True))
    for joined, left in _slices(sorted(found - members), sorted(members - found)):
        with transaction.atomic():
            held = hold(segment)
            if held is None:
                return False
            there = SegmentMember.objects.filter(segment=segment, candidate_id__in=[*joined, *left])
            known = set(there.values_list("candidate_id", flat=True))
            put_right(held, joined=set(joined) - known, left=set(left) & known, now=now)
    return _close(segment, moment, now)


def _slices(joined: list[int], left: list[int]) -> Iterator[tuple[list[int], list[int]]]:
    for at in range(0, max(len(joined), len(left)), AT_ONCE):
        yield joined[at : at + AT_ONCE], left[at : at + AT_ONCE]


@transaction.atomic
def _close(segment: Segment, moment: str, now: datetime) -> bool:
    held = hold(segment)
    if held is None:
        return False
    documents = SearchDocument.objects.filter(pk=OuterRef("candidate_id"))
    gone = SegmentMember.objects.filter(~Exists(documents), segment=segment)
    put_right(held, joined=(), left=set(gone.values_list("candidate_id", flat=True)), now=now)
    put(_changed_since(moment), SearchIndex.POSTGRES)
    if held.counted_at is None:
        begin_day(held, now)
    Segment.objects.filter(pk=segment.pk).update(counted_at=now)
    return True


def _moment() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        (moment,) = cursor.fetchone()
    return str(moment)


def _changed_since(moment: str) -> list[int]:
    """Whose documents were written by transactions that a question at that moment did not see.

    A row says its transaction in 32 bits; our own one's number and the row's age give all 64.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM (
                SELECT id, pg_current_xact_id()::text::bigint - age(xmin) AS written_by
                FROM talentpool_searchdocument WHERE tenant_id = %s
            ) AS d
            WHERE written_by >= pg_snapshot_xmin(%s::pg_snapshot)::text::bigint
                AND NOT pg_visible_in_snapshot(written_by::text::xid8, %s::pg_snapshot)
            ORDER BY id
            """,
            [current_tenant_id(), moment, moment],
        )
        return [candidate_id for (candidate_id,) in cursor.fetchall()]


def count_everything() -> int:
    """Every segment, as each night; how many."""
    return sum(count_anew(pk) for pk in Segment.objects.live().order_by("pk").values_list("pk", flat=True))


def segments_to_count() -> list[int]:
    """Those whose query is new or changed and that nobody counted yet: their task was lost, or the pool moved here."""
    return list(Segment.objects.live().filter(counted_at=None).values_list("pk", flat=True))
