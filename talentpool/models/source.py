import secrets
from typing import ClassVar

from django.db import models

from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class SourceKind(models.TextChoices):
    PAST_APPLICANT = "past_applicant", "Past applicant"
    TALENT_NETWORK = "talent_network", "Talent network"
    RESUME_BOARD = "resume_board", "Résumé board"
    REFERRAL = "referral", "Referral"
    AGENCY = "agency", "Agency"
    EVENT = "event", "Event"
    SOURCED = "sourced", "Sourced"
    ATS = "ats", "ATS"
    HAND = "hand", "Added by hand"
    API = "api", "API"
    EMAIL = "email", "E-mail"
    OTHER = "other", "Other"


def new_mark() -> str:
    return secrets.token_hex(8)


class Source(TenantModel):
    """Where profiles come from, by the name the organisation gives it: “Spring job fair”."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=SourceKind.choices, default=SourceKind.OTHER)
    # Of two values of about the same age the one from the more trusted source is shown (0 to 100).
    trust = models.PositiveSmallIntegerField(default=50)
    mark = models.CharField(max_length=20, default=new_mark)  # stays the same when the pool is moved
    created_at = models.DateTimeField(auto_now_add=True)
    # Of a source that is kept in step with another system: all that happened there is known as of then, and after
    # how many minutes that is too old to write to its people. Empty: no other system.
    synced_at = models.DateTimeField(null=True, blank=True)
    stale_after = models.PositiveSmallIntegerField(null=True, blank=True)
    # Of such a source: who is right where it and an edit differ, by group of fields (talentpool.identity.conflicts),
    # and which of its own fields is which of ours, by key.
    conflicts = models.JSONField(default=dict, blank=True, db_default={})
    own_fields = models.JSONField(default=dict, blank=True, db_default={})

    moving: ClassVar[Moving] = Moving(emptied=["synced_at", "stale_after"], plain=["conflicts", "own_fields"])

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "name"], name="source_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
