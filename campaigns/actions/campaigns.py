"""A campaign's life: written, scheduled, planned, paused, resumed, cancelled. Each state is moved by one action."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.delivery.claiming import LANES
from campaigns.delivery.letters import letter_of
from campaigns.delivery.planning import plan_messages
from campaigns.delivery.recording import close_if_over
from campaigns.models import Campaign, CampaignState, Link, Message, MessageState, SendChunk
from campaigns.queries.audiences import audience_ids, rate_of
from campaigns.queries.following import next_turn
from crm.audit import record
from crm.models import Member, Tenant
from crm.models.leased import WorkState
from crm.tenancy.scope import current_tenant_id


@transaction.atomic
def create_campaign(campaign: Campaign, *, by: Member) -> Campaign:
    campaign.by = by
    campaign.save()
    record("campaign.created", campaign, by=by)
    return campaign


@transaction.atomic
def update_campaign(campaign: Campaign, *, by: Member, changed: Collection[str]) -> Campaign:
    """Only a draft changes. What is being sent stays as it was approved."""
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not locked.is_editable:
        raise ValidationError("It is scheduled or on its way, so it can’t be changed. Take it back to a draft first.")
    campaign.save()
    if changed:
        record("campaign.edited", campaign, by=by, fields=sorted(changed))
    return campaign


@transaction.atomic
def copy_campaign(campaign: Campaign, *, by: Member) -> Campaign:
    """A new draft with the same words and the same audience."""
    kept = (
        "subject", "preheader", "body", "sender_name", "reply_to", "audience", "time_zone", "per_minute",
        "follow_every", "follow_most",
    )  # fmt: skip
    copy = Campaign(
        name=f"Copy of {campaign.name}"[:200],
        segment=campaign.segment,
        pipeline=campaign.pipeline,
        stage=campaign.stage,
        selection=campaign.selection,
        by=by,
        **{name: getattr(campaign, name) for name in kept},
    )
    copy.save()
    record("campaign.created", copy, by=by, copy_of=campaign.pk)
    return copy


@transaction.atomic
def delete_campaign(campaign: Campaign, *, by: Member) -> None:
    """Only a draft: what was sent stays on record."""
    locked = _locked(campaign, CampaignState.DRAFT)
    if locked.has_left:
        raise ValidationError("Some of it has been sent, so it stays on record.")
    record("campaign.deleted", locked, by=by)
    locked.delete()


def problems_of(campaign: Campaign, tenant: Tenant) -> list[str]:
    """What keeps it from leaving, each in a sentence; empty when it may."""
    problems = []
    if not campaign.subject.strip():
        problems.append("It has no subject.")
    if not campaign.body.strip():
        problems.append("The message is empty.")
    if not campaign.audience:
        problems.append("Nobody is chosen to get it.")
    if not tenant.postal_address.strip():
        problems.append("The organisation’s postal address is missing; the law asks for it beneath every campaign.")
    if not tenant.sender_email:
        problems.append("The organisation has no sender address yet.")
    try:
        letter_of(campaign, tenant)
    except ValidationError as problem:
        problems += problem.messages
    return problems


@transaction.atomic
def schedule_campaign(campaign: Campaign, *, send_at: datetime, by: Member) -> None:
    """From draft to scheduled; a time that has passed means now."""
    locked = _locked(campaign, CampaignState.DRAFT)
    problems = problems_of(locked, _tenant())
    if problems:
        raise ValidationError(problems)
    if not audience_ids(locked) and not locked.will_follow:
        raise ValidationError("There is nobody to write to.")
    locked.send_at = send_at
    _move(locked, CampaignState.SCHEDULED, by=by, verb="campaign.scheduled", send_at=send_at.isoformat())
    if send_at <= timezone.now():
        start_campaign(locked)


@transaction.atomic
def unschedule_campaign(campaign: Campaign, *, by: Member) -> None:
    """Back to a draft, as long as nothing is planned."""
    locked = _locked(campaign, CampaignState.SCHEDULED)
    _move(locked, CampaignState.DRAFT, by=by, verb="campaign.unscheduled")


@transaction.atomic
def start_campaign(campaign: Campaign) -> None:
    """Plan a message for everyone in the audience and let workers begin. Starting twice plans nobody twice."""
    locked = _locked(campaign, CampaignState.SCHEDULED)
    tenant = _tenant()
    letter = letter_of(locked, tenant)
    Link.objects.bulk_create(
        (Link(campaign=locked, number=number, url=url) for number, url in enumerate(letter.links, 1)),
        ignore_conflicts=True,
    )
    planned = plan_messages(locked.pk, audience_ids(locked), per_minute=rate_of(locked, tenant))
    locked.planned_at = timezone.now()
    if locked.will_follow:
        locked.follow_at = next_turn(locked, locked.planned_at)
    _move(locked, CampaignState.SENDING, by=None, verb="campaign.started", planned=planned)
    close_if_over(locked.pk)
    queue_sending(locked.pk)


@transaction.atomic
def pause_campaign(campaign: Campaign, *, by: Member) -> None:
    """No further chunk is taken; the ones under way come to their end."""
    locked = _locked(campaign, CampaignState.SENDING)
    _move(locked, CampaignState.PAUSED, by=by, verb="campaign.paused")


@transaction.atomic
def resume_campaign(campaign: Campaign, *, by: Member) -> None:
    locked = _locked(campaign, CampaignState.PAUSED)
    locked.trouble = ""
    _move(locked, CampaignState.SENDING, by=by, verb="campaign.resumed")
    SendChunk.objects.filter(campaign=locked, state=WorkState.QUEUED).update(not_before=None)
    close_if_over(locked.pk)
    queue_sending(locked.pk)


@transaction.atomic
def stop_for_trouble(campaign: Campaign, trouble: str) -> None:
    """It can't be composed or planned any more: people are told, and nothing leaves until one of them acts."""
    Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SENDING).update(
        state=CampaignState.PAUSED, trouble=trouble[:500]
    )
    Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SCHEDULED).update(
        state=CampaignState.DRAFT, trouble=trouble[:500]
    )
    record("campaign.stopped", campaign, by=None, trouble=trouble[:500])


