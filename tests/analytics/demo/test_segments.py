from datetime import UTC, datetime, timedelta

from analytics.demo.segments import source_by_itself, tell_segments
from talentpool.actions.segments import save_search
from talentpool.models import Candidate, PipelineEntry, ScheduleRun, Segment, SegmentDay
from talentpool.search.index.outbox import drain
from tests.factories.pipelines import make_pipeline
from tests.talentpool.search.people import person

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_the_demos_segments_have_grown_with_their_people_and_fill_a_pipeline(tenant, member):
    for number in range(8):
        who = person(f"Nurse {number}", title="Nurse")
        Candidate.objects.filter(pk=who.pk).update(created_at=NOW - timedelta(days=40 * number))
    make_pipeline(member)
    nurses = save_search("Nurses", text="nurse", facets={}, by=member)
    drain()
    tell_segments(now=NOW)
    assert [(day.size, day.joined) for day in SegmentDay.objects.filter(segment=nurses)] == [
        (5, 1),
        (6, 1),
        (7, 1),
        (8, 1),
    ]
    assert Segment.objects.exclude(ready_made="").count() == 4
    source_by_itself(now=NOW)
    run = ScheduleRun.objects.get()
    assert (run.put, run.left_over, PipelineEntry.objects.count()) == (5, 3, 5)
