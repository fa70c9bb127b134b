"""Who would be held back, and why, before anything is planned or sent. Writes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from campaigns.composing.merge_fields import OWN
from campaigns.contact_gate.rule import parameters, rule
from campaigns.contact_gate.verdicts import Verdict

# An audience as recipients: of those who share an address the one who came first gets the mail.
AUDIENCE = """
    SELECT NULL::bigint AS message_id, c.id AS candidate_id,
        btrim(c.email) <> '' AND row_number() OVER (PARTITION BY lower(btrim(c.email)) ORDER BY c.id) > 1 AS twin
    FROM talentpool_candidate c WHERE c.id = ANY(%(audience)s)
"""


@dataclass(frozen=True)
class Answer:
    candidate_id: int
    verdict: Verdict
    reason: str


def verdict_counts(campaign_id: int, audience: Sequence[int], needed: Collection[str]) -> dict[Verdict, int]:
    """How many of the audience get each verdict; those who may be written to are among them as ALLOWED."""
    rows = _asked(
        campaign_id, audience, needed, "SELECT verdict, count(*) FROM answers GROUP BY verdict ORDER BY 2 DESC"
    )
    return {Verdict(verdict): number for verdict, number in rows}


def answers(
    campaign_id: int,
    audience: Sequence[int],
    needed: Collection[str],
    *,
    verdict: Verdict | None = None,
    limit: int = 0,
) -> list[Answer]:
    """The single answers, all or those of one verdict, in the order of candidates."""
    wanted = f"WHERE verdict = {int(verdict)}" if verdict is not None else ""
    most = f"LIMIT {int(limit)}" if limit else ""
    sql = f"SELECT candidate_id, verdict, reason FROM answers {wanted} ORDER BY candidate_id {most}"
    rows = _asked(campaign_id, audience, needed, sql)
    return [Answer(candidate_id, Verdict(number), reason) for candidate_id, number, reason in rows]


def values_of(campaign_id: int, candidate_id: int, names: Sequence[str]) -> dict[str, str]:
    """The merge values of one person, for a preview."""
    own = [name for name in names if name.startswith(OWN)]
    columns = ", ".join(f'"{name}"' for name in names)
    rows = _asked(campaign_id, [candidate_id], (), f"SELECT {columns} FROM answers", own)
    return dict(zip(names, rows[0], strict=True)) if rows else {}


def _asked(
    campaign_id: int, audience: Sequence[int], needed: Collection[str], tail: str, own: Collection[str] = ()
) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(rule(AUDIENCE, needed, own) + tail, {**parameters(campaign_id), "audience": list(audience)})
        rows: list[Any] = cursor.fetchall()
        return rows
