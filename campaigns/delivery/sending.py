"""One chunk from claim to record: what a Celery task does, and all that a worker process keeps between two of them."""

import asyncio
import os
import secrets
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from campaigns.composing.letter import Letter
from campaigns.composing.skeleton import Headers, Recipient, Skeleton
from campaigns.delivery.batch import Batch, Fate, Outcome, Posting
from campaigns.delivery.claiming import ClaimedChunk, ClaimedMessage, Wait, claim_chunk
from campaigns.delivery.journal import Journal
from campaigns.delivery.letters import headers_of, letter_of
from campaigns.delivery.providers import ProviderDelivery
from campaigns.delivery.recording import record_outcomes
from campaigns.delivery.routes import ProviderAccount, Route, route_for
from campaigns.delivery.smtp_pool import Pool
from campaigns.delivery.smtp_session import Server
from campaigns.models import Campaign, SendChunk
from campaigns.tracking.tokens import token_for
from crm.models import Tenant
from crm.models.leased import WorkState
from crm.tenancy.scope import current_tenant_id
from crm.throttle import Meter, grant_each, wait_for_all

log = structlog.get_logger(__name__)
BATCH_SECONDS = 240.0  # far within the lease: a chunk that takes longer gives the rest of its rows back


@dataclass(frozen=True)
class Prepared:
    """A campaign's words, compiled; kept from chunk to chunk because compiling costs as much as 300 messages."""

    letter: Letter
    headers: Headers
    skeleton: Skeleton


@dataclass
class Worker:
    """What one thread of one process keeps: its name, its journal, its open connections, compiled campaigns."""

    name: str = field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}")
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    pools: dict[Server, Pool] = field(default_factory=dict)
    prepared: dict[tuple[int, int, datetime], Prepared] = field(default_factory=dict)
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal(settings.MAIL_JOURNAL_DIR, self.name)

    def pool_for(self, server: Server) -> Pool:
        return self.pools.setdefault(server, Pool(server))

    def prepare(self, campaign: Campaign, tenant: Tenant) -> Prepared:
        key = (tenant.pk, campaign.pk, campaign.changed_at)
        if key not in self.prepared:
            if len(self.prepared) > 50:
                self.prepared.clear()
            letter, headers = letter_of(campaign, tenant), headers_of(campaign, tenant)
            self.prepared[key] = Prepared(letter, headers, Skeleton(letter, headers))
        return self.prepared[key]

    def close(self) -> None:
        for pool in self.pools.values():
            self.runner.run(pool.close())
        self.runner.close()
        self.journal.close()


_of_this_thread = threading.local()


def this_worker() -> Worker:
    """Made in the process that uses it: connections and locks don't survive a fork."""
    worker: Worker | None = getattr(_of_this_thread, "worker", None)
    if worker is None or not worker.name.startswith(f"{socket.gethostname()}-{os.getpid()}-"):
        worker = _of_this_thread.worker = Worker()
    return worker


def send_chunk(campaign_id: int) -> bool:
    """Send the campaign's next chunk; False when there is nothing to send now, or nothing may be."""
    tenant = Tenant.objects.get(pk=current_tenant_id())
    campaign = Campaign.objects.select_related("status_rule", "status_job").filter(pk=campaign_id).first()
    if campaign is None or _is_night(campaign, tenant):
        return False
    worker, route = this_worker(), route_for(tenant)
    prepared = worker.prepare(campaign, tenant)
    meters = [Meter("route", route.per_minute)]
    if campaign.per_minute:
        meters.append(Meter(f"campaign-{campaign.pk}", campaign.per_minute))
    claimed = claim_chunk(
        campaign_id,
        prepared.letter.needed,
        prepared.letter.own,
        worker=worker.name,
        journal=worker.journal,
        throttle=lambda size: wait_for_all(meters, size),
    )
    if claimed is None or isinstance(claimed, Wait):
        return False
    _send_claimed(claimed, route, prepared, worker)
    return True


