"""Who is in which segment: judged for whoever has just been made a document anew, in the same transaction.

So membership is never older than search itself. A full count (talentpool.actions.segment_counts) puts right what ages
without a change. The two take turns: every writing of rows holds its segment's row, and a count begins when no drain is
under way that knew the segment's earlier query, or not the segment at all.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from crm.models import Tenant
from crm.tenancy.scope import current_tenant_id
from talentpool.models import Segment, SegmentDay, SegmentMember
from talentpool.queries.selections import search_of
from talentpool.search.engines.base import Question
from talentpool.search.find import QueryError, expansion_of, question_of
from talentpool.search.index.document import Document
from talentpool.search.judge import Subject, finds
from talentpool.search.own_fields import own_fields
from talentpool.signals import segment_changed

_LOCK = 0x5EA2C410  # the advisory lock of PostgreSQL between drains and the beginnings of counts

Pair = tuple[int, int]  # segment, candidate


def take_turns() -> None:
    """To be called by a drain at the start of its transaction: counts begin before it or after it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_LOCK, current_tenant_id() % 2**31])


def await_drains() -> None:
    """Within a transaction: every drain that goes on afterwards has seen what was saved before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, current_tenant_id() % 2**31])


def keep_memberships(documents: Sequence[Document], candidate_ids: Sequence[int], *, now: datetime) -> None:
    """These people's memberships as they should be; who has no document is in no segment."""
    segments = {segment.pk: segment for segment in Segment.objects.live()}
    questions = questions_of(segments.values())
    should = {
        (pk, subject.document.candidate_id)
        for subject in map(Subject, documents)
        for pk, question in questions.items()
        if finds(question.clause, question.chosen, subject)
    }
    changed = {pk for pk, _ in should ^ _rows(questions, candidate_ids)}
    for pk in sorted(changed):
        wanted = {candidate_id for segment_id, candidate_id in should if segment_id == pk}
        with transaction.atomic():
            if held := hold(segments[pk]):
                has = {candidate_id for _, candidate_id in _rows([pk], candidate_ids)}
                put_right(held, joined=wanted - has, left=has - wanted, now=now)


def questions_of(segments: Iterable[Segment]) -> Mapping[int, Question]:
    """What each asks; one that can't be read any more, because a field is gone, keeps the members it has."""
    own, questions = own_fields(restricted=True), {}
    for segment in segments:
        try:
            request = search_of(segment)
            questions[segment.pk] = question_of(request, expansion=expansion_of(request, own))
        except QueryError:
            continue
    return questions


def hold(segment: Segment) -> Segment | None:
    """The segment's row until the transaction ends; None when it is gone, or asks something else by now."""
    held = Segment.objects.select_for_update(of=("self",), no_key=True).filter(pk=segment.pk).first()
    return held if held and held.search == segment.search else None


def put_right(segment: Segment, *, joined: Collection[int], left: Collection[int], now: datetime) -> None:
    """Writes who joined and who left a segment that is held, and the day's numbers.

    Until a new query is counted only its size changes: nobody joins or leaves by their own doing.
    """
    if not joined and not left:
        return
    SegmentMember.objects.filter(segment=segment, candidate_id__in=left).delete()
    _write(segment, sorted(joined), now)
    Segment.objects.filter(pk=segment.pk).update(size=F("size") + len(joined) - len(left))
    segment.refresh_from_db(fields=["size"])
    day = _day_of(segment, now)
    day.size = segment.size
    if segment.counted_at is None:
        day.is_new_query = True
    else:
        day.joined, day.left = day.joined + len(joined), day.left + len(left)
    day.save()
    transaction.on_commit(
        lambda: segment_changed.send(sender=Segment, segment_id=segment.pk, joined=sorted(joined), left=sorted(left))
    )


def _write(segment: Segment, joined: list[int], now: datetime) -> None:
    """As one array: model instances would cost most of the first count of a large segment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO talentpool_segmentmember (tenant_id, segment_id, candidate_id, joined_at) "
            "SELECT %s, %s, unnest(%s::bigint[]), %s",
            [current_tenant_id(), segment.pk, joined, now],
        )


def begin_day(segment: Segment, now: datetime) -> None:
    """The history of a new query begins on this day."""
    day = _day_of(segment, now)
    day.size, day.is_new_query = segment.size, True
    day.save()


def _day_of(segment: Segment, now: datetime) -> SegmentDay:
    tenant = Tenant.objects.get(pk=current_tenant_id())
    return SegmentDay.objects.get_or_create(segment=segment, day=now.astimezone(tenant.zone).date())[0]


def _rows(segment_ids: Collection[int], candidate_ids: Sequence[int]) -> set[Pair]:
    rows = SegmentMember.objects.filter(candidate_id__in=candidate_ids, segment_id__in=list(segment_ids))
    return set(rows.values_list("segment_id", "candidate_id"))
