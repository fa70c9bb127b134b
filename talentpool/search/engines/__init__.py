"""The two engines behind one protocol; tests/talentpool/search/engine_contract.py says what both must do."""

from talentpool.models import SearchIndex
from talentpool.search.engines.base import Engine
from talentpool.search.engines.postgres import PostgresEngine


def engine_for(index: SearchIndex) -> Engine:
    return PostgresEngine()


def active_indexes() -> list[SearchIndex]:
    """The indexes that are kept and swept; PostgreSQL's always is, to answer when the other can't."""
    return [SearchIndex.POSTGRES]
