"""How current search is."""

from dataclasses import dataclass

from talentpool.models import SearchIndex, SearchOutbox, SearchSweep
from talentpool.search.engines import active_indexes


@dataclass(frozen=True)
class IndexState:
    index: SearchIndex
    answers: bool  # whether searches are put to it first
    waiting: int
    last_check: SearchSweep | None


def search_indexes() -> list[IndexState]:
    """Each index with the changes it has still to take in, and what the last comparison with the people found."""
    checks = {check.index: check for check in SearchSweep.objects.all()}
    active = active_indexes()
    return [
        IndexState(
            index=index,
            answers=index == active[-1],
            waiting=SearchOutbox.objects.filter(index=index).values("candidate_id").distinct().count(),
            last_check=checks.get(index),
        )
        for index in active
    ]