def _is_night(campaign: Campaign, tenant: Tenant) -> bool:
    """Status messages that were kept back until now wait until mail may leave again."""
    now = timezone.now()
    morning = campaign.status_rule.earliest(now, tenant.zone) if campaign.status_rule else now
    if morning > now:
        due = SendChunk.objects.filter(Q(not_before=None) | Q(not_before__lt=morning), campaign=campaign)
        due.filter(state=WorkState.QUEUED).update(not_before=morning)
    return morning > now


def _send_claimed(claimed: ClaimedChunk, route: Route, prepared: Prepared, worker: Worker) -> None:
    now, later, wait = _within_domain_limits(claimed.messages)
    if isinstance(route.way, ProviderAccount):
        outcomes, trouble = _by_provider(now, route.way, prepared, worker.journal), ""
    else:
        outcomes, trouble = _by_smtp(now, route.way, prepared, worker)
    outcomes += [Outcome(message.message_id, Fate.NOT_STARTED) for message in later]
    chunk = SendChunk.objects.get(pk=claimed.chunk_id)
    record_outcomes(chunk, outcomes, trouble=trouble, wait=wait)
    worker.journal.end()
    log.info("send_chunk.done", chunk=chunk.pk, **Counter(outcome.fate.name.lower() for outcome in outcomes))


def _within_domain_limits(
    messages: list[ClaimedMessage],
) -> tuple[list[ClaimedMessage], list[ClaimedMessage], float]:
    limit = settings.MAIL_PER_DOMAIN_PER_MINUTE
    if not limit:
        return messages, [], 0.0
    asked = Counter(Meter(f"domain-{_domain(message)}", limit) for message in messages)
    granted, wait = grant_each(asked)
    left = {meter.name: number for meter, number in granted.items()}
    now: list[ClaimedMessage] = []
    later: list[ClaimedMessage] = []
    for message in messages:
        name = f"domain-{_domain(message)}"
        left[name] -= 1
        (now if left[name] >= 0 else later).append(message)
    return now, later, wait


def _domain(message: ClaimedMessage) -> str:
    return message.address.rpartition("@")[2]


def _by_smtp(
    messages: list[ClaimedMessage], server: Server, prepared: Prepared, worker: Worker
) -> tuple[list[Outcome], str]:
    if not messages:
        return [], ""
    tenant_id = current_tenant_id()

    def posting(message: ClaimedMessage) -> Posting:
        recipient = Recipient(message.address, token_for(tenant_id, message.message_id), message.values)
        return Posting(message.message_id, message.address, lambda: prepared.skeleton.build(recipient))

    batch = Batch(map(posting, messages), deadline=time.monotonic() + BATCH_SECONDS, journal=worker.journal)
    pool = worker.pool_for(server)
    worker.runner.run(pool.send(batch))
    not_started = any(outcome.fate is Fate.NOT_STARTED for outcome in batch.outcomes)
    return batch.outcomes, pool.trouble if not_started else ""


def _by_provider(
    messages: list[ClaimedMessage], account: ProviderAccount, prepared: Prepared, journal: Journal
) -> list[Outcome]:
    deadline = time.monotonic() + BATCH_SECONDS
    tenant_id = current_tenant_id()
    outcomes: list[Outcome] = []
    delivery = ProviderDelivery(account)
    try:
        for message in messages:
            if time.monotonic() > deadline:
                outcomes.append(Outcome(message.message_id, Fate.NOT_STARTED))
                continue
            token = token_for(tenant_id, message.message_id)
            rendered = prepared.letter.rendered(message.values, token=token)
            journal.started(message.message_id)
            journal.flush()
            outcome = delivery.send(message.message_id, message.address, token, rendered, prepared.headers)
            journal.settled(outcome.message_id, outcome.fate, outcome.reply)
            journal.flush()
            outcomes.append(outcome)
    finally:
        delivery.close()
    return outcomes
