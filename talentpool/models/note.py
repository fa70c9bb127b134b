from django.db import models

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from talentpool.models.owned import OfCandidate


class Note(OfCandidate):
    text = models.TextField()
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta(OfCandidate.Meta):
        abstract = False
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.text[:60]
