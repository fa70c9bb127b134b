from django.db import models

from campaigns.models.campaign import Campaign
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel


class Link(TenantModel):
    """A link of a campaign's text. Mail carries only its number, so that nobody can make us lead elsewhere."""

    campaign = TenantForeignKey(Campaign, models.CASCADE, related_name="links", db_index=False)
    number = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=2000)

    class Meta(TenantModel.Meta):
        ordering = ["number"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "campaign", "number"], name="link_number_once"),
        ]

    def __str__(self) -> str:
        return self.url
