"""What campaigns wrote to a person, for the tab of messages on the person's page."""

from collections.abc import Sequence

from django.urls import reverse

from campaigns.models import Message
from campaigns.models.message import MessageState
from talentpool.queries.messages import Letter, letters_source

STEPS = (
    ("delivered_at", "delivered"),
    ("opened_at", "opened"),
    ("clicked_at", "followed a link"),
    ("unsubscribed_at", "unsubscribed"),
    ("bounced_at", "bounced"),
    ("complained_at", "reported as spam"),
)
NEVER_LEFT = (MessageState.HELD, MessageState.FAILED, MessageState.CANCELLED)


@letters_source
def letters_of_campaigns(candidate_id: int, limit: int) -> Sequence[Letter]:
    messages = Message.objects.filter(candidate_id=candidate_id).select_related("campaign__by", "tenant")
    return [
        Letter(
            at=each.sent_at or each.claimed_at or each.campaign.planned_at or each.campaign.created_at,
            subject=each.campaign.name,  # the subject itself may hold merge fields
            state=_state_in_words(each),
            by=each.campaign.by.name,
            url=reverse("campaigns:campaign", args=[each.tenant.slug, each.campaign_id]),
            leaves=MessageState(each.state) not in NEVER_LEFT,
        )
        for each in messages.order_by("-pk")[:limit]
    ]


def _state_in_words(message: Message) -> str:
    state = MessageState(message.state)
    if state == MessageState.HELD:
        return f"{state.label}: {message.reason}" if message.reason else str(state.label)
    return ", ".join([str(state.label), *(words for field, words in STEPS if getattr(message, field))])
