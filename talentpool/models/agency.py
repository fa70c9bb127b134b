"""Agencies: who may send us people, for which jobs, on what terms, and through whom."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantModel, TenantQuerySet
from crm.tenancy.moving import Moving
from talentpool.models.job import Job
from talentpool.models.source import Source


class AgencyQuerySet(TenantQuerySet["Agency"]):
    def current(self) -> "AgencyQuerySet":
        return self.filter(ended_at=None)


class Agency(TenantModel):
    """A firm that submits people. Its first valid claim on a person holds for `ownership_days`.

    Who came to us from elsewhere within `known_days` was known already, and no agency's.
    """

    name = models.CharField(max_length=120)
    contact_name = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    terms = models.TextField(blank=True, max_length=5000)  # what was agreed, in words; the agency reads it too
    fee = models.CharField(max_length=40, blank=True)  # of a hire, as talentpool.fees keeps it
    ownership_days = models.PositiveSmallIntegerField(
        default=180, validators=[MinValueValidator(1), MaxValueValidator(1825)]
    )
    known_days = models.PositiveSmallIntegerField(
        default=365, validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )
    source = TenantForeignKey(Source, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TenantManager.from_queryset(AgencyQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name_plural = "agencies"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint("tenant", Lower("name"), name="agency_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class AgencyUserQuerySet(TenantQuerySet["AgencyUser"]):
    def active(self) -> "AgencyUserQuerySet":
        """Who may enter the portal now."""
        return self.filter(removed_at=None, agency__ended_at=None)


def ended_by_moving(removed_at: str | None) -> str:
    """Nobody is let into another organisation by an archive; who is invited there anew has the same row."""
    return removed_at or timezone.now().isoformat()


class AgencyUser(TenantModel):
    """A user who works for an agency: sees the portal and what the agency submitted, and nothing else here."""

    agency = TenantForeignKey(Agency, models.PROTECT, related_name="users")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TenantManager.from_queryset(AgencyUserQuerySet)()
    moving: ClassVar[Moving] = Moving(arrives={"removed_at": ended_by_moving})

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "user"], name="agency_user_once"),
        ]

    def __str__(self) -> str:
        return self.name


class AgencyInvitation(TenantModel):
    """A letter that lets its reader into an agency's portal. Only the hash of its secret is kept."""

    agency = TenantForeignKey(Agency, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    secret_hash = models.CharField(max_length=64)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    moving: ClassVar[Moving] = Moving(left_out="secrets belong to the organisation that made them")

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                "tenant",
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="agency_invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()


class AgencyJobQuerySet(TenantQuerySet["AgencyJob"]):
    def open(self) -> "AgencyJobQuerySet":
        """For which the agency may submit people now."""
        return self.filter(closed_at=None, job__is_open=True, agency__ended_at=None)


class AgencyJob(TenantModel):
    """That a job is open to an agency."""

    agency = TenantForeignKey(Agency, models.CASCADE, related_name="openings")
    job = TenantForeignKey(Job, models.CASCADE, related_name="openings")
    words = models.TextField("words", blank=True, max_length=5000)  # what the agency is told about it
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar = TenantManager.from_queryset(AgencyJobQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name_plural = "jobs opened to agencies"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "agency", "job"], name="agency_job_once"),
        ]

    def __str__(self) -> str:
        return f"job {self.job_id} open to agency {self.agency_id}"
