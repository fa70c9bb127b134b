"""Makes people's documents anew and has an engine store them."""

from collections.abc import Sequence

from django.db import connection

from talentpool.models import SearchIndex
from talentpool.search.engines import index_for
from talentpool.search.index.document import Document
from talentpool.search.index.documents import documents_for
from talentpool.search.index.employments import keep_employments
from talentpool.search.index.values import remember_values


def write(index: SearchIndex, candidate_ids: Sequence[int]) -> list[Document]:
    """Make the people's documents anew in one index, and remove those of whoever is no longer in the pool."""
    documents, version = make_documents(index, candidate_ids)
    present = {document.candidate_id for document in documents}
    index_for(index).write(documents, [each for each in candidate_ids if each not in present], version)
    return documents


def make_documents(index: SearchIndex, candidate_ids: Sequence[int]) -> tuple[list[Document], int]:
    """The documents of those who are in the pool, and their version.

    The version is drawn before the people are read. Whoever draws a higher one has read the later state, or a state of
    which the outbox still holds a row.
    """
    version = _next_version()
    documents = documents_for(candidate_ids)
    if index == SearchIndex.POSTGRES:  # which is always kept, and first
        remember_values(documents)
        keep_employments(candidate_ids)
    return documents, version


def _next_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('search_version')")
        (version,) = cursor.fetchone()
    return int(version)
