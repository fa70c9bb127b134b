from typing import ClassVar

from django.db import models

from ats_sync.models.connection import Connection
from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.moving import Moving
from talentpool.models.owned import OfCandidate


class ConflictState(models.TextChoices):
    OPEN = "open", "Open"
    OURS = "ours", "Ours was kept"
    THEIRS = "theirs", "Theirs was taken"
    OVER = "over", "Both say the same again"


class Conflict(OfCandidate):
    """A fact about a person that was changed here and in the ATS, of which somebody is to say which holds.

    What both sides say stands with the person; here is only that they differ, and when it was settled.
    """

    derived: ClassVar[bool] = True

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="conflicts", db_index=False)
    field = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=ConflictState.choices, default=ConflictState.OPEN)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)

    moving: ClassVar[Moving] = Moving(left_out="it belongs to a connection")

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "connection", "origin", "field"], name="conflict_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "connection", "id"], condition=models.Q(state="open"), name="conflict_open"),
        ]

    def __str__(self) -> str:
        return f"{self.field} of candidate {self.candidate_id}"
