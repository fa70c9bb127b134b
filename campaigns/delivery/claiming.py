"""Taking a chunk: lease, contact gate, verdict and the state 'sending' in one transaction, committed before any byte.

A chunk that is taken and lost is of unknown fate, never sent again by itself; a chunk that is not taken is untouched.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from campaigns.composing.merge_fields import CANDIDATE_FIELDS
from campaigns.contact_gate.rule import parameters, rule
from campaigns.contact_gate.verdicts import Verdict
from campaigns.delivery.journal import Journal
from campaigns.models import SendChunk
from campaigns.models.message import MessageState
from campaigns.queries.own_fields import Writers, in_words, writers
from crm.tenancy.scope import current_tenant_id

LANES = 2  # chunks of one campaign under way at once: two workers fill a mail server
_GATE_LOCK = 7_301  # of pg_advisory_xact_lock: two campaigns can't both find that nobody wrote lately

_TAKE = """
UPDATE campaigns_sendchunk SET state = 'running', worker = %(worker)s, attempts = attempts + 1,
    lease_until = now() + make_interval(secs => %(lease)s)
WHERE id = (
    SELECT s.id FROM campaigns_sendchunk s JOIN campaigns_campaign k ON k.id = s.campaign_id AND k.state = 'sending'
    WHERE s.campaign_id = %(campaign)s AND s.state = 'queued' AND (s.not_before IS NULL OR s.not_before <= now())
        AND %(lanes)s > (
            SELECT count(*) FROM campaigns_sendchunk o
            WHERE o.campaign_id = %(campaign)s AND o.state = 'running' AND o.lease_until > now()
        )
    ORDER BY s.id LIMIT 1 FOR UPDATE OF s SKIP LOCKED
) RETURNING id, first_id, last_id, size, attempts
"""
# Two planned messages are one person's where people were merged since.
_RECIPIENTS = f"""
    SELECT m.id AS message_id, m.candidate_id, row_number() OVER (PARTITION BY m.candidate_id ORDER BY m.id) > 1 AS twin
    FROM campaigns_message m
    WHERE m.id BETWEEN %(first)s AND %(last)s AND m.campaign_id = %(campaign)s
        AND m.state IN ({MessageState.PLANNED}, {MessageState.DEFERRED})
"""
_CLAIM = f"""
UPDATE campaigns_message m SET verdict = g.verdict, reason = g.reason, claimed_at = clock_timestamp(),
    address = CASE WHEN g.verdict = {Verdict.ALLOWED} THEN g.address ELSE m.address END,
    attempts = m.attempts + CASE WHEN g.verdict = {Verdict.ALLOWED} THEN 1 ELSE 0 END,
    state = CASE g.verdict WHEN {Verdict.ALLOWED} THEN {MessageState.SENDING}
        WHEN {Verdict.STALE} THEN {MessageState.DEFERRED} ELSE {MessageState.HELD} END
FROM answers g WHERE m.id = g.message_id AND m.id BETWEEN %(first)s AND %(last)s
RETURNING m.id, m.candidate_id, m.address, g.verdict"""


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    message_id: int
    candidate_id: int
    address: str
    values: dict[str, str | None]


@dataclass(frozen=True)
class ClaimedChunk:
    chunk_id: int
    first_id: int
    last_id: int
    attempts: int
    messages: list[ClaimedMessage]


@dataclass(frozen=True)
class Wait:
    """Nothing was taken: the throttle asks for patience."""

    seconds: float


def claim_chunk(
    campaign_id: int,
    needed: Collection[str],
    own: Sequence[str] = (),
    *,
    worker: str,
    journal: Journal | None = None,
    throttle: Callable[[int], float] = lambda size: 0.0,
) -> ClaimedChunk | Wait | None:
    """The next chunk of a campaign that is sending; None when there is none to take now.

    `throttle(size)` says for how many seconds so many messages have to wait; anything but 0 leaves the chunk alone.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_GATE_LOCK, current_tenant_id()])
        cursor.execute(
            _TAKE,
            {"worker": worker, "campaign": campaign_id, "lease": SendChunk.LEASE.total_seconds(), "lanes": LANES},
        )
        taken = cursor.fetchone()
        if taken is None:
            return None
        chunk_id, first_id, last_id, size, attempts = taken
        seconds = throttle(size)
        if seconds > 0:
            transaction.set_rollback(True)
            return Wait(seconds)
        if journal:
            journal.begin(current_tenant_id(), chunk_id)
        names = (*CANDIDATE_FIELDS, *own)
        claim = ", ".join((_CLAIM, *(f'g."{name}"' for name in names)))
        cursor.execute(
            rule(_RECIPIENTS, needed, own) + claim, {**parameters(campaign_id), "first": first_id, "last": last_id}
        )
        rows = [row for row in cursor.fetchall() if row[3] == Verdict.ALLOWED]
    writing = writers(own)
    allowed = [_message(row, names, writing) for row in rows]
    return ClaimedChunk(chunk_id, first_id, last_id, attempts, allowed)


def _message(row: tuple[object, ...], names: Sequence[str], writing: Writers) -> ClaimedMessage:
    message_id, candidate_id, address, _, *values = row
    filled = in_words({name: str(value) for name, value in zip(names, values, strict=True)}, writing)
    return ClaimedMessage(int(str(message_id)), int(str(candidate_id)), str(address), filled)
