from typing import ClassVar

from django.db import models

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class FieldRules(TenantModel):
    """By which rules values are shown where sources differ, one row for each time they were changed.

    The latest row holds; nothing is overwritten, so that any earlier one can be put back.
    """

    rules = models.JSONField(default=dict)  # talentpool.identity.rules.Rules as JSON
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    moving: ClassVar[Moving] = Moving(plain=["rules"])

    class Meta(TenantModel.Meta):
        verbose_name_plural = "field rules"

    def __str__(self) -> str:
        return f"rules of {self.at:%Y-%m-%d %H:%M}"
