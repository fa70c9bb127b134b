"""The questions whether two people are one: written down as scores are found, and gone when they are found no more.

A pair is asked about once: what somebody answered stays, and people who are kept apart, or whose merge somebody took
back, are not brought together by a score.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.tenancy.scope import current_tenant_id
from talentpool.identity.scoring import Scored
from talentpool.identity.verdicts import Gate, Thresholds
from talentpool.models import MatchPair, PairState
from talentpool.queries.merges import apart_among

BATCH = 2_000

WRITE = """
    INSERT INTO talentpool_matchpair (tenant_id, low_id, high_id, bits, gate, strong, evidence, state, found_at)
    SELECT %s, low, high, bits, gate, strong, evidence, 'waiting', %s
    FROM jsonb_to_recordset(%s::jsonb)
        AS found(low bigint, high bigint, bits float8, gate text, strong boolean, evidence jsonb)
    ORDER BY low, high
    ON CONFLICT (tenant_id, low_id, high_id) DO UPDATE
    SET bits = excluded.bits, gate = excluded.gate, strong = excluded.strong, evidence = excluded.evidence
    WHERE talentpool_matchpair.state IN ('waiting', 'later')
        AND (talentpool_matchpair.bits, talentpool_matchpair.gate, talentpool_matchpair.strong)
            IS DISTINCT FROM (excluded.bits, excluded.gate, excluded.strong)
"""
KNOWN = """
    SELECT low_id, high_id, bits, gate, strong
    FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[]) AS found(low, high)
    JOIN talentpool_matchpair ON tenant_id = %(tenant)s AND low_id = found.low AND high_id = found.high
"""
Weight = tuple[float, str, bool]
STRENGTH = {Gate.SURE.value: 3, Gate.CAREER.value: 2, Gate.PHONE.value: 1, Gate.NONE.value: 0}


def ask(found: Iterable[Scored], thresholds: Thresholds) -> int:
    """Writes down the best of each two people's pairs; how many questions are new or weighed differently."""
    best: dict[tuple[int, int], Scored] = {}
    for each in found:
        pair = each.low, each.high
        if pair not in best or _rank(each) > _rank(best[pair]):
            best[pair] = each
    rest, written = iter(best.values()), 0
    while batch := list(islice(rest, BATCH)):
        written += _write(batch, thresholds)
    return written


def forget_unfound(candidate_ids: Collection[int], found: Iterable[Scored]) -> None:
    """Open questions about these people that their scores no longer ask."""
    asked = {(each.low, each.high) for each in found}
    open_ones = MatchPair.objects.filter(
        Q(low__in=candidate_ids) | Q(high__in=candidate_ids), state=PairState.WAITING, decided_at=None
    )
    gone = [pk for pk, low, high in open_ones.values_list("pk", "low_id", "high_id") if (low, high) not in asked]
    MatchPair.objects.filter(pk__in=gone, state=PairState.WAITING).delete()


def mergeable(thresholds: Thresholds) -> QuerySet[MatchPair]:
    """The open questions that the rules answer by themselves, surest first."""
    waiting: QuerySet[MatchPair] = MatchPair.objects.waiting()
    return waiting.filter(
        state=PairState.WAITING, decided_at=None, bits__gte=thresholds.merge, gate__in=sorted(thresholds.gates)
    )


def _write(found: Sequence[Scored], thresholds: Thresholds) -> int:
    known = _known(found)
    news = [each for each in found if known.get((each.low, each.high)) != _weight(each, thresholds)]
    people = {pk for each in news for pk in (each.low, each.high)}
    apart = apart_among(people)
    rows = [_row(each, thresholds) for each in news if frozenset((each.low, each.high)) not in apart]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [current_tenant_id(), timezone.now(), json.dumps(rows)])
        return int(cursor.rowcount)


def _known(found: Sequence[Scored]) -> dict[tuple[int, int], Weight]:
    """What is written already: most pairs of a pool share several keys, and are found as often."""
    with connection.cursor() as cursor:
        cursor.execute(
            KNOWN,
            {
                "tenant": current_tenant_id(),
                "lows": [each.low for each in found],
                "highs": [each.high for each in found],
            },
        )
        return {(low, high): (bits, gate, strong) for low, high, bits, gate, strong in cursor.fetchall()}


def _weight(each: Scored, thresholds: Thresholds) -> Weight:
    return each.bits, each.gate, bool(each.gate) and each.bits >= thresholds.merge


def _row(each: Scored, thresholds: Thresholds) -> dict[str, Any]:
    bits, gate, strong = _weight(each, thresholds)
    whose = {"low": each.low, "high": each.high}
    return whose | {"bits": bits, "gate": gate, "strong": strong, "evidence": each.evidence()}


def _rank(each: Scored) -> tuple[int, float]:
    return STRENGTH[each.gate], each.bits
