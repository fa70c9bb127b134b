from typing import ClassVar

from django.db import models

from crm.models.leased import Leased, LeasedQuerySet
from crm.models.member import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager
from crm.tenancy.moving import Moving


class BulkRun(Leased):
    """One act upon many rows, done in the background: adding a whole search result to a pipeline, an export, tags.

    `cursor` says how far it came: a worker that takes over a dead one's run goes on from there.
    """

    kind = models.CharField(max_length=40)  # a name registered with crm.actions.bulk_runs.bulk_kind
    title = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    back_url = models.CharField(max_length=500, blank=True)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TenantManager.from_queryset(LeasedQuerySet)()  # type: ignore[assignment, unused-ignore]
    moving: ClassVar[Moving] = Moving(left_out="work of the organisation that it was started in")

    class Meta(Leased.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["tenant", "state", "lease_until"],
                condition=models.Q(state__in=["queued", "running"]),
                name="bulkrun_open",
            )
        ]

    def __str__(self) -> str:
        return self.title