@transaction.atomic
def cancel_campaign(campaign: Campaign, *, by: Member) -> int:
    """Nothing more leaves, for good; returns how many will hear nothing."""
    locked = _locked(campaign, CampaignState.SCHEDULED, CampaignState.SENDING, CampaignState.PAUSED)
    waiting = Message.objects.filter(campaign=locked, state__in=[MessageState.PLANNED, MessageState.DEFERRED])
    cancelled: int = waiting.update(state=MessageState.CANCELLED)
    SendChunk.objects.filter(campaign=locked, state=WorkState.QUEUED).update(state=WorkState.CANCELLED)
    locked.ended_at, locked.follow_at = timezone.now(), None
    _move(locked, CampaignState.CANCELLED, by=by, verb="campaign.cancelled", messages=cancelled)
    return cancelled


@transaction.atomic
def send_unknown_again(campaign: Campaign, *, by: Member, message_ids: Collection[int] | None = None) -> int:
    """A person decided: messages of unknown fate go out again, through the gate, though some may have arrived."""
    unknown = _unknown(campaign, message_ids)
    ids = sorted(unknown.values_list("pk", flat=True))
    unknown.filter(pk__in=ids).update(state=MessageState.PLANNED, reply="")
    for chunk in SendChunk.objects.filter(campaign=campaign, state__in=[WorkState.DONE, WorkState.QUEUED]):
        if any(chunk.first_id <= message_id <= chunk.last_id for message_id in ids):
            SendChunk.objects.filter(pk=chunk.pk).update(state=WorkState.QUEUED, not_before=None, attempts=0)
    Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SENT).update(state=CampaignState.SENDING, ended_at=None)
    record("campaign.unknown_sent_again", campaign, by=by, messages=ids)
    queue_sending(campaign.pk)
    return len(ids)


@transaction.atomic
def take_unknown_as_sent(campaign: Campaign, *, by: Member, message_ids: Collection[int] | None = None) -> int:
    """A person decided: they count as sent and are left alone."""
    unknown = _unknown(campaign, message_ids)
    ids = sorted(unknown.values_list("pk", flat=True))
    for message in unknown.filter(pk__in=ids):
        Message.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=message.claimed_at)
    record("campaign.unknown_taken_as_sent", campaign, by=by, messages=ids)
    return len(ids)


def _unknown(campaign: Campaign, message_ids: Collection[int] | None) -> QuerySet[Message]:
    rows = Message.objects.filter(campaign=campaign, state=MessageState.UNKNOWN)
    return rows if message_ids is None else rows.filter(pk__in=list(message_ids))


def _locked(campaign: Campaign, *states: CampaignState) -> Campaign:
    locked: Campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.state not in states:
        raise ValidationError(f"It is {locked.get_state_display().lower()} by now, so this can’t be done any more.")
    return locked


def _move(campaign: Campaign, state: CampaignState, *, by: Member | None, verb: str, **detail: Any) -> None:
    campaign.state = state
    campaign.save()
    record(verb, campaign, by=by, **detail)


def _tenant() -> Tenant:
    return Tenant.objects.get(pk=current_tenant_id())


def queue_sending(campaign_id: int, workers: int = LANES) -> None:
    from campaigns.tasks import send_next_chunk  # tasks stand above actions; queueing follow-up work is the exception

    for _ in range(workers):
        send_next_chunk.delay(campaign_id)
