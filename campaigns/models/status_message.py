from typing import ClassVar

from django.db import models

from campaigns.models.message import Message
from campaigns.models.status_rule import StatusRule
from crm.tenancy.fields import TenantForeignKey
from talentpool.models import Application
from talentpool.models.owned import OfCandidate


class StatusMessage(OfCandidate):
    """That a person hears, heard or was to hear where an application stands: once for each phase of it."""

    derived: ClassVar[bool] = True

    rule = TenantForeignKey(StatusRule, models.CASCADE, related_name="messages")
    application = TenantForeignKey(Application, models.CASCADE, related_name="+", db_index=False)
    message = TenantForeignKey(Message, models.CASCADE, related_name="+")
    moved_at = models.DateTimeField()  # when the application came to the phase
    send_at = models.DateTimeField()  # not before then

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "application", "rule"], name="status_message_once"),
        ]

    def __str__(self) -> str:
        return f"message {self.message_id} about application {self.application_id}"
