"""Makes documents anew and has an engine store them: some people's, or everybody's."""

from collections.abc import Callable, Sequence

from django.db import connection

from talentpool.models import Candidate, SearchIndex
from talentpool.search.engines import engine_for
from talentpool.search.index.documents import BATCH, documents_for
from talentpool.search.index.employments import keep_employments
from talentpool.search.index.values import remember_values


def write(index: SearchIndex, candidate_ids: Sequence[int]) -> None:
    """Make the people's documents anew in one index, and remove those of whoever is no longer in the pool.

    The version is drawn before the people are read. Whoever draws a higher one has read the later state, or a state of
    which the outbox still holds a row.
    """
    version = _next_version()
    documents = documents_for(candidate_ids)
    if index == SearchIndex.POSTGRES:  # which is always kept, and first
        remember_values(documents)
        keep_employments(candidate_ids)
    present = {document.candidate_id for document in documents}
    engine_for(index).write(documents, [each for each in candidate_ids if each not in present], version)


def rebuild(index: SearchIndex, *, progress: Callable[[int], None] = lambda done: None) -> int:
    """Everybody's documents anew while search and writing go on; how many people that were.

    OpenSearch gets a new index, which takes the old one's place at the end. PostgreSQL's documents are replaced one by
    one; a document of a person who is gone without a trace in the outbox is left to the sweep.
    """
    done = last = 0
    people = Candidate.objects.order_by("pk").values_list("pk", flat=True)
    with engine_for(index).rebuilding():
        while ids := list(people.filter(pk__gt=last)[:BATCH]):
            write(index, ids)
            done, last = done + len(ids), ids[-1]
            progress(done)
    return done


def _next_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('search_version')")
        (version,) = cursor.fetchone()
    return int(version)
