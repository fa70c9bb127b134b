"""How frequent names are, and so what it is worth that two records share one: Smith is worth little, Quenneville much.

A pool counts its own names. Until it is large its counts are weighed with a shipped table (common_names.txt), as if
that had been ten thousand further records.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from math import log2
from pathlib import Path

from talentpool.models import MatchingRules, NameCount, NamePart

TABLE = Path(__file__).with_name("common_names.txt")
WEIGHT_OF_TABLE = 10_000  # records
SHARE_OF_UNLISTED = 1 / 100_000
SAME_AMONG_SAME = 0.85  # how often one person's records have this very spelling
BOUNDS = {NamePart.GIVEN: (2.0, 11.0), NamePart.FAMILY: (2.0, 13.0)}


def name_bits(names: Mapping[NamePart, Iterable[str]]) -> dict[tuple[NamePart, str], float]:
    """What sharing each of these names is worth in the current tenant's pool, with two queries for all of them."""
    wanted = {(part, name) for part, each in names.items() for name in each}
    records = MatchingRules.objects.values_list("records", flat=True).first() or 0
    rows = NameCount.objects.filter(name__in={name for _, name in wanted}) if records else NameCount.objects.none()
    counted = {(NamePart(part), name): number for part, name, number in rows.values_list("part", "name", "records")}
    return {each: bits(*each, counted.get(each, 1), records) for each in wanted}


def bits(part: NamePart, name: str, count: int, records: int) -> float:
    """log2 of how much more often a name is shared by two records of one person than by any two, within bounds."""
    share = (count + WEIGHT_OF_TABLE * shipped_share(part, name)) / (records + WEIGHT_OF_TABLE)
    least, most = BOUNDS[part]
    return round(min(most, max(least, log2(SAME_AMONG_SAME / share))), 2)


def shipped_share(part: NamePart, name: str) -> float:
    return _shipped().get((part.value, name), SHARE_OF_UNLISTED)


@cache
def _shipped() -> dict[tuple[str, str], float]:
    rows = (line.split() for line in TABLE.read_text().splitlines() if line[:1] != "#")
    return {(part, name): int(number) / 100_000 for part, name, number in rows}
