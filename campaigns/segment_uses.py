"""Which campaigns are meant for a segment."""

from collections.abc import Iterator

from campaigns.models import Campaign
from crm.home import Link
from crm.models import Member
from crm.permissions import Permission, may
from crm.rendering import org_reverse
from talentpool.models import Segment
from talentpool.segment_uses import register

MOST = 20


def campaigns_for(segment: Segment, member: Member) -> Iterator[Link]:
    if may(member, Permission.VIEW_CAMPAIGNS):
        for campaign in Campaign.objects.filter(segment=segment).order_by("-pk")[:MOST]:
            goes_on = f"goes on: {campaign.get_follow_every_display().lower()}" if campaign.is_following else ""
            words = f"{campaign.name} ({goes_on or campaign.get_state_display().lower()})"
            yield Link(words, org_reverse("campaigns:campaign", campaign.pk, slug=member.tenant.slug))


register(campaigns_for)
