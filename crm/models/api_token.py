import hashlib
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from crm.models.member import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class Scope(models.TextChoices):
    READ_CANDIDATES = "candidates:read", "Read candidates and search"
    WRITE_CANDIDATES = "candidates:write", "Create and change candidates"
    IMPORTS = "imports", "Upload imports and read their state"
    MAIL = "mail", "Hand in e-mail and review what waits"
    READ_PIPELINES = "pipelines:read", "Read pipelines"
    WRITE_PIPELINES = "pipelines:write", "Add to pipelines and move"
    READ_AGENCIES = "agencies:read", "Read agencies and what they submitted"
    READ_ATS = "ats:read", "Read connections to an ATS and what went there"
    WRITE_ATS = "ats:write", "Add people to an ATS, move and reject them there"
    SETTINGS = "settings", "Change own fields, matching and rules"
    MOVE_OUT = "move_out", "Take the whole pool out"


class ApiToken(TenantModel):
    """A member's key to the API: she may do with it what her role and its scopes both allow.

    The secret is `rap_<tenant id>_<random>`, shown once; only its SHA-256 is kept. It names the tenant because row
    security lets nobody look it up before a scope is entered.
    """

    member = TenantForeignKey(Member, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    secret_hash = models.CharField(max_length=64)
    hint = models.CharField(max_length=8)  # its last letters, to tell tokens apart
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope.choices))
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    moving: ClassVar[Moving] = Moving(left_out="secrets belong to the organisation that made them")

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "secret_hash"], name="api_token_secret_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
