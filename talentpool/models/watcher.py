from django.db import models
from django.utils import timezone

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from talentpool.models.owned import OfCandidate


class Watcher(OfCandidate):
    """A member who follows a person. What happened after `seen_at` is news to her."""

    once = ("member",)

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "candidate", "member", "origin"], name="watcher_once"),
        ]

    def __str__(self) -> str:
        return f"member {self.member_id} watches candidate {self.candidate_id}"
