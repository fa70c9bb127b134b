"""After a worker died: what its journal knows is believed, what nobody knows is said to be unknown."""

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaigns.delivery.batch import Fate, Outcome
from campaigns.delivery.journal import Found, left_behind
from campaigns.delivery.recording import record_outcomes
from campaigns.models import Message, MessageState, SendChunk
from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope

log = structlog.get_logger(__name__)
DIED = "The sending process died while this message was on its way."


def recover_journals() -> int:
    """Settle the chunks of this host's dead processes; returns how many there were."""
    recovered = 0
    for found in left_behind(settings.MAIL_JOURNAL_DIR):
        with tenant_scope(found.tenant_id):
            recovered += _recover(found)
    return recovered


def _recover(found: Found) -> bool:
    worker = found.path.stem
    chunk = SendChunk.objects.filter(pk=found.chunk_id, worker=worker, state=WorkState.RUNNING).first()
    if chunk is None:  # it was never claimed, or its outcomes are written already
        return False
    outcomes = [_outcome(message_id, found) for message_id in _sending(chunk)]
    record_outcomes(chunk, outcomes)
    log.warning("send_chunk.recovered", chunk=chunk.pk, worker=worker, started=len(found.started))
    return True


def _outcome(message_id: int, found: Found) -> Outcome:
    if message_id in found.settled:
        fate, reply = found.settled[message_id]
        return Outcome(message_id, Fate(fate), reply)
    if message_id in found.started:
        return Outcome(message_id, Fate.UNKNOWN, DIED)
    return Outcome(message_id, Fate.NOT_STARTED, "")


def release_expired_chunks() -> int:
    """Chunks whose lease ran out, in the current tenant: without a journal every row under way is of unknown fate."""
    expired = SendChunk.objects.filter(state=WorkState.RUNNING, lease_until__lt=timezone.now())
    released = 0
    for chunk_id in list(expired.values_list("pk", flat=True)):
        chunk = _taken_over(chunk_id)
        if chunk is not None:
            outcomes = [Outcome(message_id, Fate.UNKNOWN, DIED) for message_id in _sending(chunk)]
            record_outcomes(chunk, outcomes)
            log.warning("send_chunk.lease_ran_out", chunk=chunk.pk, worker=chunk.worker, unknown=len(outcomes))
            released += 1
    return released


@transaction.atomic(durable=True)
def _taken_over(chunk_id: int) -> SendChunk | None:
    """Of two reapers one gets the chunk."""
    expired = SendChunk.objects.filter(pk=chunk_id, state=WorkState.RUNNING, lease_until__lt=timezone.now())
    won = expired.update(lease_until=timezone.now() + SendChunk.LEASE, worker="reaper")
    return SendChunk.objects.get(pk=chunk_id) if won else None


def _sending(chunk: SendChunk) -> list[int]:
    rows = Message.objects.filter(
        pk__range=(chunk.first_id, chunk.last_id), campaign_id=chunk.campaign_id, state=MessageState.SENDING
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))
