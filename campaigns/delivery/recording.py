"""Writing down what became of a chunk: all its outcomes in one statement, and what follows from them.

A worker's answer is the truth for its row, whatever a reaper made of it in the meantime.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from campaigns.delivery.batch import Fate, Outcome
from campaigns.delivery.bounces import is_hard_bounce
from campaigns.models import Campaign, CampaignState, EventKind, Message, MessageEvent, MessageState, SendChunk
from crm.models.leased import WorkState
from talentpool.actions.activities import record_activities
from talentpool.models import ActivityKind, Candidate, Suppression, SuppressionReason

MOST_ATTEMPTS = 8
FIRST_RETRY = timedelta(minutes=5)  # then 15, 45, … minutes, at most eight hours apart: given up after about a day
LONGEST_RETRY = timedelta(hours=8)
FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(minutes=15)

_STATE = {
    Fate.SENT: MessageState.SENT,
    Fate.REFUSED: MessageState.FAILED,
    Fate.DEFERRED: MessageState.DEFERRED,
    Fate.NOT_STARTED: MessageState.PLANNED,
    Fate.UNKNOWN: MessageState.UNKNOWN,
}
# No test on the old state: the statistics say that no row is 'sending', and from 2,000 rows on the planner then joined
# row by row, at 760 µs a message instead of 10. The range of ids is what it can plan by.
_RECORD = f"""
UPDATE campaigns_message m SET reply = u.reply,
    sent_at = CASE WHEN u.state = {MessageState.SENT} THEN clock_timestamp() END,
    attempts = m.attempts - CASE WHEN u.state = {MessageState.PLANNED} THEN 1 ELSE 0 END,
    state = CASE WHEN u.state = {MessageState.DEFERRED} AND m.attempts >= {MOST_ATTEMPTS}
        THEN {MessageState.FAILED} ELSE u.state END
FROM unnest(%(ids)s::bigint[], %(states)s::smallint[], %(replies)s::text[]) u (id, state, reply)
WHERE m.id = u.id AND m.id BETWEEN %(first)s AND %(last)s
RETURNING m.id, m.candidate_id, m.origin_id, m.state, m.address
"""


class _Row(NamedTuple):
    message_id: int
    candidate_id: int
    origin_id: int
    state: int
    address: str

    @property
    def whose(self) -> tuple[int, int]:
        return self.candidate_id, self.origin_id


@transaction.atomic(durable=True)
def record_outcomes(chunk: SendChunk, outcomes: Sequence[Outcome], *, trouble: str = "", wait: float = 0.0) -> None:
    """Messages, activities and suppressions as the outcomes say; the chunk is done, or due again later.

    `wait` is for rows that only the throttle kept back, in seconds.
    """
    rows = _written(outcomes)
    sent = [row for row in rows if row.state == MessageState.SENT]
    campaign = Campaign.objects.only("id", "name", "state").get(pk=chunk.campaign_id)
    if sent:
        whose = [row.whose for row in sent]
        record_activities(whose, ActivityKind.MESSAGE_SENT, campaign_id=campaign.pk, campaign=campaign.name)
        Candidate.objects.filter(pk__in=[row.candidate_id for row in sent]).update(last_contact_at=timezone.now())
    _bounce(campaign, rows, {outcome.message_id: outcome.reply for outcome in outcomes})
    _reopen_or_close(chunk, trouble=trouble, wait=wait)
    Campaign.objects.filter(pk=campaign.pk).exclude(trouble=trouble[:500]).update(trouble=trouble[:500])
    close_if_over(campaign.pk)


def _written(outcomes: Sequence[Outcome]) -> list[_Row]:
    if not outcomes:
        return []
    ids = [outcome.message_id for outcome in outcomes]
    values: dict[str, Any] = {
        "ids": ids,
        "states": [int(_STATE[outcome.fate]) for outcome in outcomes],
        "replies": [outcome.reply.replace("\0", "") for outcome in outcomes],
        "first": min(ids),
        "last": max(ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, values)
        return [_Row(*row) for row in cursor.fetchall()]


def _bounce(campaign: Campaign, rows: Sequence[_Row], replies: dict[int, str]) -> None:
    """A refusal by the address's own fault suppresses the address at once."""
    now = timezone.now()
    bounced = [row for row in rows if row.state == MessageState.FAILED and is_hard_bounce(replies[row.message_id])]
    if not bounced:
        return
    Message.objects.filter(pk__in=[row.message_id for row in bounced]).update(bounced_at=now)
    MessageEvent.objects.bulk_create(
        MessageEvent(
            message_id=row.message_id, campaign=campaign, candidate_id=row.candidate_id, origin_id=row.origin_id,
            kind=EventKind.BOUNCED, at=now, detail=replies[row.message_id],
        )
        for row in bounced
    )  # fmt: skip
    Suppression.objects.bulk_create(
        (
            Suppression(
                address=row.address, reason=SuppressionReason.BOUNCED, at=now, detail={"reply": replies[row.message_id]}
            )
            for row in bounced
        ),
        ignore_conflicts=True,
    )
    whose = [row.whose for row in bounced]
    record_activities(whose, ActivityKind.MESSAGE_BOUNCED, campaign_id=campaign.pk, campaign=campaign.name)


def _reopen_or_close(chunk: SendChunk, *, trouble: str, wait: float) -> None:
    messages = Message.objects.filter(pk__range=(chunk.first_id, chunk.last_id), campaign_id=chunk.campaign_id)
    states = set(messages.waiting().values_list("state", flat=True))
    pauses = []
    if MessageState.PLANNED in states:
        pauses.append(timedelta(seconds=wait) if wait and not trouble else pause_after(chunk.attempts))
    if MessageState.DEFERRED in states:
        pauses.append(retry_after(chunk.attempts))
    held = SendChunk.objects.filter(pk=chunk.pk)
    if pauses:
        held.update(state=WorkState.QUEUED, lease_until=None, not_before=timezone.now() + min(pauses))
    else:
        held.update(state=WorkState.DONE, lease_until=None)


def retry_after(attempts: int) -> timedelta:
    return min(FIRST_RETRY * int(3 ** min(max(attempts - 1, 0), 6)), LONGEST_RETRY)


def pause_after(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * int(2 ** min(max(attempts - 1, 0), 8)), LONGEST_PAUSE)


def close_if_over(campaign_id: int) -> None:
    """A sending campaign without an open chunk is sent, unless it writes to whoever comes later; a cancelled one's rows
    that came back stay unsent."""
    # Two statements: as one with a join the planner visited every message once for every message.
    if Campaign.objects.filter(pk=campaign_id, state=CampaignState.CANCELLED).exists():
        Message.objects.filter(campaign_id=campaign_id, state__in=[MessageState.PLANNED, MessageState.DEFERRED]).update(
            state=MessageState.CANCELLED
        )
        return
    with transaction.atomic():
        # Whoever adds a message to a campaign that is under way holds its row until the chunk is written.
        sending = Campaign.objects.select_for_update(of=("self",)).filter(
            pk=campaign_id, state=CampaignState.SENDING, follow_at=None
        )
        if not sending.only("pk").exists():
            return
        open_chunks = SendChunk.objects.filter(campaign_id=campaign_id, state__in=[WorkState.QUEUED, WorkState.RUNNING])
        if not open_chunks.exists():
            now = timezone.now()
            Campaign.objects.filter(pk=campaign_id).update(state=CampaignState.SENT, ended_at=now, changed_at=now)
