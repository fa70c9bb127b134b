"""Merges the pairs that are beyond doubt, surest first, so that no group is made that contradicts itself.

Two people are joined only if no two of their records contradict each other, all of them score at least a little, and
nobody said otherwise: that they are not the same, or by taking their merge back. What is not joined stays a question.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Count, Q

from talentpool.actions.match_questions import mergeable
from talentpool.actions.matching_rules import current_rules, thresholds_of
from talentpool.actions.merges import merge_candidates
from talentpool.identity.scoring import scored_across
from talentpool.identity.verdicts import LEAST_ACROSS, Gate
from talentpool.models import MatchPair, Merge, PersonTraits
from talentpool.queries.match_pairs import better_survivor
from talentpool.queries.merges import apart_among, groups_of

JOINED = 200  # pairs that are weighed together
MOST_PAIRS = 2_000  # of records of two people; above, somebody has to say it

log = structlog.get_logger()


def join_found(*, now: datetime, most: int | None = None) -> int:
    """Merges the open pairs that the rules answer by themselves, surest first; how many were settled.

    Two people are joined only if no two of their records contradict each other, all of them score at least a little,
    and nobody said otherwise. What is not joined stays a question.
    """
    rules = current_rules(now=now)
    if not rules.automatic:
        return 0
    thresholds, settled = thresholds_of(rules), 0
    while most is None or settled < most:
        pairs = list(mergeable(thresholds).select_related("low", "high")[: min(JOINED, most or JOINED)])
        if not pairs:
            break
        settled += _join(pairs, now)
    return settled


def _join(pairs: Sequence[MatchPair], now: datetime) -> int:
    refused = _refused(pairs)
    MatchPair.objects.filter(pk__in=refused).update(gate=Gate.NONE, strong=False)
    changed: set[int] = set()
    settled = len(refused)
    for pair in pairs:
        # Who was joined a moment ago is another person now, to be looked at again with all of their records.
        if pair.pk in refused or changed & {pair.low_id, pair.high_id}:
            continue
        changed |= {pair.low_id, pair.high_id}
        settled += 1
        if not _merge(pair, now):
            MatchPair.objects.filter(pk=pair.pk).update(gate=Gate.NONE, strong=False)
    return settled


def _merge(pair: MatchPair, now: datetime) -> bool:
    survivor = better_survivor(pair.low, pair.high)
    absorbed = pair.high if survivor.pk == pair.low_id else pair.low
    try:
        with transaction.atomic():
            merge_candidates(
                survivor, absorbed, by=None, now=now, automatic=True, bits=pair.bits, evidence=pair.evidence
            )
    except (ValidationError, DatabaseError) as error:
        log.warning("match_not_joined", pair=pair.pk, reason=str(error))
        return False
    return True


def _refused(pairs: Sequence[MatchPair]) -> set[int]:
    """Those that must not be joined by themselves: records contradict, somebody keeps them apart or parted them."""
    people = {pk for pair in pairs for pk in (pair.low_id, pair.high_id)}
    sizes = dict(
        PersonTraits.objects.filter(candidate__in=people).values_list("candidate_id").annotate(Count("pk")).order_by()
    )
    small = [
        (pair.low_id, pair.high_id)
        for pair in pairs
        if 0 < sizes.get(pair.low_id, 0) * sizes.get(pair.high_id, 0) <= MOST_PAIRS
    ]
    fit = {
        pair for pair, across in scored_across(small).items() if not across.contradicts and across.least >= LEAST_ACROSS
    }
    parted = apart_among(people) | _parted(people)
    fit = {pair for pair in fit if frozenset(pair) not in parted}
    return {pair.pk for pair in pairs if (pair.low_id, pair.high_id) not in fit}


def _parted(people: set[int]) -> set[frozenset[int]]:
    """Pairs of these people, or of whom they were merged from, whose merge somebody took back."""
    whose = {pk: root for root, members in groups_of(people).items() for pk in members}
    undone = Merge.objects.exclude(undone_at=None).filter(Q(survivor__in=whose), Q(absorbed__in=whose))
    both = undone.values_list("survivor_id", "absorbed_id")
    return {frozenset((whose[one], whose[other])) for one, other in both}
