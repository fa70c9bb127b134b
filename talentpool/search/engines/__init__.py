"""The two engines behind one protocol; tests/talentpool/search/engine_contract.py says what both must do."""

from django.conf import settings

from talentpool.models import SearchIndex
from talentpool.search.engines.base import Engine
from talentpool.search.engines.postgres import PostgresEngine


def engine_for(index: SearchIndex) -> Engine:
    if index == SearchIndex.POSTGRES:
        return PostgresEngine()
    # Its client takes a while to import, and most installations never need it.
    from talentpool.search.engines.opensearch import OpenSearchEngine

    return OpenSearchEngine()


def active_indexes() -> list[SearchIndex]:
    """The indexes that are kept and swept; PostgreSQL's always is, to answer when the other can't."""
    return list(SearchIndex) if settings.OPENSEARCH_URL else [SearchIndex.POSTGRES]
