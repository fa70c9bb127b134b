"""Makes every document of a tenant anew."""

from collections.abc import Callable

from talentpool.models import Candidate, SearchIndex
from talentpool.search.index.documents import BATCH
from talentpool.search.index.outbox import write


def rebuild(index: SearchIndex, *, progress: Callable[[int], None] = lambda done: None) -> int:
    """Writes go on meanwhile: an older making never replaces a younger one. How many people were gone through."""
    done = last = 0
    people = Candidate.objects.order_by("pk").values_list("pk", flat=True)
    while ids := list(people.filter(pk__gt=last)[:BATCH]):
        write(index, ids)
        done, last = done + len(ids), ids[-1]
        progress(done)
    return done
