from typing import ClassVar

from django.db import models

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class NoticeSetting(TenantModel):
    """What a member wants by e-mail; Home says all of it anyway. Without a row the defaults hold."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+", db_index=False)
    mentions = models.BooleanField(default=True)
    tasks = models.BooleanField(default=True)
    digest = models.BooleanField(default=False)
    digest_at = models.DateTimeField(null=True, blank=True)  # up to when the last digest told

    moving: ClassVar[Moving] = Moving(replaces=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "member"], name="notice_setting_once"),
        ]

    def __str__(self) -> str:
        return f"notices of member {self.member_id}"
