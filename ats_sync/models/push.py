from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models

from ats_sync.models.connection import Connection
from crm.models import Member
from crm.models.leased import Leased, LeasedQuerySet, WorkState
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager
from crm.tenancy.moving import Moving
from talentpool.models.owned import OfCandidate


class PushKind(models.TextChoices):
    ADD = "add", "Add to the ATS"
    APPLY = "apply", "Add to a job"
    NOTE = "note", "Note"
    TAG = "tag", "Tag"
    MOVE = "move", "Move to a stage"
    REJECT = "reject", "Reject"
    FILE = "file", "File"
    CONTACTED = "contacted", "Contacted about a job"


class PushQuerySet(LeasedQuerySet["Push"]):
    def waiting(self) -> "PushQuerySet":
        return self.filter(state__in=[WorkState.QUEUED, WorkState.RUNNING])


class Push(OfCandidate, Leased):
    """A change that goes to the ATS. Of one person the older goes first, and one at a time.

    `content` is what the change needs, by ids of ours and theirs; texts of notes and names are read when it is sent.
    """

    LEASE: ClassVar[timedelta] = timedelta(minutes=2)

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="pushes", db_index=False)
    kind = models.CharField(max_length=10, choices=PushKind.choices)
    content = models.JSONField(default=dict)
    mark = models.CharField(max_length=64)  # the same change asked for twice is one
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=100, blank=True)  # what was made in the ATS
    error = models.CharField(max_length=500, blank=True)

    objects: ClassVar = TenantManager.from_queryset(PushQuerySet)()  # type: ignore[assignment]
    stays_without: ClassVar[Mapping[str, Any] | None] = None
    moving: ClassVar[Moving] = Moving(left_out="it belongs to a connection")

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "connection", "mark"], name="push_once"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "connection", "id"],
                condition=models.Q(state__in=["queued", "running"]),
                name="push_open",
            ),
            models.Index(fields=["next_at"], condition=models.Q(state__in=["queued", "running"]), name="push_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
