from campaigns.models.campaign import Audience, Campaign, CampaignState
from campaigns.models.campaign_turn import CampaignTurn
from campaigns.models.link import Link
from campaigns.models.mail_route import MailRoute, RouteKind
from campaigns.models.message import Message, MessageState
from campaigns.models.message_event import EventKind, MessageEvent
from campaigns.models.send_chunk import SendChunk
from campaigns.models.status_message import StatusMessage
from campaigns.models.status_rule import StatusRule

__all__ = [
    "Audience",
    "Campaign",
    "CampaignState",
    "CampaignTurn",
    "EventKind",
    "Link",
    "MailRoute",
    "Message",
    "MessageEvent",
    "MessageState",
    "RouteKind",
    "SendChunk",
    "StatusMessage",
    "StatusRule",
]
