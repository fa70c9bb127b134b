from django.db import models

from campaigns.models.campaign import Campaign
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel


class CampaignTurn(TenantModel):
    """One time that a campaign looked for who has come to its audience: how many it took, and left for the next."""

    campaign = TenantForeignKey(Campaign, models.CASCADE, related_name="turns")
    at = models.DateTimeField()
    taken = models.PositiveIntegerField()
    left_over = models.PositiveBigIntegerField()

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"turn of campaign {self.campaign_id} at {self.at}"
