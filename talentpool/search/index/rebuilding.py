"""Everybody's documents anew, while search and changes go on.

A rebuild is a row that says how far it is: it is gone on with wherever its worker was killed, a step at a time between
the changes that wait, by whoever holds the index (`outbox`). OpenSearch gets a new index, which takes the old one's
place at the end. PostgreSQL's documents are replaced one by one; the document of a person who is gone without a trace
in the outbox is left to the sweep.
"""

from django.utils import timezone

from talentpool.models import Candidate, SearchIndex, SearchRebuild
from talentpool.search.engines import active_indexes, index_for
from talentpool.search.engines.base import EngineEmpty
from talentpool.search.index.documents import BATCH
from talentpool.search.index.writing import make_documents

STEP = 4 * BATCH  # people; changes that wait go between two steps


def ask_for_rebuild(index: SearchIndex) -> None:
    """Have the indexer build it anew; one that is going on already is enough."""
    if not SearchRebuild.objects.unfinished(index).exists():
        blank = {"asked_at": timezone.now(), "started_at": None, "finished_at": None, "last_id": 0, "people": 0}
        SearchRebuild.objects.update_or_create(index=index, defaults=blank)


def step(index: SearchIndex) -> bool:
    """The next people of a rebuild that was asked for, or that the index needs; False where there is none."""
    if index not in active_indexes():
        return False
    if not SearchRebuild.objects.unfinished(index).exists():
        if index_for(index).is_ready():
            return False
        ask_for_rebuild(index)
    rebuild = SearchRebuild.objects.unfinished(index).get()
    if rebuild.started_at is None:
        _begin(rebuild)
    try:
        _go_on(rebuild)
    except EngineEmpty:  # OpenSearch was set up anew meanwhile
        _begin(rebuild)
    return True


def _begin(rebuild: SearchRebuild) -> None:
    index_for(SearchIndex(rebuild.index)).begin_rebuild(Candidate.objects.present().count())
    rebuild.started_at, rebuild.last_id, rebuild.people = timezone.now(), 0, 0
    rebuild.save(update_fields=["started_at", "last_id", "people"])


def _go_on(rebuild: SearchRebuild) -> None:
    index = SearchIndex(rebuild.index)
    people = Candidate.objects.present().filter(pk__gt=rebuild.last_id).order_by("pk")
    ids = list(people.values_list("pk", flat=True)[:STEP])
    if not ids:
        index_for(index).finish_rebuild()
        rebuild.finished_at = timezone.now()
    else:
        with index_for(index).filling() as fill:
            for at in range(0, len(ids), BATCH):
                fill(*make_documents(index, ids[at : at + BATCH]))
        rebuild.last_id, rebuild.people = ids[-1], rebuild.people + len(ids)
    rebuild.save(update_fields=["last_id", "people", "finished_at"])
