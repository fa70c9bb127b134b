"""The two engines behind one protocol; tests/talentpool/search/engine_contract.py says what both must do."""

from django.conf import settings

from talentpool.models import SearchIndex
from talentpool.search.engines.base import Engine, Index
from talentpool.search.engines.postgres import PostgresEngine


def engine_for(index: SearchIndex) -> Engine:
    if index == SearchIndex.POSTGRES:
        return PostgresEngine()
    # Its client takes a while to import, and most installations never need it.
    from talentpool.search.engines.opensearch import OpenSearchEngine

    return OpenSearchEngine()


def index_for(index: SearchIndex) -> Index:
    if index != SearchIndex.MEANING:
        return engine_for(index)
    from talentpool.search.meaning.vectors import VectorIndex

    return VectorIndex()


def answering() -> SearchIndex:
    """The one that searches are put to first."""
    return SearchIndex.OPENSEARCH if settings.OPENSEARCH_URL else SearchIndex.POSTGRES


def active_indexes() -> list[SearchIndex]:
    """The indexes that are kept and swept; PostgreSQL's always is, and first, to answer when the other can't."""
    meaning = [SearchIndex.MEANING] if settings.SEMANTIC_SEARCH else []
    return [*dict.fromkeys([SearchIndex.POSTGRES, answering()]), *meaning]
