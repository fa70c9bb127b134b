"""What an organisation decides about its search log: whether positions are asked for, how long it is kept, and holds.

Sources of the periods: 41 CFR 60-1.12(a) asks contractors of the US government for two years, those with under 150
employees or no contract of $150,000 for one; 29 CFR 1602.14 asks every employer for one.
"""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving
from sourcing.models.entry import STAYS

SHORTEST, LONGEST = 1, 10  # years; the database refuses to remove what is younger than a year


class Asking(models.TextChoices):
    NEVER = "never", "Don’t ask for the position"
    ASK = "ask", "Ask for the position, once per session of searching"
    REQUIRE = "require", "Ask, and let nobody act upon a result before it is answered"


class SearchLogSettings(TenantModel):
    asking = models.CharField(max_length=10, choices=Asking.choices, default=Asking.NEVER)
    keep_years = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)]
    )

    moving: ClassVar[Moving] = Moving()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant"], name="searchlogsettings_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_asking_display()}; {self.keep_years} years"


class LegalHold(TenantModel):
    """While it lasts nothing of the position is removed; without a position, nothing of the whole log."""

    reason = models.CharField(max_length=300)
    job_id = models.BigIntegerField(null=True)
    pipeline_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=300, blank=True)  # of the position, as it was called
    by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    moving: ClassVar[Moving] = STAYS

    class Meta(TenantModel.Meta):
        ordering = ["-begun_at", "-id"]

    def __str__(self) -> str:
        return self.title or "The whole log"
