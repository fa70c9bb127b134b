"""A whole pool as one zip: packed here to be taken away, or handed in to be brought in. Kept for a short while."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from crm.models.bulk_run import BulkRun
from crm.models.member import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantModel, TenantQuerySet
from crm.tenancy.moving import Moving

_ITSELF = "an archive does not hold archives"


class PoolArchiveQuerySet(TenantQuerySet["PoolArchive"]):
    def outgoing(self) -> "PoolArchiveQuerySet":
        return self.filter(is_outgoing=True)

    def for_list(self) -> "PoolArchiveQuerySet":
        return self.select_related("run", "by").order_by("-pk")


class PoolArchive(TenantModel):
    """`size` is what is there so far; it is whole once `completed_at` is set."""

    is_outgoing = models.BooleanField()
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0)
    run = TenantForeignKey(BulkRun, models.SET_NULL, null=True, related_name="+", db_index=False)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects: ClassVar = TenantManager.from_queryset(PoolArchiveQuerySet)()
    moving: ClassVar[Moving] = Moving(left_out=_ITSELF)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "expires_at"], name="pool_archive_age")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_there(self) -> bool:
        return self.completed_at is not None and self.expires_at > timezone.now()


class ArchivePiece(TenantModel):
    """A stretch of an archive's bytes; all but the last of one length."""

    archive = TenantForeignKey(PoolArchive, models.CASCADE, related_name="pieces", db_index=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    moving: ClassVar[Moving] = Moving(left_out=_ITSELF)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "archive", "number"], name="archive_piece_once"),
        ]

    def __str__(self) -> str:
        return f"piece {self.number} of archive {self.archive_id}"
