"""Compares an index with the people, document by document, and has repaired what differs.

The triggers leave nothing to find but what no row says: a consent that has run out, an index restored from a backup or
tampered with, OpenSearch switched on later. What the last sweep found is kept and shown.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from talentpool.models import Candidate, SearchIndex, SearchSweep
from talentpool.search.engines import index_for
from talentpool.search.engines.base import EngineEmpty
from talentpool.search.index.documents import BATCH, documents_for
from talentpool.search.index.outbox import put
from talentpool.search.index.rebuilding import ask_for_rebuild


def sweep(index: SearchIndex, *, now: datetime) -> SearchSweep:
    """Puts whose document is missing, stale or surplus into the outbox.

    EngineDown if the index doesn't answer, or isn't there yet: it is built then, and can be compared afterwards.
    """
    engine = index_for(index)
    if not engine.is_ready():
        ask_for_rebuild(index)
        raise EngineEmpty(f"{engine.name} has no index of this organisation yet.")
    if not engine.fits(Candidate.objects.present().count()):
        ask_for_rebuild(index)
    found = Counter(people=0, missing=0, stale=0, surplus=0)
    for people, indexed in _side_by_side(engine.digests()):
        missing = people.keys() - indexed.keys()
        surplus = indexed.keys() - people.keys()
        stale = {each for each in people.keys() & indexed.keys() if people[each] != indexed[each]}
        put(sorted(missing | surplus | stale), index)
        found.update(people=len(people), missing=len(missing), stale=len(stale), surplus=len(surplus))
    result, _ = SearchSweep.objects.update_or_create(
        index=index, defaults={"started_at": now, "finished_at": timezone.now(), **found}
    )
    return result


def _side_by_side(digests: Iterator[tuple[int, int]]) -> Iterator[tuple[dict[int, int], dict[int, int]]]:
    """The digests that people should have and those that the index has, one range of ids after the other."""
    ahead = next(digests, None)
    for ids in _ranges():
        indexed: dict[int, int] = {}
        while ahead and ahead[0] <= ids[-1]:
            indexed[ahead[0]] = ahead[1]
            ahead = next(digests, None)
        yield {document.candidate_id: document.digest for document in documents_for(ids)}, indexed
    if ahead:
        yield {}, dict([ahead, *digests])


def _ranges() -> Iterator[list[int]]:
    people = Candidate.objects.present().order_by("pk").values_list("pk", flat=True)
    last = 0
    while ids := list(people.filter(pk__gt=last)[:BATCH]):
        yield ids
        last = ids[-1]
