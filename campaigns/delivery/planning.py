"""From an audience to planned rows: one statement, however many people."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from campaigns.contact_gate.preview import AUDIENCE
from campaigns.contact_gate.verdicts import Verdict
from campaigns.models.message import MessageState

LARGEST_CHUNK = 500
SECONDS_PER_CHUNK = 10  # of a throttled campaign, so that pausing it is felt soon

# A second planning adds who is new and nobody twice. Who shares an address with somebody else here, or with somebody
# who gets the campaign already, is held at once: that this is so depends on the audience, which nobody knows later.
_PLAN = f"""
WITH everybody AS ({AUDIENCE}),
taken AS MATERIALIZED (
    SELECT lower(btrim(c.email)) AS address
    FROM campaigns_message m JOIN talentpool_candidate c ON c.id = m.candidate_id
    WHERE m.campaign_id = %(campaign)s AND btrim(c.email) <> ''
        AND m.state NOT IN ({MessageState.HELD}, {MessageState.FAILED}, {MessageState.CANCELLED})
),
audience AS (
    SELECT e.candidate_id, e.twin OR lower(btrim(c.email)) IN (SELECT address FROM taken) AS twin
    FROM everybody e JOIN talentpool_candidate c ON c.id = e.candidate_id
),
planned AS (
    INSERT INTO campaigns_message
        (tenant_id, campaign_id, candidate_id, origin_id, address, state, verdict, reason, attempts, reply)
    SELECT k.tenant_id, k.id, a.candidate_id, a.candidate_id, '',
        CASE WHEN a.twin THEN {MessageState.HELD} ELSE {MessageState.PLANNED} END,
        CASE WHEN a.twin THEN {Verdict.SAME_ADDRESS} ELSE {Verdict.NOT_ASKED} END,
        CASE WHEN a.twin THEN 'Gets it under another name with the same address' ELSE '' END, 0, ''
    FROM audience a CROSS JOIN campaigns_campaign k WHERE k.id = %(campaign)s ORDER BY a.candidate_id
    ON CONFLICT (tenant_id, campaign_id, origin_id) DO NOTHING
    RETURNING id, tenant_id
),
numbered AS (SELECT id, tenant_id, (row_number() OVER (ORDER BY id) - 1) / %(size)s AS chunk FROM planned)
INSERT INTO campaigns_sendchunk (tenant_id, campaign_id, first_id, last_id, size, state, worker, attempts)
SELECT min(tenant_id), %(campaign)s, min(id), max(id), count(*), 'queued', '', 0
FROM numbered GROUP BY chunk ORDER BY chunk
RETURNING size
"""


def plan_messages(campaign_id: int, audience: Sequence[int], *, per_minute: int) -> int:
    """Plan a message for everyone of the audience who has none yet; returns how many were added."""
    parameters: dict[str, Any] = {"campaign": campaign_id, "audience": list(audience), "size": chunk_size(per_minute)}
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, parameters)
        return sum(size for (size,) in cursor.fetchall())


def chunk_size(per_minute: int) -> int:
    return max(1, min(LARGEST_CHUNK, per_minute * SECONDS_PER_CHUNK // 60))
