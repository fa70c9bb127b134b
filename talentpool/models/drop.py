"""What a source's imports remember, and the places that are watched for its files."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from crm.encryption import EncryptedTextField
from crm.models import Member
from crm.models.leased import Leased, LeasedQuerySet, WorkState
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantModel
from crm.tenancy.moving import Moving
from talentpool.models.consent import Basis
from talentpool.models.import_run import ImportRun
from talentpool.models.source import Source


class SavedColumns(TenantModel):
    """What the columns of a source's tables become; found again by their headings, in whatever order they stand."""

    source = TenantForeignKey(Source, models.CASCADE, related_name="saved_columns")
    name = models.CharField(max_length=120)
    headings_key = models.CharField(max_length=64)  # of the set of headings
    columns = models.JSONField(default=list)  # [[heading, what it becomes], …]
    by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    saved_at = models.DateTimeField()
    used_at = models.DateTimeField()

    moving: ClassVar[Moving] = Moving(plain=["columns"])

    class Meta(TenantModel.Meta):
        ordering = ["-used_at", "-id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "source", "headings_key"], name="saved_columns_once"),
        ]

    def __str__(self) -> str:
        return self.name


class DropKind(models.TextChoices):
    FOLDER = "folder", "Folder on the server"
    SFTP = "sftp", "SFTP directory"
    URL = "url", "CSV at an address"


class DropQuerySet(LeasedQuerySet["Drop"]):
    def due(self, now: datetime) -> "DropQuerySet":
        return self.filter(is_on=True, next_at__lte=now).exclude(state=WorkState.RUNNING)


class Drop(Leased):
    """A place that is watched for files of a source. `state` is what a look at it does; DONE between two looks."""

    LEASE: ClassVar[timedelta] = timedelta(minutes=15)

    source = TenantForeignKey(Source, models.CASCADE, related_name="drops")
    kind = models.CharField(max_length=10, choices=DropKind.choices)
    path = models.CharField(max_length=500, blank=True)  # below DROP_ROOT, or on the SFTP server
    url = models.CharField(max_length=2000, blank=True)
    host = models.CharField(max_length=253, blank=True)
    port = models.PositiveIntegerField(default=22)
    username = models.CharField(max_length=120, blank=True)
    password = EncryptedTextField(blank=True, default="")
    private_key = EncryptedTextField(blank=True, default="")
    host_key = models.CharField(max_length=1000, blank=True)  # "ssh-ed25519 AAAA…", as somebody approved it
    offered_key = models.CharField(max_length=1000, blank=True)  # what the server showed and nobody has approved yet
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    every_minutes = models.PositiveIntegerField(default=60)
    is_on = models.BooleanField(default=True)
    basis = models.CharField(max_length=20, choices=Basis.choices, blank=True)
    basis_text = models.TextField(blank=True)
    seen = models.JSONField(default=dict)  # name -> [size, time] at the last look: what still grows is left alone
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")  # for whom it imports
    created_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)  # of the last look

    objects: ClassVar = TenantManager.from_queryset(DropQuerySet)()  # type: ignore[assignment]

    moving: ClassVar[Moving] = Moving(
        plain=["seen"],
        arrives={"state": {"queued": "cancelled", "running": "cancelled"}, "is_on": {True: False}},
        emptied=["lease_until", "worker"],
    )

    class Meta(Leased.Meta):
        abstract = False
        ordering = ["id"]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(is_on=True), name="drop_due"),
        ]

    def __str__(self) -> str:
        where = {DropKind.URL: self.url, DropKind.SFTP: f"{self.username}@{self.host}:{self.path}"}
        return where.get(DropKind(self.kind), self.path)


class DropFile(TenantModel):
    """A file that was found in a drop, done once."""

    drop = TenantForeignKey(Drop, models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    mark = models.CharField(max_length=64)  # of name, size and time: known again without being read
    sha256 = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    run = TenantForeignKey(ImportRun, models.SET_NULL, null=True, related_name="+")
    said = models.TextField(blank=True)  # why it is no import

    class Meta(TenantModel.Meta):
        ordering = ["-id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "drop", "mark"], name="drop_file_once"),
        ]

    def __str__(self) -> str:
        return self.name
