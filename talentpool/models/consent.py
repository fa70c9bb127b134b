"""Who may be written to. Consents belong to a person, suppressions to an address."""

from typing import ClassVar

from django.db import models

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving, Ref
from talentpool.models.owned import OfCandidate


class Purpose(models.TextChoices):
    JOBS = "jobs", "Jobs and news"


class Basis(models.TextChoices):
    CONSENT = "consent", "They agreed"
    LEGITIMATE_INTEREST = "legitimate_interest", "Legitimate interest"


class ContactState(models.TextChoices):
    """The state of a person in one chip, everywhere in the same words; the first that holds is shown."""

    ERASED = "erased", "Erased"
    NO_ADDRESS = "no_address", "No e-mail address"
    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
    BOUNCED = "bounced", "Bounced before"
    IN_PROCESS = "in_process", "In process"
    NO_CONSENT = "no_consent", "No consent yet"
    MAY_WRITE = "may_write", "May be written to"


class Consent(OfCandidate):
    """That a person may be written to for a purpose, and the proof of it (GDPR articles 6 and 7)."""

    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.JOBS)
    basis = models.CharField(max_length=20, choices=Basis.choices)
    text = models.TextField(blank=True)  # what the person was shown
    proof = models.JSONField(default=dict)  # where and how: source, file, address of the request
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Withdrawn not by the person but by a merge with somebody who had withdrawn theirs; undoing it gives it back.
    overruled = models.BooleanField(default=False, db_default=False)
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)

    moving: ClassVar[Moving] = Moving(refs={"proof": [Ref("talentpool.ImportRun", "import")]})

    class Meta(OfCandidate.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["tenant", "candidate"], condition=models.Q(withdrawn_at=None), name="consent_valid")
        ]

    def __str__(self) -> str:
        return f"{self.get_basis_display()} ({self.get_purpose_display()})"


class SuppressionReason(models.TextChoices):
    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
    BOUNCED = "bounced", "Bounced before"
    COMPLAINED = "complained", "Reported as spam"
    QUIET = "quiet", "Asked for a pause"
    ERASED = "erased", "Erased"


class Suppression(TenantModel):
    """An address that is not written to, whoever it belongs to and however it comes back."""

    address = models.CharField(max_length=254)  # lower case, as talentpool.identity normalises; hashed when erased
    reason = models.CharField(max_length=20, choices=SuppressionReason.choices)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # None: for good
    detail = models.JSONField(default=dict)

    moving: ClassVar[Moving] = Moving(refs={"detail": [Ref("campaigns.Message", "message")]})

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "address", "reason"], name="suppression_once"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.get_reason_display()}"
