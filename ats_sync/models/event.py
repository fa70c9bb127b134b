from datetime import timedelta
from typing import ClassVar

from django.db import models

from ats_sync.models.connection import Connection
from crm.models.leased import Leased
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.moving import Moving


class Event(Leased):
    """What a webhook brought, kept as it came until it was worked on; then only that it came."""

    LEASE: ClassVar[timedelta] = timedelta(seconds=30)

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="events", db_index=False)
    mark = models.CharField(max_length=64)  # of the delivery: the same one is kept once
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    next_at = models.DateTimeField()  # when it is worth working on it (again)
    done_at = models.DateTimeField(null=True, blank=True)
    says = models.CharField(max_length=300, blank=True)  # what it was about, without names
    error = models.CharField(max_length=500, blank=True)

    moving: ClassVar[Moving] = Moving(left_out="it belongs to a connection")

    class Meta(Leased.Meta):
        abstract = False
        constraints = [
            *Leased.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "connection", "mark"], name="ats_event_once"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "connection", "id"],
                condition=models.Q(state__in=["queued", "running"]),
                name="ats_event_open",
            ),
            models.Index(fields=["next_at"], condition=models.Q(state__in=["queued", "running"]), name="ats_event_due"),
        ]

    def __str__(self) -> str:
        return f"event {self.pk}"
