from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving
from talentpool.models.owned import OfCandidate
from talentpool.models.source import Source


class JobFamily(TenantModel):
    """Jobs of one trade, whatever departments they are in: what silver medalists and hires are asked for by."""

    name = models.CharField(max_length=100)

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint("tenant", Lower("name"), name="job_family_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class OwnPipeline(models.TextChoices):
    """Whether a job has a pipeline by itself."""

    AS_SET = "", "As for all jobs"
    YES = "yes", "Yes"
    NO = "no", "No"


class Job(TenantModel):
    """A position of the ATS, or one that was typed in here."""

    title = models.CharField(max_length=300)
    location = models.CharField(max_length=300, blank=True)
    department = models.CharField(max_length=200, blank=True)
    family = TenantForeignKey(JobFamily, models.SET_NULL, null=True, blank=True, related_name="jobs")
    text = models.TextField(blank=True)
    apply_url = models.CharField(max_length=2000, blank=True)
    team = models.JSONField(default=list)  # names of the hiring team, as the ATS has them
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    source = TenantForeignKey(Source, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    own_pipeline = models.CharField(max_length=3, choices=OwnPipeline.choices, blank=True, default="", db_default="")

    moving: ClassVar[Moving] = Moving(plain=["team"])

    class Meta(TenantModel.Meta):
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class ApplicationState(models.TextChoices):
    OPEN = "open", "Open"
    HIRED = "hired", "Hired"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Phase(models.TextChoices):
    """What a stage of an ATS means, whatever it is called there; in the order of a way through a job."""

    APPLIED = "applied", "Applied"
    SCREENING = "screening", "Screening"
    INTERVIEW = "interview", "Interview"
    OFFER = "offer", "Offer"
    HIRED = "hired", "Hired"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


FAR = (Phase.INTERVIEW, Phase.OFFER)  # who came so far and was not chosen was nearly


def reached(phase: str, state: str) -> str:
    """How far it has got, its end included: an ATS may leave whom it rejected in the stage she was in."""
    return phase if state == ApplicationState.OPEN else state


class Application(OfCandidate):
    """A person's way through one job in the ATS."""

    job = TenantForeignKey(Job, models.PROTECT, related_name="applications")
    source = TenantForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    stage = models.CharField(max_length=120, blank=True)  # as the ATS calls it
    phase = models.CharField(max_length=10, choices=Phase.choices, blank=True)  # blank: nobody has said what it means
    state = models.CharField(max_length=10, choices=ApplicationState.choices, default=ApplicationState.OPEN)
    reason = models.CharField(max_length=300, blank=True)  # why it ended, in the ATS's words
    applied_at = models.DateTimeField(null=True, blank=True)
    state_at = models.DateTimeField(null=True, blank=True)  # the ATS state is known as of then

    class Meta(OfCandidate.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["tenant", "candidate"], condition=models.Q(state="open"), name="application_open")
        ]

    def __str__(self) -> str:
        return f"{self.stage or self.get_state_display()}"

    @property
    def reached(self) -> str:
        return reached(self.phase, self.state)


class StepKind(models.TextChoices):
    APPLIED = "applied", "Applied"
    MOVED = "moved", "Moved"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    HIRED = "hired", "Hired"
    REOPENED = "reopened", "Opened again"
    OFFER = "offer", "Offer"
    INTERVIEW = "interview", "Interview"
    SCORECARD = "scorecard", "Scorecard"
    DELETED = "deleted", "Deleted in the ATS"


FAR_STEPS = (StepKind.INTERVIEW, StepKind.SCORECARD, StepKind.OFFER)


class ApplicationStep(OfCandidate):
    """Something that happened on the way through a job; `key` names it, so that it is told once."""

    application = TenantForeignKey(Application, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    stage = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=500, blank=True)  # a reason, an offer's state, who interviews
    at = models.DateTimeField()
    key = models.CharField(max_length=120)

    class Meta(OfCandidate.Meta):
        abstract = False
        ordering = ["at", "id"]
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "application", "key"], name="application_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.stage}".strip()
