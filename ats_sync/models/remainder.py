from typing import ClassVar

from django.db import models

from ats_sync.models.connection import Connection
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.moving import Moving
from talentpool.models.owned import OfCandidate


class Remainder(OfCandidate):
    """Somebody who stayed when what a connection had brought was removed, and why."""

    derived: ClassVar[bool] = True

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="remainders", db_index=False)
    reasons = models.JSONField(default=list)  # ["A note", …]

    moving: ClassVar[Moving] = Moving(left_out="it belongs to a connection")

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "connection", "origin"], name="ats_remainder_once"),
        ]

    def __str__(self) -> str:
        return f"candidate {self.candidate_id} stayed: {', '.join(self.reasons)}"
