"""What the thresholds of matching make of the open questions: how many merge by themselves, wait, or go."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from crm.charts import Bar
from talentpool.identity.verdicts import Gate, Thresholds
from talentpool.models import MatchPair, PairState

STEP = 5  # bits of one bar
FIRST_BAR, LAST_BAR = 10, 45


@dataclass(frozen=True)
class Foreseen:
    """What becomes of the open questions under some thresholds."""

    thresholds: Thresholds
    merged: int
    strong: int
    asked: int
    gone: int
    bars: tuple[Bar, ...]  # by score; empty when nothing is open


def foreseen(thresholds: Thresholds, *, automatic: bool) -> Foreseen:
    """Only questions that nobody has put off or answered count."""
    open_ones = MatchPair.objects.waiting().filter(state=PairState.WAITING, decided_at=None)
    sure = Q(bits__gte=thresholds.merge, gate__in=sorted(thresholds.gates) if automatic else ["-"])
    strong = Q(bits__gte=thresholds.merge) & ~Q(gate=Gate.NONE)
    asked = Q(bits__gte=thresholds.ask)
    counts = open_ones.order_by().aggregate(
        merged=Count("pk", filter=sure),
        strong=Count("pk", filter=strong & ~sure),
        asked=Count("pk", filter=asked & ~sure),
        gone=Count("pk", filter=~asked & ~sure),
    )
    return Foreseen(thresholds, **counts, bars=_bars(open_ones.order_by(), sure))


def _bars(open_ones: QuerySet[MatchPair], sure: Q) -> tuple[Bar, ...]:
    bands = [
        (f"{first} bits and more", Q(bits__gte=first))
        if first == LAST_BAR
        else (f"{first} to {first + STEP} bits", Q(bits__gte=first, bits__lt=first + STEP))
        for first in range(FIRST_BAR, LAST_BAR + 1, STEP)
    ]
    names = {f"pairs{n}": Count("pk", filter=within) for n, (_, within) in enumerate(bands)}
    names |= {f"merged{n}": Count("pk", filter=within & sure) for n, (_, within) in enumerate(bands)}
    counts = open_ones.aggregate(**names)
    if not any(counts.values()):
        return ()
    return tuple(
        Bar(
            words,
            counts[f"pairs{n}"],
            note=f"{merged:,} merge by themselves" if (merged := counts[f"merged{n}"]) else "",
        )
        for n, (words, _) in enumerate(bands)
    )
