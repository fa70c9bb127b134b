"""How the pool grew: people by the source that brought them first, month by month.

Counted from the live tables at each call, so that the report can never disagree with them and needs no rollup: a
quarter of a second at 100,000 people. A month is one of the organisation's time zone. Two records that turned out to
be one person count as one from the beginning; an erased person counts until the day she was erased.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from django.db import connection

from analytics.queries.segments import MEMBERS
from crm.tenancy.scope import current_tenant_id
from talentpool.models import Segment, Source

# Index-only scans of talentpool's indexes profile_first and candidate_figures: the tables themselves are wide.
_CHANGES = """
WITH first_profile AS (
    SELECT DISTINCT ON (candidate_id) candidate_id, source_id
    FROM talentpool_profile WHERE tenant_id = %(tenant)s ORDER BY candidate_id, id
)
SELECT first_profile.source_id,
       date_trunc('month', candidate.created_at AT TIME ZONE %(zone)s)::date AS arrived,
       date_trunc('month', candidate.erased_at AT TIME ZONE %(zone)s)::date AS erased,
       count(*)
FROM talentpool_candidate candidate LEFT JOIN first_profile ON first_profile.candidate_id = candidate.id
WHERE candidate.tenant_id = %(tenant)s AND candidate.merged_into_id IS NULL AND NOT candidate.is_undone
    AND (%(segment)s::bigint IS NULL OR candidate.id IN (MEMBERS))
GROUP BY 1, 2, 3
""".replace("MEMBERS", MEMBERS)


@dataclass(frozen=True)
class SourceGrowth:
    """One source over the months of a report; None is the source of people whose records name none any more."""

    source: Source | None
    sizes: list[int]  # at the end of each month
    arrived: list[int]  # in each month

    @property
    def name(self) -> str:
        return self.source.name if self.source else "No source"

    @property
    def people(self) -> int:
        return self.sizes[-1]


@dataclass(frozen=True)
class Growth:
    months: list[date]  # their first days, oldest first; the last one is still running
    sources: list[SourceGrowth]  # the largest first
    before: int  # people on the day before the first month

    @property
    def people(self) -> int:
        return sum(source.people for source in self.sources)

    @property
    def arrived(self) -> list[int]:
        return [sum(source.arrived[number] for source in self.sources) for number in range(len(self.months))]

    @property
    def sizes(self) -> list[int]:
        return [sum(source.sizes[number] for source in self.sources) for number in range(len(self.months))]


def growth_of_pool(*, today: date, months: int, zone: str, segment: Segment | None = None) -> Growth:
    """The last so many months up to today's; of a segment, how those came who are in it now."""
    shown = months_until(today, months)
    arrived, left = _changes(zone, segment)
    sources = {source.pk: source for source in Source.objects.all()}
    grown = [
        _source_growth(sources.get(source_id or 0), shown, arrived[source_id], left[source_id])
        for source_id in arrived.keys() | left.keys()
    ]
    grown = [one for one in grown if any(one.sizes) or any(one.arrived)]
    grown.sort(key=lambda one: (-one.people, one.name))
    return Growth(months=shown, sources=grown, before=_size_before(shown[0], arrived, left))


def months_until(today: date, number: int) -> list[date]:
    last = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - number + 1, last + 1)]


Monthly = Mapping[date, int]


def _changes(
    zone: str, segment: Segment | None
) -> tuple[dict[int | None, Counter[date]], dict[int | None, Counter[date]]]:
    arrived: dict[int | None, Counter[date]] = defaultdict(Counter)
    left: dict[int | None, Counter[date]] = defaultdict(Counter)
    asked: dict[str, Any] = {"tenant": current_tenant_id(), "zone": zone, "segment": segment and segment.pk}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, asked)
        for source_id, came_in, went_in, number in cursor.fetchall():
            arrived[source_id][came_in] += number
            if went_in:
                left[source_id][went_in] += number
    return arrived, left


def _source_growth(source: Source | None, months: Sequence[date], arrived: Monthly, left: Monthly) -> SourceGrowth:
    start = _sum_before(months[0], arrived) - _sum_before(months[0], left)
    changes = [arrived.get(month, 0) - left.get(month, 0) for month in months]
    sizes = list(accumulate(changes, initial=start))[1:]
    return SourceGrowth(source=source, sizes=sizes, arrived=[arrived.get(month, 0) for month in months])


def _size_before(month: date, *changes: Mapping[int | None, Monthly]) -> int:
    arrived, left = (sum(_sum_before(month, monthly) for monthly in side.values()) for side in changes)
    return arrived - left


def _sum_before(month: date, monthly: Monthly) -> int:
    return sum(number for each, number in monthly.items() if each < month)
