from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from crm.encryption import EncryptedTextField
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class MailboxEncryption(models.TextChoices):
    TLS = "tls", "TLS from the start (port 993)"
    STARTTLS = "starttls", "STARTTLS (port 143)"
    NONE = "none", "None"


class Mailbox(TenantModel):
    """An IMAP mailbox of the organisation that is looked into every minute. Its mails are read and left as they are."""

    address = models.EmailField()
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)])
    encryption = models.CharField(max_length=8, choices=MailboxEncryption.choices, default=MailboxEncryption.TLS)
    user = models.CharField(max_length=254)
    secret = EncryptedTextField()
    folder = models.CharField(max_length=200, default="INBOX")
    is_active = models.BooleanField(default=True)
    # How far it was read: an id counts only together with the folder's validity (RFC 9051, 2.3.1.1).
    uid_validity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    moving: ClassVar[Moving] = Moving(left_out="how mail arrives is set where it arrives, and holds a secret")

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant"], name="mailbox_one_each"),
        ]

    def __str__(self) -> str:
        return self.address
