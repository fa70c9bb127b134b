from typing import ClassVar

from django.db import models

from ats_sync.models.connection import Connection
from ats_sync.vocabulary import Kind
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class DriftState(models.TextChoices):
    FOUND = "found", "Found"
    SETTLED = "settled", "Settled"


class Sweep(TenantModel):
    """One look at all ids of the ATS: how many there are on both sides, and what differed."""

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="sweeps")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    there = models.JSONField(default=dict)  # kind -> number
    here = models.JSONField(default=dict)
    gone = models.PositiveIntegerField(default=0)  # were deleted there without a word
    missed = models.PositiveIntegerField(default=0)  # were new or changed there without a word
    error = models.CharField(max_length=500, blank=True)

    moving: ClassVar[Moving] = Moving(left_out="it belongs to a connection")

    class Meta(TenantModel.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"sweep of {self.began_at:%Y-%m-%d %H:%M}"


class Drift(TenantModel):
    """What differed between the ATS and here when somebody looked."""

    sweep = TenantForeignKey(Sweep, models.CASCADE, related_name="differences")
    connection = TenantForeignKey(Connection, models.CASCADE, related_name="differences")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    external_id = models.CharField(max_length=100)
    says = models.CharField(max_length=300)  # what differed, without names
    state = models.CharField(max_length=10, choices=DriftState.choices, default=DriftState.FOUND)
    found_at = models.DateTimeField()

    moving: ClassVar[Moving] = Moving(left_out="it belongs to a connection")

    class Meta(TenantModel.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.says
