"""Who of the pool worked with a person: the same employer in the same months, the same place before another."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from crm.tenancy.scope import current_tenant_id
from talentpool.identity.careers import organisation_key
from talentpool.models import Candidate

MOST_OF_ONE_EMPLOYER = 2000  # those who were there last; beyond, having worked together says little
SHOWN = 5
SPARE = 20  # who left the pool a moment ago still has rows

# Months together count double at the same place. Months of today end today.
FIND = """
    WITH mine AS (
        SELECT DISTINCT employer, place, first, least(last, %(month)s) AS last FROM talentpool_employment
        WHERE tenant_id = %(tenant)s AND candidate_id = %(person)s
    ), shared AS (
        SELECT e.candidate_id, m.employer, greatest(m.first, e.first) AS first, least(m.last, e.last) AS last,
            m.place <> '' AND m.place = e.place AS same_place
        FROM mine m CROSS JOIN LATERAL (
            SELECT candidate_id, place, first, last FROM talentpool_employment e
            WHERE e.tenant_id = %(tenant)s AND e.employer = m.employer AND e.last >= m.first AND e.first <= m.last
            ORDER BY e.last DESC LIMIT %(most)s
        ) e WHERE e.candidate_id <> %(person)s
    ), colleagues AS (
        SELECT candidate_id, sum(last - first + 1) AS months, min(first) AS first, max(last) AS last,
            bool_or(same_place) AS same_place, array_agg(DISTINCT employer) AS employers,
            sum((last - first + 1) * CASE WHEN same_place THEN 2 ELSE 1 END) AS strength
        FROM shared GROUP BY candidate_id
    )
    SELECT candidate_id, months, first, last, same_place, employers, count(*) OVER () FROM colleagues
    ORDER BY strength DESC, candidate_id LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Colleague:
    person: Candidate
    employers: tuple[str, ...]
    months: int
    first_year: int
    last_year: int
    same_place: bool

    @property
    def words(self) -> str:
        """ "2 yr 3 mo together at Mercy General, 2019 – 2021, at the same place" """
        years, months = divmod(self.months, 12)
        length = " ".join(f"{n} {unit}" for n, unit in ((years, "yr"), (months, "mo")) if n)
        when = str(self.first_year) if self.first_year == self.last_year else f"{self.first_year} – {self.last_year}"
        place = ", at the same place" if self.same_place else ""
        return f"{length} together at {' and '.join(self.employers)}, {when}{place}"


@dataclass(frozen=True)
class Colleagues:
    shown: tuple[Colleague, ...]
    number: int


def colleagues_of(person: Candidate, *, today: date, limit: int = SHOWN) -> Colleagues:
    """Who could introduce us to this person, strongest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            FIND,
            {
                "tenant": current_tenant_id(),
                "person": person.pk,
                "month": today.year * 12 + today.month,
                "most": MOST_OF_ONE_EMPLOYER,
                "limit": limit + SPARE,
            },
        )
        rows = cursor.fetchall()
    names = {organisation_key(post.get("employer", ""))[:80]: post.get("employer", "") for post in person.positions}
    people = Candidate.objects.present().select_related("owner").in_bulk([row[0] for row in rows])
    found = [
        Colleague(
            person=people[pk],
            employers=tuple(names.get(key, key) for key in keys),
            months=int(months),
            first_year=(first - 1) // 12,
            last_year=(last - 1) // 12,
            same_place=same_place,
        )
        for pk, months, first, last, same_place, keys, _ in rows
        if pk in people
    ]
    number = rows[0][6] - (len(rows) - len(found)) if rows else 0
    return Colleagues(tuple(found[:limit]), int(number))
