"""What is done with new matches of a segment by itself: a digest to a member, and schedules that put them somewhere."""

from datetime import timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving
from talentpool.models.owned import OfCandidate
from talentpool.models.pipeline import Pipeline
from talentpool.models.segment import Segment
from talentpool.models.tag import Tag

MOST_A_RUN = 500


class SegmentAlert(TenantModel):
    """A member who is told by mail of whoever comes to match; `told_at` is up to when the last letter told."""

    class Every(models.TextChoices):
        DAY = "day", "Each morning"
        WEEK = "week", "On Monday mornings"

    segment = TenantForeignKey(Segment, models.CASCADE, related_name="alerts", db_index=False)
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    every = models.CharField(max_length=10, choices=Every.choices)
    told_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "segment", "member"], name="segment_alert_once"),
        ]

    def __str__(self) -> str:
        return f"segment {self.segment_id} to member {self.member_id}, each {self.every}"


class Schedule(TenantModel):
    """Puts new matches of a segment into a pipeline, or gives them a tag, so many at a time."""

    class Every(models.TextChoices):
        HOUR = "hour", "Every hour"
        DAY = "day", "Every day"
        WEEK = "week", "Every week"

        @property
        def span(self) -> timedelta:
            return {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[self.value]

    segment = TenantForeignKey(Segment, models.CASCADE, related_name="schedules")
    pipeline = TenantForeignKey(Pipeline, models.CASCADE, null=True, blank=True, related_name="+")
    tag = TenantForeignKey(Tag, models.CASCADE, null=True, blank=True, related_name="+")
    every = models.CharField(max_length=10, choices=Every.choices, default=Every.DAY)
    most = models.PositiveSmallIntegerField(
        default=25, validators=[MinValueValidator(1), MaxValueValidator(MOST_A_RUN)]
    )
    since = models.DateTimeField(
        null=True, blank=True
    )  # whoever joined later is new; None: whoever is in it at first, too
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    next_at = models.DateTimeField(null=True, blank=True)  # None: paused
    trouble = models.CharField(max_length=300, blank=True)  # why it paused by itself
    created_at = models.DateTimeField(auto_now_add=True)

    # An organisation that a pool moves to begins nothing by itself.
    moving: ClassVar[Moving] = Moving(emptied=["next_at"])

    class Meta(TenantModel.Meta):
        ordering = ["pk"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(pipeline__isnull=False, tag=None) | models.Q(pipeline=None, tag__isnull=False),
                name="schedule_has_one_target",
                violation_error_message="Choose a pipeline or a tag, one of the two.",
            ),
        ]

    def __str__(self) -> str:
        target = f"into the pipeline “{self.pipeline}”" if self.pipeline else f"the tag “{self.tag}”"
        return f"New matches of “{self.segment}”: {target}"


class ScheduleRun(TenantModel):
    """One run: how many new matches were put where they belong, had been there before, and are left for the next."""

    schedule = TenantForeignKey(Schedule, models.CASCADE, related_name="runs")
    at = models.DateTimeField()
    put = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    left_over = models.PositiveBigIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"run of schedule {self.schedule_id} at {self.at}"


class ScheduledPerson(OfCandidate):
    """A person whom a schedule has dealt with, and never does again. Merging keeps that."""

    once = ("schedule",)
    derived = True

    schedule = TenantForeignKey(Schedule, models.CASCADE, related_name="people")
    run = TenantForeignKey(ScheduleRun, models.CASCADE, related_name="people")
    was_there = models.BooleanField()  # before, and so was skipped

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "schedule", "candidate", "origin"], name="scheduled_person_once"),
        ]

    def __str__(self) -> str:
        return f"candidate {self.candidate_id} by schedule {self.schedule_id}"
