import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a time zone, such as Europe/Berlin or America/New_York.")


class Tenant(models.Model):
    """A customer: one company and its talent pool. Shown as “organisation”.

    The one table of customers, so it lies outside row security; it holds nothing about candidates.
    """

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True, max_length=60)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    language = models.CharField(max_length=12, default="en")
    country = models.CharField(
        max_length=2,
        default="US",
        validators=[RegexValidator(r"^[A-Z]{2}$", "Two letters, such as US or DE.")],
        help_text="Read national phone numbers as numbers of this country.",
    )
    postal_address = models.TextField(blank=True, help_text="Shown beneath every campaign; the law asks for it.")
    sender_name = models.CharField(max_length=200, blank=True)
    sender_email = models.EmailField(blank=True)
    contact_gap_days = models.PositiveSmallIntegerField(
        default=14,
        validators=[MaxValueValidator(365)],
        help_text="Nobody is written to twice within so many days, by anyone.",
    )
    consent_required = models.BooleanField(default=True)
    # Campaigns leave alone whom a colleague of their author's is talking with.
    hold_conversations = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)
