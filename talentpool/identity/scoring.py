"""Scores pairs of records in PostgreSQL: what arrives against the pool, two people's records against each other, and
the whole pool, all by the one expression of score.py.

Row security costs no index here: the joins are equalities of numbers, which are leakproof, and nothing else is asked of
a row before its tenant has been.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from crm.tenancy.scope import current_tenant_id
from talentpool.identity.blocks import CAP
from talentpool.identity.score import ALL, COMPARISONS, EXTRA_COLUMNS, LATE, bits_of, late_columns, level_columns
from talentpool.identity.verdicts import CONTRADICTION, gate

# `met` are pairs of ids of traits, a < b; each is compared once.
SCORED = f"""
    SELECT v.a, v.b, v.low, v.high, round(v.bits::numeric, 1)::float8, v.gate, v.given_bits, v.family_bits,
        ARRAY[{", ".join(f"v.{each.name}" for each in ALL)}]
    FROM (
        SELECT *, {gate()} AS gate FROM (
            SELECT *, v.first_bits + {bits_of(LATE)} AS bits FROM (
                SELECT *, {late_columns()} FROM (
                    SELECT *, {bits_of(COMPARISONS)} AS first_bits FROM (
                        SELECT l.id AS a, r.id AS b, least(l.candidate_id, r.candidate_id) AS low,
                            greatest(l.candidate_id, r.candidate_id) AS high, {level_columns()}, {EXTRA_COLUMNS}
                        FROM met
                        JOIN talentpool_persontraits AS l ON l.tenant_id = %(tenant)s AND l.id = met.a
                        JOIN talentpool_persontraits AS r ON r.tenant_id = %(tenant)s AND r.id = met.b
                        WHERE l.candidate_id <> r.candidate_id
                        OFFSET 0 -- else every level would be worked out anew wherever it is used
                    ) AS v OFFSET 0
                ) AS v WHERE v.first_bits >= %(least)s - 3 OFFSET 0
            ) AS v OFFSET 0
        ) AS v WHERE v.bits >= %(least)s OFFSET 0
    ) AS v WHERE v.gate IS NOT NULL
"""
MET_BY = f"""
    WITH met AS MATERIALIZED (
        SELECT DISTINCT least(mine.id, other) AS a, greatest(mine.id, other) AS b
        FROM talentpool_persontraits AS mine CROSS JOIN LATERAL unnest(mine.blocks) AS k(k)
        CROSS JOIN LATERAL (
            SELECT array_agg(traits_id) AS ids FROM (
                SELECT traits_id FROM talentpool_matchblock AS row
                WHERE row.tenant_id = %(tenant)s AND row.k = k.k LIMIT {CAP + 1}
            ) AS within
        ) AS block CROSS JOIN LATERAL unnest(block.ids) AS other
        WHERE mine.tenant_id = %(tenant)s AND mine.id = ANY (%(ids)s)
            AND cardinality(block.ids) <= {CAP} AND other <> mine.id
    )
"""
MET_IN = f"""
    WITH met AS MATERIALIZED (
        SELECT DISTINCT a, b FROM (
            SELECT array_agg(traits_id) AS ids FROM talentpool_matchblock
            WHERE tenant_id = %(tenant)s AND k >= %(first)s AND k < %(end)s
            GROUP BY k HAVING count(*) BETWEEN 2 AND {CAP}
        ) AS block CROSS JOIN LATERAL unnest(block.ids) AS a CROSS JOIN LATERAL unnest(block.ids) AS b
        WHERE a < b
    )
"""
ACROSS = f"""
    SELECT low, high, count(*), min(bits), bool_or({CONTRADICTION}) FROM (
        SELECT *, {bits_of(COMPARISONS)} AS bits FROM (
            SELECT pair.low, pair.high, {level_columns()}, {EXTRA_COLUMNS}
            FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[]) AS pair(low, high)
            JOIN talentpool_persontraits AS l ON l.tenant_id = %(tenant)s AND l.candidate_id = pair.low
            JOIN talentpool_persontraits AS r ON r.tenant_id = %(tenant)s AND r.candidate_id = pair.high
            OFFSET 0
        ) AS v OFFSET 0
    ) AS v GROUP BY low, high
"""


@dataclass(frozen=True, slots=True)
class Scored:
    """Two records of two candidates, low < high, that score enough to be asked about at least."""

    traits: tuple[int, int]
    low: int
    high: int
    bits: float
    gate: str
    given_bits: float
    family_bits: float
    levels: tuple[int, ...]

    def evidence(self) -> list[dict[str, Any]]:
        """What was found, the weightiest first, in words."""
        found = [
            (comparison, comparison.levels[number - 1])
            for comparison, number in zip(ALL, self.levels, strict=True)
            if number
        ]
        bits = {"l.given_bits": self.given_bits, "l.family_bits": self.family_bits}
        rows = [
            {
                "comparison": comparison.label,
                "level": level.name,
                "bits": round(float(bits.get(str(level.bits), level.bits)), 1),
                "words": level.words[:1].upper() + level.words[1:],
            }
            for comparison, level in found
        ]
        return sorted(rows, key=lambda row: -abs(row["bits"]))


@dataclass(frozen=True, slots=True)
class Across:
    """Of all pairs of records of two people: how many there are, the lowest score, and whether any contradicts."""

    pairs: int
    least: float
    contradicts: bool


def scored_for(traits_ids: Sequence[int], least: float) -> list[Scored]:
    """Who of the pool may be the person of these records, from so many bits on, each pair once."""
    return list(_scored(MET_BY, least, ids=list(traits_ids)))


def scored_in(first: int, end: int, least: float) -> list[Scored]:
    """All pairs of the pool that share a blocking key in this range; a pair may come again in another range."""
    return list(_scored(MET_IN, least, first=first, end=end))


def scored_across(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Across]:
    """Every record of one candidate with every record of the other, for pairs of candidates (low, high)."""
    lows, highs = zip(*pairs, strict=True) if (pairs := list(pairs)) else ((), ())
    with connection.cursor() as cursor:
        cursor.execute(ACROSS, {"lows": list(lows), "highs": list(highs), "tenant": current_tenant_id()})
        return {(low, high): Across(*rest) for low, high, *rest in cursor.fetchall()}


def _scored(met: str, least: float, **parameters: Any) -> Iterator[Scored]:
    with connection.cursor() as cursor:
        cursor.execute(met + SCORED, {"tenant": current_tenant_id(), "least": least, **parameters})
        for a, b, low, high, bits, passed, given_bits, family_bits, levels in cursor.fetchall():
            yield Scored((a, b), low, high, bits, passed, given_bits, family_bits, tuple(levels))
