from talentpool.models import SearchIndex
from tests.talentpool.search.engine_contract import EngineContract, three

__all__ = ["three"]


class TestPostgresEngine(EngineContract):
    index = SearchIndex.POSTGRES
