from django.db import models

from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from talentpool.models.owned import OfCandidate


class Job(TenantModel):
    """A position of the ATS."""

    title = models.CharField(max_length=300)
    location = models.CharField(max_length=300, blank=True)
    department = models.CharField(max_length=200, blank=True)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class ApplicationState(models.TextChoices):
    OPEN = "open", "Open"
    HIRED = "hired", "Hired"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Application(OfCandidate):
    """A person's way through one job in the ATS."""

    job = TenantForeignKey(Job, models.PROTECT, related_name="applications")
    stage = models.CharField(max_length=120, blank=True)  # as the ATS calls it
    state = models.CharField(max_length=10, choices=ApplicationState.choices, default=ApplicationState.OPEN)
    applied_at = models.DateTimeField(null=True, blank=True)
    state_at = models.DateTimeField(null=True, blank=True)  # the ATS state is known as of then

    class Meta(OfCandidate.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["tenant", "candidate"], condition=models.Q(state="open"), name="application_open")
        ]

    def __str__(self) -> str:
        return f"{self.stage or self.get_state_display()}"
