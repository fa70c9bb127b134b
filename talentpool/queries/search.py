"""How current search is."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, F, Func, QuerySet

from talentpool.models import SearchIndex, SearchOutbox, SearchRebuild, SearchSweep
from talentpool.search.engines import active_indexes, answering


@dataclass(frozen=True)
class IndexState:
    index: SearchIndex
    answers: bool  # whether searches are put to it first
    waiting: int
    last_check: SearchSweep | None
    rebuild: SearchRebuild | None  # the last one, or the one that is going on


def search_indexes() -> list[IndexState]:
    """Each index with the changes it has still to take in, and what the last comparison with the people found."""
    checks = {check.index: check for check in SearchSweep.objects.all()}
    rebuilds = {rebuild.index: rebuild for rebuild in SearchRebuild.objects.all()}
    active = active_indexes()
    return [
        IndexState(
            index=index,
            answers=index == answering(),
            waiting=_people_of(SearchOutbox.objects.filter(index=index)),
            last_check=checks.get(index),
            rebuild=rebuilds.get(index),
        )
        for index in active
    ]


def _people_of(rows: QuerySet[SearchOutbox]) -> int:
    person = Func(F("candidate_ids"), function="unnest", output_field=BigIntegerField())
    return rows.annotate(person=person).values("person").distinct().count()
