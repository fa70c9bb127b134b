"""Where campaigns stand: lists, progress, and the figures of a report, each with the people behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from campaigns.contact_gate.verdicts import Verdict
from campaigns.models import Campaign, CampaignState, EventKind, Message, MessageEvent, MessageState


@dataclass(frozen=True)
class Progress:
    """Where a campaign that leaves or has left stands; the numbers of people are numbers of messages."""

    planned: int
    waiting: int
    sent: int
    held: int
    failed: int
    unknown: int
    cancelled: int
    delivered: int
    opened: int
    clicked: int
    unsubscribed: int
    bounced: int
    complained: int
    last_sent: object

    @property
    def settled(self) -> int:
        return self.planned - self.waiting


def progress_of_campaign(campaign: Campaign) -> Progress:
    """Delivered is what a server took and did not send back since; opened counts whoever opened or clicked."""
    counts = Message.objects.filter(campaign=campaign).aggregate(
        planned=Count("pk"),
        **{name: Count("pk", filter=condition) for name, condition in LISTS.items()},
        last_sent=Max("sent_at"),
    )
    return Progress(**counts)


_SENT = Q(state=MessageState.SENT)
# The figures of a report, each with the people behind it.
LISTS: dict[str, Q] = {
    "waiting": Q(state__in=[MessageState.PLANNED, MessageState.SENDING, MessageState.DEFERRED]),
    "sent": _SENT,
    "held": Q(state=MessageState.HELD),
    "failed": Q(state=MessageState.FAILED),
    "unknown": Q(state=MessageState.UNKNOWN),
    "cancelled": Q(state=MessageState.CANCELLED),
    "delivered": _SENT & Q(bounced_at=None),
    "opened": Q(opened_at__isnull=False) | Q(clicked_at__isnull=False),
    "clicked": Q(clicked_at__isnull=False),
    "unsubscribed": Q(unsubscribed_at__isnull=False),
    "bounced": Q(bounced_at__isnull=False) | Q(state=MessageState.FAILED),
    "complained": Q(complained_at__isnull=False),
}


def messages_for_list(campaign: Campaign, name: str, *, verdict: Verdict | None = None) -> QuerySet[Message]:
    """The messages behind one figure, each with its person."""
    rows = Message.objects.filter(LISTS.get(name, Q()), campaign=campaign).select_related("candidate")
    if verdict is not None:
        rows = rows.filter(verdict=verdict)
    ordered: QuerySet[Message] = rows.order_by("pk")
    return ordered


def held_reasons(campaign: Campaign) -> list[tuple[Verdict, int]]:
    rows = Message.objects.filter(campaign=campaign, state=MessageState.HELD)
    counted = rows.values_list("verdict").annotate(number=Count("pk")).order_by("-number", "verdict")
    return [(Verdict(verdict), number) for verdict, number in counted]


@dataclass(frozen=True)
class LinkClicks:
    url: str
    number: int
    people: int


def clicks_by_link(campaign: Campaign) -> list[LinkClicks]:
    """How many people opened each link; machines don't count."""
    clicks = MessageEvent.objects.by_people().filter(campaign=campaign, kind=EventKind.CLICKED)
    people = dict(
        clicks.exclude(link=None).values_list("link_id").annotate(people=Count("message_id", distinct=True)).order_by()
    )
    return [LinkClicks(link.url, link.number, people.get(link.pk, 0)) for link in campaign.links.all()]


def opens_by_hour(campaign: Campaign, *, hours: int = 48) -> list[int]:
    """People's first opens in each of the first hours after the campaign began to leave."""
    start = campaign.planned_at or timezone.now()
    counts = [0] * hours
    rows = Message.objects.filter(
        campaign=campaign, opened_at__gte=start, opened_at__lt=start + timedelta(hours=hours)
    ).values_list("opened_at", flat=True)
    for opened_at in rows.iterator():
        assert opened_at is not None
        counts[int((opened_at - start).total_seconds() // 3600)] += 1
    return counts


def campaigns_for_list(state: str = "", *, before: int | None = None) -> QuerySet[Campaign]:
    """Newest first; "open" are those that will still send something."""
    rows = Campaign.objects.for_list()
    if before:
        rows = rows.filter(pk__lt=before)
    if state == "open":
        rows = rows.filter(state__in=[CampaignState.SCHEDULED, CampaignState.SENDING, CampaignState.PAUSED])
    elif state:
        rows = rows.filter(state=state)
    counted: QuerySet[Campaign] = rows
    return counted


def figures_for_list(campaigns: Sequence[Campaign]) -> dict[int, dict[str, int]]:
    """Sent, opened, clicked and unsubscribed of several campaigns in one query."""
    shown = ("sent", "opened", "clicked", "unsubscribed")
    rows: Any = (
        Message.objects.filter(campaign__in=list(campaigns))
        .values("campaign_id")
        .annotate(**{name: Count("pk", filter=LISTS[name]) for name in shown})
        .order_by()
    )
    return {row["campaign_id"]: {name: row[name] for name in shown} for row in rows}


def machine_visits(campaign: Campaign) -> int:
    """Opens and clicks that were no person's."""
    visits = MessageEvent.objects.filter(campaign=campaign, kind__in=[EventKind.OPENED, EventKind.CLICKED])
    return int(visits.exclude(machine="").count())
