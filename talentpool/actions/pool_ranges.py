"""The whole pool compared with itself, a range of blocking keys at a time: each range holds all pairs that share one of
its keys. A million records are compared in minutes so; one after the other they would take an hour.
"""

from django.db import connection
from django.utils import timezone

from talentpool.actions.block_rows import write_waiting_blocks
from talentpool.actions.match_questions import ask
from talentpool.actions.matching_rules import count_anew, current_rules, rules_of_tenant, thresholds_of
from talentpool.identity.counting import count_names
from talentpool.identity.scoring import scored_in
from talentpool.models import MatchingRules, PersonTraits

# Whose blocking keys are about what one range holds: each range goes through all traits, and finds anew what an earlier
# one found by another key. Larger ones would be longer at work than a lease holds.
RECORDS_OF_RANGE = 250_000
MOST_RANGES = 256
ALL_KEYS = 2**64
KEYED = 100  # rows of the outbox whose records get their blocking keys together
NO_END = 2**63 - 1

# For sets of millions: hashing in memory instead of one look-up a pair.
FOR_MANY = "SET LOCAL work_mem = '256MB'; SET LOCAL enable_nestloop = off; SET LOCAL jit = off"


def ranges_of(records: int) -> int:
    """Into how many ranges a pool of so many records is cut."""
    return min(MOST_RANGES, max(1, records // RECORDS_OF_RANGE))


def key_waiting(*, until: int = NO_END) -> int:
    """Gives records that wait to be compared their blocking keys, a slice; 0 when all have them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
    return write_waiting_blocks(until=until, most=KEYED)


def compare_range(number: int, ranges: int) -> int:
    """Writes down the questions of the range of this number; how many are new or weighed differently."""
    thresholds = thresholds_of(current_rules(now=timezone.now()))
    with connection.cursor() as cursor:
        cursor.execute(FOR_MANY)
    first, end = (-ALL_KEYS // 2 + each * ALL_KEYS // ranges for each in (number, number + 1))
    return ask(scored_in(first, min(end, ALL_KEYS // 2 - 1), thresholds.ask), thresholds)


def recount() -> MatchingRules:
    """The size of the pool, and how frequent its names and organisations are."""
    rules = rules_of_tenant()
    count_anew(rules, PersonTraits.objects.count(), now=timezone.now())
    count_names()
    return rules
