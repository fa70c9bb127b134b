"""Which columns a list of people has, for who looks at it as a table."""

from typing import ClassVar

from django.db import models

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class ColumnSet(TenantModel):
    """Columns in their order under a name: one member's own, or the team's to use."""

    name = models.CharField(max_length=60)
    columns = models.JSONField(default=list)  # names as talentpool.queries.columns has them
    is_shared = models.BooleanField(default=False)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField(auto_now=True)

    moving: ClassVar[Moving] = Moving(plain=["columns"])

    class Meta(TenantModel.Meta):
        ordering = ["name", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "by", "name"], name="column_set_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ColumnChoice(TenantModel):
    """The columns with which a member's list of people begins."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+", db_index=False)
    columns = TenantForeignKey(ColumnSet, models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "member"], name="column_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.columns_id} of member {self.member_id}"
