from typing import ClassVar

from django.db import models

from campaigns.contact_gate.verdicts import Verdict
from campaigns.models.campaign import Campaign
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantQuerySet
from crm.tenancy.moving import Moving
from talentpool.models.owned import OfCandidate

# Printable ASCII without what SMTP or a header could read as its own: an address can't smuggle a line in.
ADDRESS = r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$"


class MessageState(models.IntegerChoices):
    """A small number, for there are millions of rows; no index on it, so that changing it moves no index entry."""

    PLANNED = 0, "Planned"
    SENDING = 1, "Sending"
    SENT = 2, "Sent"
    HELD = 3, "Held back"
    FAILED = 4, "Refused"
    DEFERRED = 5, "Will be tried again"
    UNKNOWN = 6, "Fate unknown"
    CANCELLED = 7, "Cancelled"


class MessageQuerySet(TenantQuerySet["Message"]):
    def sent(self) -> "MessageQuerySet":
        return self.filter(state=MessageState.SENT)

    def waiting(self) -> "MessageQuerySet":
        return self.filter(state__in=[MessageState.PLANNED, MessageState.SENDING, MessageState.DEFERRED])


class Message(OfCandidate):
    """One campaign's message to one person: planned, asked at the gate, sent; each step is written down."""

    campaign = TenantForeignKey(Campaign, models.CASCADE, related_name="messages", db_index=False)
    address = models.CharField(max_length=254, blank=True)  # where it went; until then where it would go
    state = models.PositiveSmallIntegerField(choices=MessageState.choices, default=MessageState.PLANNED)
    verdict = models.PositiveSmallIntegerField(choices=Verdict.choices, default=Verdict.NOT_ASKED)
    reason = models.CharField(max_length=300, blank=True)  # the gate's answer in words
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=500, blank=True)  # the mail server's last word

    # The first time each happened by a person's hand; every time is a MessageEvent.
    delivered_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    clicked_at = models.DateTimeField(null=True, blank=True)
    unsubscribed_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    complained_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TenantManager.from_queryset(MessageQuerySet)()

    moving: ClassVar[Moving] = Moving(arrives={"state": {MessageState.SENDING: MessageState.UNKNOWN}})

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            # By origin, which merging people never changes; the gate keeps a merged person from getting it twice.
            models.UniqueConstraint(fields=["tenant", "campaign", "origin"], name="message_once"),
            models.CheckConstraint(
                name="message_address_is_safe", condition=models.Q(address="") | models.Q(address__regex=ADDRESS)
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} of campaign {self.campaign_id}"
