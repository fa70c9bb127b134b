"""Always be sourcing: new matches of a segment put into a pipeline, or tagged, by themselves.

A run is one transaction. It claims its schedule by moving `next_at` on from the time that it saw, puts people where
they belong, and writes down whom: whatever stops it, the schedule is due again and nobody is lost or put twice.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.permissions import Permission, may
from talentpool.actions import tags  # as a whole: it comes to here by its own imports
from talentpool.actions.pipelines import add_to_pipeline
from talentpool.models import Pipeline, Schedule, ScheduledPerson, ScheduleRun, Segment, SegmentMember, Tag
from talentpool.queries.segments import segment_for
from talentpool.signals import segment_ran


@transaction.atomic
def make_schedule(
    segment: Segment,
    *,
    pipeline: Pipeline | None = None,
    tag: Tag | None = None,
    every: str = Schedule.Every.DAY,
    most: int = 25,
    with_present: bool = False,
    by: Member,
    now: datetime | None = None,
) -> Schedule:
    """Its first run is at once; without `with_present` who is in the segment now is not new."""
    now = now or timezone.now()
    schedule = Schedule.objects.create(
        segment=segment,
        pipeline=pipeline,
        tag=tag,
        every=every,
        most=most,
        since=None if with_present else now,
        by=by,
        next_at=now,
    )
    record("schedule.made", schedule, by=by, segment_id=segment.pk, every=every, most=most)
    return schedule


@transaction.atomic
def pause_schedule(schedule: Schedule, *, by: Member) -> None:
    if Schedule.objects.filter(pk=schedule.pk, next_at__isnull=False).update(next_at=None, trouble=""):
        record("schedule.paused", schedule, by=by)


@transaction.atomic
def resume_schedule(schedule: Schedule, *, by: Member, now: datetime | None = None) -> None:
    """Whoever came to match meanwhile is new. From now on it works in this member's name."""
    resumed = Schedule.objects.filter(pk=schedule.pk, next_at=None)
    if resumed.update(next_at=now or timezone.now(), trouble="", by=by):
        record("schedule.resumed", schedule, by=by)


@transaction.atomic
def remove_schedule(schedule: Schedule, *, by: Member) -> None:
    record("schedule.removed", schedule, by=by)
    Schedule.objects.filter(pk=schedule.pk).delete()


def run_due_schedules(*, now: datetime | None = None) -> int:
    """How many ran."""
    now = now or timezone.now()
    due = Schedule.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    return sum(run_schedule(schedule, now=now) is not None for schedule in due.select_related("segment", "by"))


@transaction.atomic
def run_schedule(schedule: Schedule, *, now: datetime) -> ScheduleRun | None:
    """None when another worker has it, or somebody paused it."""
    seen = Schedule.objects.filter(pk=schedule.pk, next_at=schedule.next_at, next_at__isnull=False)
    if not seen.update(next_at=now + Schedule.Every(schedule.every).span):
        return None
    if trouble := _trouble_of(schedule):
        Schedule.objects.filter(pk=schedule.pk).update(next_at=None, trouble=trouble)
        return ScheduleRun.objects.create(schedule=schedule, at=now, trouble=trouble)
    new = new_matches(schedule)
    ids = list(new.values_list("candidate_id", flat=True)[: schedule.most])
    put = set(_put(schedule, ids, now))
    run = ScheduleRun.objects.create(
        schedule=schedule, at=now, put=len(put), skipped=len(ids) - len(put), left_over=new.count() - len(ids)
    )
    ScheduledPerson.objects.bulk_create(
        ScheduledPerson(schedule=schedule, run=run, candidate_id=pk, origin_id=pk, was_there=pk not in put)
        for pk in ids
    )
    if ids:
        segment_ran.send(
            sender=ScheduleRun, segment=schedule.segment, name=str(schedule), by=schedule.by, at=now, found=ids,
            put=sorted(put), act="pipeline" if schedule.pipeline else "tag", pipeline=schedule.pipeline,
        )  # fmt: skip
    return run


def new_matches(schedule: Schedule) -> QuerySet[SegmentMember]:
    """Members of the segment that this schedule hasn't dealt with, who joined first coming first."""
    done = ScheduledPerson.objects.filter(schedule=schedule, candidate_id=OuterRef("candidate_id"))
    there = SegmentMember.objects.filter(
        ~Exists(done), segment=schedule.segment, candidate__merged_into=None, candidate__erased_at=None
    )
    if schedule.since:
        there = there.filter(joined_at__gt=schedule.since)
    return there.order_by("joined_at", "candidate_id")


def _put(schedule: Schedule, ids: list[int], now: datetime) -> list[int]:
    if not ids:
        return []
    if schedule.pipeline:
        return add_to_pipeline(schedule.pipeline, ids, by=schedule.by, now=now)
    assert schedule.tag is not None  # the table's constraint
    return tags.tag_people(schedule.tag, ids, by=schedule.by, now=now)


def _trouble_of(schedule: Schedule) -> str:
    """Why it may not run: it does nothing that the member in whose name it works could not do by hand."""
    needed = Permission.EDIT_PIPELINES if schedule.pipeline else Permission.EDIT_CANDIDATES
    if schedule.by.removed_at or not may(schedule.by, needed):
        return f"{schedule.by.name}, in whose name it works, may not do this any more. Whoever may can resume it."
    if segment_for(schedule.by, schedule.segment_id) is None or schedule.segment.hidden_at:
        return f"{schedule.by.name}, in whose name it works, doesn’t see the segment any more."
    if schedule.pipeline and schedule.pipeline.archived_at:
        return "The pipeline has been put away."
    return ""
