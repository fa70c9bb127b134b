"""Rows that a worker takes for a while. Who dies in mid-work loses the lease, and another worker goes on."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from crm.tenancy.models import TenantManager, TenantModel, TenantQuerySet

Row = TypeVar("Row", bound="Leased", covariant=True)


class WorkState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Stopped"
    FAILED = "failed", "Failed"


class LeasedQuerySet(TenantQuerySet[Row]):
    def claimable(self, now: datetime | None = None) -> Self:
        """Queued, or running on a lease that ran out because its worker died."""
        now = now or timezone.now()
        return self.filter(Q(state=WorkState.QUEUED) | Q(state=WorkState.RUNNING, lease_until__lt=now))


class Leased(TenantModel):
    """Claimed by compare-and-set: of two workers exactly one gets the row."""

    LEASE: ClassVar[timedelta] = timedelta(minutes=2)

    state = models.CharField(max_length=10, choices=WorkState.choices, default=WorkState.QUEUED)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar = TenantManager.from_queryset(LeasedQuerySet)()

    class Meta(TenantModel.Meta):
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.state in (WorkState.DONE, WorkState.CANCELLED, WorkState.FAILED)

    def claim(self, worker: str) -> bool:
        """True if this worker now holds the row; the row's fields are as claimed."""
        now = timezone.now()
        won = (
            type(self)
            ._default_manager.filter(pk=self.pk)
            .claimable(now)
            .update(
                state=WorkState.RUNNING,
                worker=worker,
                lease_until=now + self.LEASE,
                attempts=models.F("attempts") + 1,
            )
        )
        if won:
            self.refresh_from_db()
        return bool(won)

    def renew(self, worker: str, **progress: Any) -> bool:
        """Keep the row for another lease and write down progress; False when it was cancelled or taken away."""
        held = type(self)._default_manager.filter(pk=self.pk, worker=worker, state=WorkState.RUNNING)
        return bool(held.update(lease_until=timezone.now() + self.LEASE, **progress))

    def close(self, worker: str, state: WorkState, **result: Any) -> bool:
        held = type(self)._default_manager.filter(pk=self.pk, worker=worker, state=WorkState.RUNNING)
        return bool(held.update(state=state, lease_until=None, **result))

    def cancel(self) -> bool:
        """True unless it had ended before; a running worker sees it at its next renewal."""
        going = type(self)._default_manager.filter(pk=self.pk, state__in=[WorkState.QUEUED, WorkState.RUNNING])
        return bool(going.update(state=WorkState.CANCELLED, lease_until=None))
