"""Always be sourcing, by mail: a campaign that goes on writes to whoever comes to its audience later.

A turn is one transaction that holds the campaign's row, so two workers plan nobody twice, and whatever stops it leaves
the turn due. Each message goes through the contact gate when it leaves, as any other.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from campaigns.actions.campaigns import queue_sending
from campaigns.delivery.planning import plan_messages
from campaigns.delivery.recording import close_if_over
from campaigns.models import Campaign, CampaignState, CampaignTurn
from campaigns.queries.audiences import rate_of
from campaigns.queries.following import newcomers, next_turn
from crm.audit import record
from crm.models import Member, Tenant
from crm.tenancy.scope import current_tenant_id
from talentpool.signals import segment_ran


def follow_due(*, now: datetime | None = None) -> int:
    """How many campaigns had a turn."""
    now = now or timezone.now()
    due = Campaign.objects.filter(state=CampaignState.SENDING, follow_at__lte=now).order_by("follow_at", "pk")
    return sum(take_turn(campaign, now=now) is not None for campaign in due)


@transaction.atomic
def take_turn(campaign: Campaign, *, now: datetime) -> CampaignTurn | None:
    """None when another worker has it, or somebody paused or ended it."""
    due = Campaign.objects.select_for_update(of=("self",)).select_related("segment", "pipeline", "stage", "by")
    locked = due.filter(pk=campaign.pk, state=CampaignState.SENDING, follow_at=campaign.follow_at).first()
    if locked is None:
        return None
    found = newcomers(locked)
    taken = found[: locked.follow_most]
    plan_messages(locked.pk, taken, per_minute=rate_of(locked, Tenant.objects.get(pk=current_tenant_id())))
    Campaign.objects.filter(pk=locked.pk).update(follow_at=next_turn(locked, now))
    turn: CampaignTurn = CampaignTurn.objects.create(
        campaign=locked, at=now, taken=len(taken), left_over=len(found) - len(taken)
    )
    if taken:
        record("campaign.went_on", locked, by=None, planned=len(taken), left_over=turn.left_over)
        queue_sending(locked.pk)
    if taken and locked.segment is not None:
        name = f"The campaign “{locked}”"
        segment_ran.send(
            sender=CampaignTurn, segment=locked.segment, name=name, by=locked.by, at=now, found=taken, put=taken,
            act="campaign", pipeline=None,
        )  # fmt: skip
    return turn


@transaction.atomic
def stop_following(campaign: Campaign, *, by: Member) -> None:
    """Who waits still gets it; nobody who comes later does."""
    running = Campaign.objects.filter(
        pk=campaign.pk, state__in=[CampaignState.SENDING, CampaignState.PAUSED], follow_at__isnull=False
    )
    if running.update(follow_at=None):
        record("campaign.stopped_following", campaign, by=by)
        close_if_over(campaign.pk)
