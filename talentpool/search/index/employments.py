"""Who was with which employer when, as rows that colleagues can be found by. Kept with the search documents.

Like a document it is derived: whatever adds, merges, edits or erases people puts them into the outbox, and the
indexer comes here. Rows are written only where a career has changed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import transaction

from talentpool.identity.careers import organisation_key, period_of
from talentpool.identity.names import folded
from talentpool.models import Candidate, Employment
from talentpool.person import Position

MOST_POSTS = 40  # of one person
LONGEST_MONTHS = 60 * 12
OLDEST, NEWEST = 1900 * 12, 2200 * 12  # a post that began before or after these is a slip
# Words that people write where no employer is: who shares them has not met.
NOBODY = frozenset(
    """
    selfemployed self freelance freelancer independent independentcontractor contractor consultant various none na
    unemployed retired homemaker student confidential private privat careerbreak sabbatical stealth stealthstartup
    selbständig selbststandig autonomo autoentrepreneur zzp
    """.split()  # noqa: SIM905
)

_Row = tuple[str, str, int, int]  # employer, place, first month, last month


@transaction.atomic(savepoint=False)
def keep_employments(candidate_ids: Collection[int]) -> int:
    """Brings these people's rows up to date, also of those who left the pool; returns how many careers had changed."""
    people = Candidate.objects.present().filter(pk__in=candidate_ids).values_list("pk", "positions")
    wanted = {pk: set(employments_in(positions)) for pk, positions in people}
    known: dict[int, set[_Row]] = defaultdict(set)
    for row in Employment.objects.filter(candidate__in=candidate_ids):
        known[row.candidate_id].add((row.employer, row.place, row.first, row.last))
    changed = [pk for pk in candidate_ids if wanted.get(pk, set()) != known[pk]]
    if changed:
        Employment.objects.filter(candidate__in=changed).delete()
        Employment.objects.bulk_create(
            Employment(candidate_id=pk, employer=employer, place=place, first=first, last=last)
            for pk in changed
            for employer, place, first, last in sorted(wanted.get(pk, ()))
        )
    return len(changed)


def employments_in(positions: Collection[Mapping[str, Any]]) -> Iterator[_Row]:
    """The times at employers, known well enough to have met somebody there; posts in a row are one time."""
    times: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for stored in list(positions)[:MOST_POSTS]:
        post = Position.from_json(stored)
        employer, period = organisation_key(post.employer)[:80], period_of(post)
        is_long = not post.current and period.last - period.first > LONGEST_MONTHS
        is_odd = is_long or not OLDEST < period.first < NEWEST
        if employer and employer not in NOBODY and period.known and not is_odd:
            times[employer, folded(post.location.split(",")[0])[:60]].append((period.first, period.last))
    for (employer, place), periods in times.items():
        for first, last in _joined(periods):
            yield employer, place, first, last


def _joined(periods: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    (first, last), *rest = sorted(periods)
    for begin, end in rest:
        if begin > last + 1:
            yield first, last
            first, last = begin, end
        last = max(last, end)
    yield first, last
