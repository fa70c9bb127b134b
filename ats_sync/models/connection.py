from datetime import datetime, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from ats_sync.vocabulary import Kind
from crm.encryption import EncryptedTextField
from crm.models import BulkRun, Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantModel, TenantQuerySet
from crm.tenancy.moving import Moving
from talentpool.models import Source


class ConnectionState(models.TextChoices):
    SETTING_UP = "setting_up", "Being set up"
    ON = "on", "On"
    PAUSED = "paused", "Paused"
    REFUSED = "refused", "Signed out by the ATS"  # the credentials don't hold any more
    ENDED = "ended", "Disconnected"


class ConnectionQuerySet(TenantQuerySet["Connection"]):
    def on(self) -> "ConnectionQuerySet":
        return self.filter(state=ConnectionState.ON)


class Connection(TenantModel):
    """An ATS that is kept in step. `as_of`: all that happened there before is known here."""

    LEASE: ClassVar[timedelta] = timedelta(minutes=2)

    provider = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    source = TenantForeignKey(Source, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ConnectionState.choices, default=ConnectionState.SETTING_UP)
    credentials = EncryptedTextField(default="{}")  # JSON
    session = EncryptedTextField(default="{}")  # JSON: what the provider remembers between calls
    webhook_secret = EncryptedTextField(blank=True, default="")
    address = models.CharField(max_length=64)  # the secret part of the webhook's address
    hooks = models.JSONField(default=dict)  # event -> id in the ATS, of the webhooks that we made there
    stale_minutes = models.PositiveSmallIntegerField(
        default=30, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    poll_seconds = models.PositiveSmallIntegerField(
        default=60, validators=[MinValueValidator(15), MaxValueValidator(3600)]
    )
    wants_eeo = models.BooleanField(default=False)
    makes_pipelines = models.BooleanField(default=True)  # one for each job that is open there
    missing = models.JSONField(default=list)  # [[kind, why]]: rights that the credentials lack
    by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    loaded_at = models.DateTimeField(null=True, blank=True)  # when the first load was through
    as_of = models.DateTimeField(null=True, blank=True)
    next_poll_at = models.DateTimeField(null=True, blank=True)
    turn_began_at = models.DateTimeField(null=True, blank=True)  # of the rounds of all kinds, while they are under way
    worker = models.CharField(max_length=100, blank=True)  # who reads now, and until when that holds
    lease_until = models.DateTimeField(null=True, blank=True)
    swept_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    error_at = models.DateTimeField(null=True, blank=True)
    # Of one that was ended: what takes away what came by it.
    removal = TenantForeignKey(BulkRun, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)

    objects: ClassVar = TenantManager.from_queryset(ConnectionQuerySet)()
    moving: ClassVar[Moving] = Moving(left_out="another organisation connects its ATS itself; the people move")

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "address"], name="connection_address_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def claim(self, worker: str, now: datetime) -> bool:
        """True if this worker now reads for the connection, and nobody else does."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        due = type(self).objects.on().filter(free, pk=self.pk, next_poll_at__lte=now)
        turn = Coalesce(F("turn_began_at"), Value(now))
        won = due.update(worker=worker, lease_until=now + self.LEASE, turn_began_at=turn)
        if won:
            self.refresh_from_db()
        return bool(won)

    def held(self, worker: str) -> "ConnectionQuerySet":
        """The row, as long as this worker reads for it and it is on."""
        return type(self).objects.on().filter(pk=self.pk, worker=worker, lease_until__isnull=False)

    @property
    def is_on(self) -> bool:
        return self.state == ConnectionState.ON


class Round(TenantModel):
    """How far one kind of record has been read: a round goes through all pages since `since`; `place` is the next."""

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="rounds")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    since = models.TextField(blank=True)  # empty: everything, for the first time
    place = models.TextField(blank=True)
    began_at = models.DateTimeField(null=True, blank=True)  # None: none is under way
    ended_at = models.DateTimeField(null=True, blank=True)
    read = models.PositiveIntegerField(default=0)  # records, in the round that is under way or was last
    total = models.PositiveIntegerField(null=True, blank=True)  # where the ATS says it

    moving: ClassVar[Moving] = Moving(left_out="it belongs to a connection")

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "connection", "kind"], name="round_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} since {self.since or 'the beginning'}"
