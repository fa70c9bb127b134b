from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from campaigns.models.status_rule import StatusRule
from crm.models import Member
from crm.models.tenant import validate_time_zone
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantModel, TenantQuerySet
from crm.tenancy.moving import Moving
from talentpool.models import Job, Pipeline, Schedule, Segment, Selection, Stage
from talentpool.models.schedule import MOST_A_RUN


class CampaignState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    SENDING = "sending", "Sending"
    PAUSED = "paused", "Paused"
    SENT = "sent", "Sent"
    CANCELLED = "cancelled", "Cancelled"


class Audience(models.TextChoices):
    SEGMENT = "segment", "A segment"
    PIPELINE = "pipeline", "Everyone in a pipeline"
    STAGE = "stage", "A pipeline’s stage"
    SELECTION = "selection", "A selection"


class CampaignQuerySet(TenantQuerySet["Campaign"]):
    def due(self) -> "CampaignQuerySet":
        return self.filter(state=CampaignState.SCHEDULED, send_at__lte=models.functions.Now())

    def written_by_hand(self) -> "CampaignQuerySet":
        """Without those that carry status messages, which have a page of their own."""
        return self.filter(status_rule=None)

    def for_list(self) -> "CampaignQuerySet":
        return (
            self.written_by_hand()
            .select_related("segment", "pipeline", "stage__pipeline", "selection", "by")
            .order_by("-id")
        )


class Campaign(TenantModel):
    """One message to many people. From its planning on its words stand still: what was approved is what leaves."""

    name = models.CharField(max_length=200)
    subject = models.CharField(max_length=300, blank=True)
    preheader = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True, max_length=100_000)
    sender_name = models.CharField(max_length=200, blank=True)
    reply_to = models.EmailField(blank=True)

    audience = models.CharField(max_length=10, choices=Audience.choices, blank=True)
    segment = TenantForeignKey(Segment, models.PROTECT, null=True, blank=True, related_name="campaigns")
    pipeline = TenantForeignKey(Pipeline, models.PROTECT, null=True, blank=True, related_name="campaigns")
    stage = TenantForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="campaigns")
    selection = TenantForeignKey(Selection, models.PROTECT, null=True, blank=True, related_name="campaigns")

    # One of these carries the status messages of a rule's words for a job; people come to it one by one.
    status_rule = TenantForeignKey(StatusRule, models.CASCADE, null=True, blank=True, related_name="campaigns")
    status_job = TenantForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)

    send_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, validators=[validate_time_zone])
    per_minute = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )

    # Whoever comes to its audience later is written to as well, so many each time.
    follow_every = models.CharField(max_length=10, choices=Schedule.Every.choices, blank=True)
    follow_most = models.PositiveSmallIntegerField(
        default=25, validators=[MinValueValidator(1), MaxValueValidator(MOST_A_RUN)]
    )
    follow_at = models.DateTimeField(null=True, blank=True)  # when it looks for them next; None: it doesn't, or not yet

    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT)
    trouble = models.CharField(max_length=500, blank=True)  # what keeps it from leaving, in a sentence
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TenantManager.from_queryset(CampaignQuerySet)()

    moving: ClassVar[Moving] = Moving(arrives={"state": {"scheduled": "draft", "sending": "paused"}})

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="campaign_one_audience",
                condition=models.Q(audience="", segment=None, pipeline=None, stage=None, selection=None)
                | models.Q(audience="segment", segment__isnull=False, pipeline=None, stage=None, selection=None)
                | models.Q(audience="pipeline", segment=None, pipeline__isnull=False, stage=None, selection=None)
                | models.Q(audience="stage", segment=None, pipeline=None, stage__isnull=False, selection=None)
                | models.Q(audience="selection", segment=None, pipeline=None, stage=None, selection__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "state"], condition=models.Q(state__in=["scheduled", "sending"]), name="campaign_open"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_editable(self) -> bool:
        return self.state == CampaignState.DRAFT

    @property
    def has_left(self) -> bool:
        """Some of it may be in people's mailboxes: there is a report."""
        return self.planned_at is not None

    @property
    def is_running(self) -> bool:
        return self.state in (CampaignState.SENDING, CampaignState.PAUSED)

    @property
    def may_be_cancelled(self) -> bool:
        return self.state in (CampaignState.SCHEDULED, CampaignState.SENDING, CampaignState.PAUSED)

    @property
    def may_follow(self) -> bool:
        """Its audience is one that people come to."""
        return self.audience in (Audience.SEGMENT, Audience.PIPELINE, Audience.STAGE)

    @property
    def will_follow(self) -> bool:
        return self.may_follow and bool(self.follow_every)

    @property
    def is_following(self) -> bool:
        return self.is_running and self.follow_at is not None

    @property
    def audience_label(self) -> str:
        if self.status_job is not None:
            return f"people who applied for “{self.status_job}”"
        if self.segment is not None:
            return f"the segment “{self.segment.name}”"
        if self.stage is not None:
            return f"the stage “{self.stage.name}” of “{self.stage.pipeline.name}”"
        if self.pipeline is not None:
            return f"everyone in “{self.pipeline.name}”"
        return str(self.selection) if self.selection is not None else ""
