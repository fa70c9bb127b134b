from typing import ClassVar

from django.db import models
from django.utils import timezone

from ats_sync.models.connection import Connection
from ats_sync.vocabulary import Kind
from crm.models.leased import Leased, WorkState
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class DriftState(models.TextChoices):
    FOUND = "found", "Found"
    SETTLED = "settled", "Settled"


class Sweep(Leased):
    """One look at all that the ATS has: how many there are on both sides, and what differed.

    It takes many turns. Of the kind that is looked through now the list is read first, up to `place`; then is asked
    for what is known here and was not met there, by the record's id up to `after`.
    """

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="sweeps")
    settles = models.BooleanField(default=True)  # else what differs is only written down
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(default=timezone.now)  # when it is worth going on
    kind = models.CharField(max_length=12, choices=Kind.choices, blank=True)
    kind_began_at = models.DateTimeField(null=True, blank=True)
    place = models.TextField(blank=True)
    is_listed = models.BooleanField(default=False)
    after = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)  # one after the other
    there = models.JSONField(default=dict)  # kind -> number
    here = models.JSONField(default=dict)
    gone = models.PositiveIntegerField(default=0)  # were deleted there without a word
    missed = models.PositiveIntegerField(default=0)  # were new or changed there without a word
    error = models.CharField(max_length=500, blank=True)

    moving: ClassVar[Moving] = Moving(left_out="it belongs to a connection")

    class Meta(Leased.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            *Leased.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "connection"],
                condition=models.Q(state__in=[WorkState.QUEUED, WorkState.RUNNING]),
                name="sweep_one_at_a_time",
            ),
        ]

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
