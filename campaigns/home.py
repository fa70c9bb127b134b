"""What campaigns say on Home: drafts left lying, what is leaving now, what is in trouble, whose fate is unknown."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q

from campaigns.models import Campaign, CampaignState, MessageState
from crm.home import HomeCard, HomePage, Line, Link, home_cards
from crm.permissions import Permission

RECENT = timedelta(days=30)
LINES = 4


@home_cards(Permission.SEND_CAMPAIGNS)
def trouble(page: HomePage) -> Iterator[HomeCard]:
    """Campaigns that can't leave, with the sentence that says why."""
    stuck = Campaign.objects.exclude(trouble="").filter(state__in=[CampaignState.SCHEDULED, CampaignState.SENDING])
    for campaign in stuck.order_by("pk")[:LINES]:
        link = Link("Look into it", page.url("campaigns:campaign", campaign.pk))
        yield HomeCard(campaign.name, 1, campaign.trouble, "can’t leave", "bad", links=(link,))


@home_cards(Permission.VIEW_CAMPAIGNS)
def leaving(page: HomePage) -> Iterator[HomeCard]:
    waits = Q(messages__state__in=[MessageState.PLANNED, MessageState.SENDING, MessageState.DEFERRED])
    running = Campaign.objects.written_by_hand().filter(
        state__in=[CampaignState.SENDING, CampaignState.PAUSED], trouble=""
    )
    counted = running.annotate(total=Count("messages"), waiting=Count("messages", filter=waits))
    for row in counted.order_by("pk").values("pk", "name", "state", "total", "waiting")[:LINES]:
        paused = row["state"] == CampaignState.PAUSED
        settled = row["total"] - row["waiting"]
        yield HomeCard(
            title=row["name"],
            order=8,
            note="paused" if paused else "leaving now",
            tone="warn" if paused else "good",
            text=f"{settled:,} of {row['total']:,} settled.",
            links=(Link("Look", page.url("campaigns:campaign", row["pk"])),),
            done=settled,
            total=row["total"],
            needs_you=paused,
        )


@home_cards(Permission.SEND_CAMPAIGNS)
def unknown_fates(page: HomePage) -> Iterator[HomeCard]:
    """Messages of the last month of which nobody can know whether they left; none is sent again by itself."""
    unknown = Count("messages", filter=Q(messages__state=MessageState.UNKNOWN))
    recent = Campaign.objects.filter(planned_at__gt=page.now - RECENT).annotate(unknown=unknown).filter(unknown__gt=0)
    for row in recent.order_by("-planned_at").values("pk", "name", "unknown")[:LINES]:
        one = row["unknown"] == 1
        yield HomeCard(
            title=f"{row['unknown']:,} {'message has an' if one else 'messages have an'} unknown fate",
            order=18,
            note=row["name"],
            text=f"A machine stopped while {'it was' if one else 'they were'} leaving. None is sent again by itself.",
            links=(Link("Decide", page.url("campaigns:unknown", row["pk"])),),
        )


@home_cards(Permission.EDIT_CAMPAIGNS)
def drafts(page: HomePage) -> Iterator[HomeCard]:
    """This member's own drafts that nobody touched since yesterday."""
    mine = Campaign.objects.filter(state=CampaignState.DRAFT, by=page.member)
    old = list(mine.filter(changed_at__lt=page.now - timedelta(days=1)).order_by("-changed_at")[: LINES + 1])
    if old:
        lines = tuple(
            Line("mail", draft.name, page.url("campaigns:campaign", draft.pk), draft.subject, draft.changed_at)
            for draft in old[:LINES]
        )
        more = "more than these" if len(old) > LINES else ""
        yield HomeCard(title="Drafts to finish", order=50, lines=lines, note=more)
