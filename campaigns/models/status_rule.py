from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator
from django.db import models

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving, Ref
from talentpool.models import Phase

LONGEST_DELAY = 14 * 24 * 60


class StatusRule(TenantModel):
    """What candidates are told when their application comes to a phase: off until somebody turns it on."""

    phase = models.CharField(max_length=10, choices=Phase.choices)
    is_on = models.BooleanField(default=False)
    on_since = models.DateTimeField(null=True, blank=True)  # what happened before is told to nobody
    subject = models.CharField(max_length=300)
    body = models.TextField(max_length=100_000)
    delay_minutes = models.PositiveIntegerField(default=60, validators=[MaxValueValidator(LONGEST_DELAY)])
    # Mail leaves between these hours of the organisation's day; the same twice is the whole day.
    from_hour = models.PositiveSmallIntegerField(default=8, validators=[MaxValueValidator(23)])
    until_hour = models.PositiveSmallIntegerField(default=19, validators=[MaxValueValidator(24)])
    source_ids = models.JSONField(default=list, blank=True)  # empty: applications from everywhere
    job_ids = models.JSONField(default=list, blank=True)  # empty: for all jobs
    trouble = models.CharField(max_length=500, blank=True)  # why its last message could not be written
    by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField(auto_now=True)

    moving: ClassVar[Moving] = Moving(
        refs={"source_ids": [Ref("talentpool.Source", "*")], "job_ids": [Ref("talentpool.Job", "*")]},
        arrives={"is_on": {True: False}},
    )

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "phase"], name="status_rule_once"),
            models.CheckConstraint(
                name="status_rule_since", condition=models.Q(is_on=False) | models.Q(on_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_phase_display())

    def earliest(self, at: datetime, zone: ZoneInfo) -> datetime:
        """`at`, or when the hours in which mail may leave begin next."""
        local = at.astimezone(zone)
        if self._is_open(local.hour):
            return at
        days = 0 if local.hour < self.from_hour else 1
        opens = local.replace(hour=self.from_hour, minute=0, second=0, microsecond=0) + timedelta(days=days)
        return max(at, opens)

    def _is_open(self, hour: int) -> bool:
        """Hours may go over midnight."""
        if self.from_hour < self.until_hour:
            return self.from_hour <= hour < self.until_hour
        return self.from_hour == self.until_hour or hour >= self.from_hour or hour < self.until_hour
