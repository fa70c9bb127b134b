from datetime import timedelta
from typing import ClassVar

from django.db import models

from campaigns.models.campaign import Campaign
from crm.models.leased import Leased, LeasedQuerySet
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager
from crm.tenancy.moving import Moving, Ref


class SendChunk(Leased):
    """A run of a campaign's messages that one worker leases, sends and records."""

    LEASE: ClassVar[timedelta] = timedelta(minutes=10)

    campaign = TenantForeignKey(Campaign, models.CASCADE, related_name="chunks", db_index=False)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    size = models.PositiveIntegerField()
    not_before = models.DateTimeField(null=True, blank=True)  # back-off after 4xx and trouble

    objects: ClassVar = TenantManager.from_queryset(LeasedQuerySet)()  # type: ignore[assignment, unused-ignore]

    moving: ClassVar[Moving] = Moving(
        refs={"first_id": [Ref("campaigns.Message")], "last_id": [Ref("campaigns.Message")]},
        arrives={"state": {"running": "queued"}},
        emptied=["lease_until", "worker"],
    )

    class Meta(Leased.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["tenant", "campaign", "id"],
                condition=models.Q(state__in=["queued", "running"]),
                name="send_chunk_open",
            )
        ]

    def __str__(self) -> str:
        return f"messages {self.first_id} to {self.last_id}"
