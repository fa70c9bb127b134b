from django.db import models

from crm.models.member import Member
from crm.tenancy.constraints import AppendOnly
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel


class AuditEntry(TenantModel):
    """Who did what, when, to what, and from where. Written by `crm.audit.record`; the application can't change one."""

    at = models.DateTimeField(auto_now_add=True)
    member = TenantForeignKey(
        Member, models.PROTECT, null=True, related_name="+"
    )  # None: Rapport itself, or a candidate
    verb = models.CharField(max_length=60)  # noun.past_participle: "candidate.edited"
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    via = models.CharField(max_length=60, blank=True)  # "web", "api: <token>", "task: <name>"

    class Meta(TenantModel.Meta):
        constraints = [*TenantModel.Meta.constraints, AppendOnly(name="auditentry_append_only")]
        indexes = [
            models.Index(fields=["tenant", "-at", "-id"], name="auditentry_newest"),
            models.Index(fields=["tenant", "subject_type", "subject_id"], name="auditentry_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"
