from typing import ClassVar

from django.db import models

from campaigns.models.campaign import Campaign
from campaigns.models.link import Link
from campaigns.models.message import Message
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantQuerySet
from talentpool.models.owned import OfCandidate


class EventKind(models.TextChoices):
    DELIVERED = "delivered", "Delivered"
    OPENED = "opened", "Opened"
    CLICKED = "clicked", "Clicked"
    BOUNCED = "bounced", "Bounced"
    COMPLAINED = "complained", "Reported as spam"
    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
    RESUBSCRIBED = "resubscribed", "Took unsubscribing back"


class MessageEventQuerySet(TenantQuerySet["MessageEvent"]):
    def by_people(self) -> "MessageEventQuerySet":
        return self.filter(machine="")


class MessageEvent(OfCandidate):
    """Something that happened to a message after it left."""

    message = TenantForeignKey(Message, models.CASCADE, related_name="events")
    campaign = TenantForeignKey(Campaign, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=EventKind.choices)
    link = TenantForeignKey(Link, models.CASCADE, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    machine = models.CharField(max_length=100, blank=True)  # why it was no person; "" if it was
    visitor = models.CharField(max_length=16, blank=True)  # keyed hash of address and agent: the same, or another
    detail = models.CharField(max_length=500, blank=True)

    objects: ClassVar = TenantManager.from_queryset(MessageEventQuerySet)()

    class Meta(OfCandidate.Meta):
        abstract = False
        indexes = [models.Index(fields=["tenant", "campaign", "kind", "-at"], name="message_event_of_campaign")]

    def __str__(self) -> str:
        return f"{self.kind} of message {self.message_id}"
