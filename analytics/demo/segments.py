"""What became of the demo's segments in the last months, as if each had been there all along."""

from collections import Counter
from datetime import date, datetime, timedelta

from talentpool.actions.ready_made import keep_ready_made
from talentpool.actions.schedules import make_schedule, run_due_schedules
from talentpool.actions.segment_counts import count_anew, segments_to_count
from talentpool.models import Pipeline, Segment, SegmentDay, SegmentMember

MONTHS = timedelta(days=120)


def tell_segments(*, now: datetime) -> None:
    """Needs a search that knows everybody."""
    keep_ready_made()
    for pk in segments_to_count():
        count_anew(pk, now=now)
    for segment in Segment.objects.live():
        members = list(SegmentMember.objects.filter(segment=segment).select_related("candidate"))
        for member in members:
            member.joined_at = min(member.candidate.created_at, now)
        SegmentMember.objects.bulk_update(members, ["joined_at"], batch_size=1_000)
        _tell(segment, Counter(member.joined_at.date() for member in members), since=(now - MONTHS).date())


def source_by_itself(*, now: datetime) -> None:
    """The first segment that somebody saved fills the first pipeline, five people a day."""
    segment = Segment.objects.live().filter(ready_made="").order_by("pk").first()
    pipeline = Pipeline.objects.current().filter(job=None).order_by("pk").first()
    if segment is None or segment.by is None or pipeline is None:
        return
    make_schedule(segment, pipeline=pipeline, most=5, with_present=True, by=segment.by, now=now - timedelta(days=1))
    run_due_schedules(now=now - timedelta(days=1))


def _tell(segment: Segment, joined: Counter[date], *, since: date) -> None:
    size = sum(number for day, number in joined.items() if day < since)
    days = [SegmentDay(segment=segment, day=since, size=size, is_new_query=True)]
    for day in sorted(each for each in joined if each >= since):
        size += joined[day]
        if day == since:
            days[0].size, days[0].joined = size, joined[day]
        else:
            days.append(SegmentDay(segment=segment, day=day, size=size, joined=joined[day]))
    SegmentDay.objects.filter(segment=segment).delete()
    SegmentDay.objects.bulk_create(days)
