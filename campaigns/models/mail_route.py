from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from crm.encryption import EncryptedTextField
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class RouteKind(models.TextChoices):
    SMTP = "smtp", "Mail server (SMTP)"
    PROVIDER = "provider", "E-mail service provider"


class Encryption(models.TextChoices):
    TLS = "tls", "TLS from the start (port 465)"
    STARTTLS = "starttls", "STARTTLS (port 587)"
    NONE = "none", "None"


class Provider(models.TextChoices):
    """Those that take their key as one text; each name is anymail's."""

    BREVO = "brevo", "Brevo"
    MAILERSEND = "mailersend", "MailerSend"
    POSTMARK = "postmark", "Postmark"
    RESEND = "resend", "Resend"
    SENDGRID = "sendgrid", "SendGrid"
    SPARKPOST = "sparkpost", "SparkPost"


class MailRoute(TenantModel):
    """How this organisation's mail leaves. Without a row it leaves by the installation's own settings."""

    kind = models.CharField(max_length=10, choices=RouteKind.choices, default=RouteKind.SMTP)
    host = models.CharField(max_length=253, blank=True)
    port = models.PositiveIntegerField(default=587, validators=[MinValueValidator(1), MaxValueValidator(65535)])
    encryption = models.CharField(max_length=8, choices=Encryption.choices, default=Encryption.STARTTLS)
    user = models.CharField(max_length=254, blank=True)
    provider = models.CharField(max_length=20, choices=Provider.choices, blank=True)
    secret = EncryptedTextField(blank=True)  # password or key
    per_minute = models.PositiveIntegerField(
        default=600, validators=[MinValueValidator(1), MaxValueValidator(1_000_000)]
    )

    moving: ClassVar[Moving] = Moving(left_out="how mail leaves is set where it leaves, and holds a secret")

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant"], name="mail_route_one_each"),
            models.CheckConstraint(
                name="mail_route_is_whole",
                condition=models.Q(kind="smtp") & ~models.Q(host="")
                | models.Q(kind="provider") & ~models.Q(provider=""),
            ),
        ]

    def __str__(self) -> str:
        return self.host if self.kind == RouteKind.SMTP else self.get_provider_display()
