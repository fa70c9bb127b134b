"""Keeping mail moving: due campaigns start, dead workers' chunks are settled, and every open chunk has a worker."""

from collections.abc import Iterator

import structlog
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from campaigns.actions.campaigns import queue_sending, start_campaign, stop_for_trouble
from campaigns.actions.following import follow_due
from campaigns.delivery.claiming import LANES
from campaigns.delivery.recording import close_if_over
from campaigns.delivery.recovery import recover_journals, release_expired_chunks
from campaigns.delivery.sending import send_chunk
from campaigns.models import Campaign, CampaignState, SendChunk
from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope

log = structlog.get_logger(__name__)


def send_next_chunk(campaign_id: int) -> None:
    """Send one chunk and queue the next; nothing to send now ends the chain, and `move_mail` begins a new one."""
    try:
        is_going_on = send_chunk(campaign_id)
    except ValidationError as problem:  # its words can't be composed any more
        stop_for_trouble(Campaign.objects.get(pk=campaign_id), " ".join(problem.messages))
        return
    if is_going_on:
        queue_sending(campaign_id, workers=1)


def move_mail() -> None:
    """Every few seconds: losing Valkey, a worker or a whole host delays mail and loses none."""
    recover_journals()
    for tenant_id in tenants_with_mail_to_send():
        with tenant_scope(tenant_id):
            release_expired_chunks()
            _start_due()
            follow_due()
            for campaign in Campaign.objects.filter(state=CampaignState.SENDING):
                _queue_open_chunks(campaign.pk)


def tenants_with_mail_to_send() -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenants_with_mail_to_send()")
        yield from [tenant_id for (tenant_id,) in cursor.fetchall()]


def _start_due() -> None:
    for campaign in Campaign.objects.due():
        try:
            start_campaign(campaign)
        except ValidationError as problem:
            stop_for_trouble(campaign, " ".join(problem.messages))


def _queue_open_chunks(campaign_id: int) -> None:
    now = timezone.now()
    chunks = SendChunk.objects.filter(campaign_id=campaign_id)
    running = chunks.filter(state=WorkState.RUNNING).count()
    due = chunks.filter(Q(not_before=None) | Q(not_before__lte=now), state=WorkState.QUEUED).count()
    queue_sending(campaign_id, workers=min(LANES - running, due))
    if not running and not due:
        close_if_over(campaign_id)
