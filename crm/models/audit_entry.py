from typing import ClassVar

from django.db import models

from crm.models.member import Member
from crm.tenancy.constraints import AppendOnly
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving, Ref


def moved(via: str) -> str:
    """An entry that was brought in with a pool says so for ever, for whoever packed the pool could have written it."""
    return via if via.startswith("moved") else f"moved, {via}"[:60]


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

    moving: ClassVar[Moving] = Moving(
        named=["detail"],
        refs={
            "subject_id": [Ref("{subject_type}")],
            "detail": [
                Ref("crm.Member", "invited_by"),
                Ref("campaigns.Campaign", "copy_of"),
                Ref("campaigns.Message", "messages.*"),
                Ref("talentpool.Tag", "facets.tag.*"),
                Ref("talentpool.Source", "facets.source.*"),
                Ref("talentpool.JobFamily", "facets.family.*"),
            ],
        },
        arrives={"via": moved},
    )

    class Meta(TenantModel.Meta):
        constraints = [*TenantModel.Meta.constraints, AppendOnly(name="auditentry_append_only")]
        indexes = [
            models.Index(fields=["tenant", "-at", "-id"], name="auditentry_newest"),
            models.Index(fields=["tenant", "subject_type", "subject_id"], name="auditentry_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"
