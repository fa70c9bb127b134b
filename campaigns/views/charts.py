"""Figures of campaigns as bars whose numbers open to the people behind them."""

from collections.abc import Sequence

from campaigns.contact_gate.verdicts import Verdict
from campaigns.models import Campaign
from campaigns.queries.audiences import Foresight
from campaigns.queries.reports import LinkClicks, Progress
from crm.charts import Bar
from crm.models import Tenant
from crm.rendering import org_reverse

HELD_TONE = 6


def verdict_words(verdict: Verdict, tenant: Tenant) -> str:
    if verdict == Verdict.CONTACTED:
        return f"Written to within {tenant.contact_gap_days} days"
    return str(verdict.label)


def foreseen_bars(campaign: Campaign, tenant: Tenant, foreseen: Foresight) -> list[Bar]:
    url = org_reverse("campaigns:held", campaign.pk, slug=tenant.slug)
    return [
        Bar(verdict_words(verdict, tenant), number, f"{url}?verdict={verdict.value}", tone=HELD_TONE)
        for verdict, number in foreseen.reasons
    ]


def held_bars(campaign: Campaign, tenant: Tenant, reasons: Sequence[tuple[Verdict, int]]) -> list[Bar]:
    url = org_reverse("campaigns:people", campaign.pk, slug=tenant.slug)
    return [
        Bar(verdict_words(verdict, tenant), number, f"{url}?list=held&verdict={verdict.value}", tone=HELD_TONE)
        for verdict, number in reasons
    ]


def way_bars(campaign: Campaign, tenant: Tenant, progress: Progress) -> list[Bar]:
    """From sent to clicked."""
    url = org_reverse("campaigns:people", campaign.pk, slug=tenant.slug)
    steps = (("sent", "Sent"), ("delivered", "Delivered"), ("opened", "Opened"), ("clicked", "Clicked"))
    return [Bar(label, getattr(progress, name), f"{url}?list={name}") for name, label in steps]


def link_bars(clicks: Sequence[LinkClicks]) -> list[Bar]:
    return [Bar(link.url if len(link.url) <= 60 else f"{link.url[:59]}…", link.people, tone=2) for link in clicks]
