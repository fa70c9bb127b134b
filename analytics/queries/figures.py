"""The four numbers above the pool's growth."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from analytics.queries.growth import Growth
from analytics.queries.people import Month, lost_in, may_be_written_to
from analytics.queries.segments import within
from talentpool.models import Segment, SuppressionReason


@dataclass(frozen=True)
class PoolFigures:
    people: int
    grown: int  # since the report's first month began
    may_write: int
    new: int  # this month
    new_before: int  # in the month before
    lost: int  # this month
    lost_because: dict[str, int]

    @property
    def grown_words(self) -> str:
        return f"{self.grown:+,} in these months".replace("-", "−")

    @property
    def grown_tone(self) -> str:
        return "up" if self.grown > 0 else "down" if self.grown < 0 else ""

    @property
    def lost_tone(self) -> str:
        return "down" if self.lost else ""

    @property
    def may_write_words(self) -> str:
        return f"{100 * self.may_write / self.people:.0f} %" if self.people else ""

    @property
    def lost_words(self) -> str:
        return ", ".join(f"{number:,} {word}" for word, number in self.lost_because.items()) or "nobody"


_WORDS = {
    SuppressionReason.UNSUBSCRIBED: "unsubscribed",
    SuppressionReason.BOUNCED: "bounced",
    SuppressionReason.ERASED: "erased",
}


def figures_of_pool(growth: Growth, this_month: Month, segment: Segment | None = None) -> PoolFigures:
    arrived = growth.arrived
    lost = Counter(reason for (reason,) in within(lost_in(this_month), segment).values_list(F("lost_by")))
    return PoolFigures(
        people=growth.people,
        grown=growth.people - growth.before,
        may_write=within(may_be_written_to(), segment).count(),
        new=arrived[-1],
        new_before=arrived[-2] if len(arrived) > 1 else 0,
        lost=lost.total(),
        lost_because={word: lost[reason.value] for reason, word in _WORDS.items() if lost[reason.value]},
    )


def change_words(now: int, before: int, month_before: date) -> str:
    """“+14 % on October”; nothing where there is nothing to compare with."""
    if not before:
        return ""
    return f"{100 * (now - before) / before:+.0f} % on {month_before:%B}".replace("-", "−")
