"""When a campaign looks again for who has come to its audience, and who that is."""

from datetime import datetime

from campaigns.models import Campaign, Message
from campaigns.queries.audiences import audience_ids
from talentpool.models import Schedule


def next_turn(campaign: Campaign, after: datetime) -> datetime:
    return after + Schedule.Every(campaign.follow_every).span


def newcomers(campaign: Campaign) -> list[int]:
    """Of its audience who has no message of it, held or sent, under whatever profile they were merged to since."""
    known = set(Message.objects.filter(campaign=campaign).values_list("candidate_id", flat=True))
    return [candidate_id for candidate_id in audience_ids(campaign) if candidate_id not in known]
