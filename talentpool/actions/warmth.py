"""Candidate.warmth, the level of `talentpool.relationship`: anew for whom something happened, and nightly for
everybody, because silence happens to nobody in particular."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from crm.tenancy.scope import current_tenant_id
from talentpool import relationship
from talentpool.models import Candidate

BATCH = 10_000  # people; each batch is a transaction, so that nobody's row stays locked for long

_WEIGHTS = " ".join(f"WHEN '{kind}' THEN {weight}" for kind, weight in relationship.WEIGHTS.items())
_KINDS = ", ".join(f"'{kind}'" for kind in relationship.WEIGHTS)
_LITTLE = ", ".join(f"'{kind}'" for kind in sorted(relationship.LITTLE))
_LEVEL = " + ".join(f"(strength >= {threshold})::int" for threshold in relationship.LEVELS)
_VALUE = (
    f"(CASE kind {_WEIGHTS} END) * power(0.5, extract(epoch FROM greatest(%(now)s - at, interval '0')) "
    f"/ {relationship.HALF_LIFE.total_seconds()})"
)

# Only rows whose level differs are written, and they are locked in order of id as everywhere.
REFRESH = f"""
    WITH parts AS (
        SELECT candidate_id, sum({_VALUE}) FILTER (WHERE kind NOT IN ({_LITTLE})) AS much,
            sum({_VALUE}) FILTER (WHERE kind IN ({_LITTLE})) AS little
        FROM talentpool_activity
        WHERE tenant_id = %(tenant)s AND {{whose_activity}} AND kind IN ({_KINDS})
            AND at >= %(now)s - interval '{relationship.HORIZON.days} days'
        GROUP BY candidate_id
    ), strengths AS (
        SELECT c.id, c.warmth,
            coalesce(p.much, 0) + least(coalesce(p.little, 0), {relationship.MOST_OF_LITTLE}) AS strength
        FROM talentpool_candidate c LEFT JOIN parts p ON p.candidate_id = c.id
        WHERE c.tenant_id = %(tenant)s AND {{whose_row}} AND c.merged_into_id IS NULL AND c.erased_at IS NULL
    ), wanted AS (
        SELECT id, {_LEVEL} AS level FROM strengths WHERE warmth <> {_LEVEL}
    ), locked AS MATERIALIZED (
        SELECT c.id, w.level FROM talentpool_candidate c JOIN wanted w ON w.id = c.id
        WHERE c.tenant_id = %(tenant)s ORDER BY c.id FOR NO KEY UPDATE OF c
    )
    UPDATE talentpool_candidate c SET warmth = locked.level FROM locked
    WHERE c.tenant_id = %(tenant)s AND c.id = locked.id
"""
OF_SOME = REFRESH.format(whose_activity="candidate_id = ANY(%(ids)s)", whose_row="c.id = ANY(%(ids)s)")
OF_RANGE = REFRESH.format(
    whose_activity="candidate_id BETWEEN %(first)s AND %(last)s", whose_row="c.id BETWEEN %(first)s AND %(last)s"
)


def refresh_warmth(candidate_ids: Iterable[int], *, now: datetime | None = None) -> int:
    """For people to whom something happened; returns of how many the level changed."""
    ids = list(candidate_ids)
    return _refresh(OF_SOME, now, ids=ids) if ids else 0


def refresh_everybody(*, now: datetime | None = None) -> int:
    """Silence since the last time, told in batches; returns of how many people the level changed."""
    changed = last = 0
    people = Candidate.objects.order_by("pk").values_list("pk", flat=True)
    while ids := list(people.filter(pk__gt=last)[:BATCH]):
        with transaction.atomic():
            changed += _refresh(OF_RANGE, now, first=ids[0], last=ids[-1])
        last = ids[-1]
    return changed


def _refresh(sql: str, now: datetime | None, **whose: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"now": now or timezone.now(), "tenant": current_tenant_id(), **whose})
        return int(cursor.rowcount)
