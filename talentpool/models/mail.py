"""E-mail that comes in: members' addresses, what arrived at them, and the letters kept with people."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from crm.models import Member
from crm.models.leased import Leased, LeasedQuerySet
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantModel
from crm.tenancy.moving import Moving, Ref
from talentpool.models.owned import OfCandidate


class MailAddress(TenantModel):
    """The secret in a member's private addresses. A renewed one ends, and what still comes to it is looked at first."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="mail_addresses")
    token = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    moving: ClassVar[Moving] = Moving(left_out="secrets belong to the organisation that made them")

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "token"], name="mail_address_token_once"),
            models.UniqueConstraint(
                fields=["tenant", "member"], condition=models.Q(ended_at=None), name="mail_address_one_each"
            ),
        ]

    def __str__(self) -> str:
        return f"address of member {self.member_id}"


class MailDoor(models.TextChoices):
    WEBHOOK = "webhook", "E-mail service provider"
    MAILBOX = "mailbox", "Mailbox"
    SERVER = "server", "Mail server"
    API = "api", "API"


class MailOutcome(models.TextChoices):
    WAITING = "waiting", "Being read"
    TAKEN = "taken", "Taken in"
    REVIEW = "review", "To review"
    REFUSED = "refused", "Not taken"
    IGNORED = "ignored", "Left alone"
    DISCARDED = "discarded", "Discarded"


class IncomingMailQuerySet(LeasedQuerySet["IncomingMail"]):
    def to_review(self) -> "IncomingMailQuerySet":
        return self.filter(outcome=MailOutcome.REVIEW)


class IncomingMail(Leased):
    """One mail that arrived, and what became of it. The bytes lie in MailContent while they are kept."""

    LEASE: ClassVar[timedelta] = timedelta(minutes=5)

    door = models.CharField(max_length=10, choices=MailDoor.choices)
    way = models.CharField(max_length=3, blank=True)  # talentpool.intake.mail.recipients.Way; none without an address
    address = TenantForeignKey(MailAddress, models.SET_NULL, null=True, related_name="+")
    # Who sent it or, of reviewed mail, who let it in.
    member = TenantForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=300, blank=True)
    is_from_nobody = models.BooleanField(default=False)  # the envelope named no sender, as notices of servers do
    subject = models.CharField(max_length=300, blank=True)
    message_id = models.CharField(max_length=400, blank=True)
    fingerprint = models.CharField(max_length=64)  # the same mail by two doors is one
    size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=MailOutcome.choices, default=MailOutcome.WAITING)
    reason = models.TextField(blank=True)  # why it isn't taken, in a sentence
    problems = models.JSONField(default=list)  # sentences about parts that stayed out
    decision = models.JSONField(default=dict)  # what the reviewer said: talentpool.actions.mail_review
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TenantManager.from_queryset(IncomingMailQuerySet)()  # type: ignore[assignment]

    moving: ClassVar[Moving] = Moving(
        named=["decision"],
        plain=["problems"],
        arrives={"state": {"queued": "cancelled", "running": "cancelled"}},
        emptied=["lease_until", "worker"],
    )

    class Meta(Leased.Meta):
        abstract = False
        constraints = [
            *Leased.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "fingerprint"], name="incoming_mail_once"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "state", "lease_until"],
                condition=models.Q(state__in=["queued", "running"]),
                name="incomingmail_open",
            ),
            models.Index(fields=["tenant", "outcome", "-id"], name="incomingmail_by_outcome"),
            models.Index(fields=["tenant", "sender"], name="incomingmail_sender"),
        ]

    def __str__(self) -> str:
        return self.subject or "(no subject)"

    @property
    def audit_label(self) -> str:
        return f"Mail {self.pk}"


class MailContent(TenantModel):
    """Apart from IncomingMail, so that a list never reads the bytes, and that they can go before the line does."""

    mail = TenantForeignKey(IncomingMail, models.CASCADE, related_name="contents")
    content = models.BinaryField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "mail"], name="mail_content_once"),
        ]

    def __str__(self) -> str:
        return f"content of mail {self.mail_id}"


class MailLetter(OfCandidate):
    """A letter that a person wrote or got, as one mail brought it; the same letter by another mail is no second one."""

    mail = TenantForeignKey(IncomingMail, models.SET_NULL, null=True, related_name="letters")
    member = TenantForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    key = models.CharField(max_length=64)  # talentpool.intake.mail.correspondents.Written.key
    thread = models.CharField(max_length=64)
    message_id = models.CharField(max_length=400, blank=True)
    is_from_person = models.BooleanField(default=True)
    sender = models.JSONField(default=dict)  # {"name": …, "email": …}
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    note = models.TextField(blank=True)  # what the member wrote above it
    files = models.JSONField(default=list)  # ids of File
    at = models.DateTimeField()

    moving: ClassVar[Moving] = Moving(refs={"files": [Ref("talentpool.File", "*")]}, plain=["sender", "recipients"])

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "origin", "key"], name="mail_letter_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "candidate", "-at"], name="mailletter_of_candidate"),
            models.Index(
                fields=["tenant", "message_id"], condition=~models.Q(message_id=""), name="mailletter_message_id"
            ),
        ]

    def __str__(self) -> str:
        return self.subject or "(no subject)"


class BlockedSender(TenantModel):
    """Whose mail is left alone from now on."""

    address = models.CharField(max_length=254)
    by = TenantForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "address"], name="blocked_sender_once"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def audit_label(self) -> str:
        return f"Blocked sender {self.pk}"
