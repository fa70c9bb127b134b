"""People outside who see a pipeline by a link of their own: a hiring manager without an account."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving
from talentpool.models.owned import OfCandidate
from talentpool.models.pipeline import Pipeline


class PipelineGuest(TenantModel):
    """Somebody who sees a pipeline's people and comments on them. Only the hash of the link's secret is kept."""

    pipeline = TenantForeignKey(Pipeline, models.CASCADE, related_name="guests")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    sees_files = models.BooleanField(default=False)
    secret_hash = models.CharField(max_length=64, blank=True, default="")
    by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    moving: ClassVar[Moving] = Moving(emptied=["secret_hash"])  # links belong to the organisation that sent them

    class Meta(TenantModel.Meta):
        ordering = ["name", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                "tenant", "pipeline", Lower("email"), condition=models.Q(revoked_at=None), name="pipeline_guest_once"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "secret_hash"], name="pipeline_guest_secret")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now() and self.pipeline.archived_at is None


class Thumb(models.TextChoices):
    UP = "up", "Yes"
    DOWN = "down", "No"


class PipelineComment(OfCandidate):
    """What a member or a guest said of a person in a pipeline; it stays when she leaves it and comes back."""

    pipeline = TenantForeignKey(Pipeline, models.CASCADE, related_name="comments", db_index=False)
    text = models.TextField(blank=True)
    thumb = models.CharField(max_length=4, choices=Thumb.choices, blank=True, default="")
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    guest = TenantForeignKey(PipelineGuest, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta(OfCandidate.Meta):
        abstract = False
        ordering = ["at", "id"]
        constraints = [
            *OfCandidate.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(by__isnull=False) | models.Q(guest__isnull=False),
                name="pipeline_comment_of_somebody",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "pipeline", "candidate", "-id"], name="pipeline_comment_of")]

    def __str__(self) -> str:
        return self.text[:60] or self.get_thumb_display()

    @property
    def who(self) -> str:
        return self.by.name if self.by else self.guest.name  # type: ignore[union-attr] # the constraint holds one of both
