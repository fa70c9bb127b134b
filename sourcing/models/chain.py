"""What makes the search log tamper-evident: a chain of hashes that nobody can change, and where it ends."""

from typing import ClassVar

from django.db import models

from crm.tenancy.constraints import AppendOnly
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving
from sourcing.models.entry import STAYS


class SearchLogLink(TenantModel):
    """An entry's place in the chain. It outlives its entry, which is removed when it has been kept long enough."""

    number = models.PositiveBigIntegerField()  # 1, 2, 3, …
    entry_id = models.BigIntegerField()
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # of the entry
    hash = models.CharField(max_length=64)  # of the previous hash, the number and the digest

    moving: ClassVar[Moving] = STAYS

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            AppendOnly(name="searchloglink_append_only"),
            models.UniqueConstraint(fields=["tenant", "number"], name="searchloglink_number_once"),
            models.UniqueConstraint(fields=["tenant", "entry_id"], name="searchloglink_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.hash}"


class SearchLogHead(TenantModel):
    """Where the chain ends, sealed with a key that the database does not have: a chain cut short is told by it."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=200, blank=True)
    contacts_until = models.DateTimeField(null=True)  # messages and calls up to then are in the log

    moving: ClassVar[Moving] = STAYS

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant"], name="searchloghead_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.hash}"
