"""The questions about people who were merged: answered by it, or asked of the survivor from now on."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from talentpool.models import MatchPair, Merge, PairState
from talentpool.queries.merges import apart_between, group_of

OPEN = (PairState.WAITING, PairState.LATER)


def pairs_between(ones: Iterable[int], others: Iterable[int]) -> Any:
    ones, others = list(ones), list(others)
    return MatchPair.objects.filter(Q(low__in=ones, high__in=others) | Q(low__in=others, high__in=ones))


def ask_for_survivor(merge: Merge) -> None:
    """Whether the absorbed one is a third person is asked of the survivor now, if nobody has answered that yet."""
    theirs = merge.absorbed_id
    group = group_of(merge.survivor_id)
    for pair in MatchPair.objects.filter(Q(low=theirs) | Q(high=theirs), state__in=OPEN):
        third = pair.high_id if pair.low_id == theirs else pair.low_id
        low, high = sorted((merge.survivor_id, third))
        if third not in group and not apart_between(group, group_of(third)):
            copied = {name: getattr(pair, name) for name in ("bits", "strong", "evidence", "state", "later_until")}
            MatchPair.objects.get_or_create(low_id=low, high_id=high, defaults={**copied, "found_at": merge.at})


def wait_again(merge: Merge, remaining: Iterable[int], leaving: Iterable[int]) -> None:
    """The merge's own question is open again, and what it made the survivor be asked goes."""
    pairs_between(remaining, leaving).filter(state=PairState.MERGED).update(
        state=PairState.WAITING, decided_by=None, decided_at=None
    )
    asked_since = Q(low=merge.survivor_id) | Q(high=merge.survivor_id)
    MatchPair.objects.filter(asked_since, state__in=OPEN, found_at=merge.at).delete()
