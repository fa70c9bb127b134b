from talentpool.models import SearchIndex
from tests.talentpool.search.engine_contract import EngineContract, three
from tests.talentpool.search.judge_contract import JudgeContract

__all__ = ["three"]


class TestPostgresEngine(EngineContract, JudgeContract):
    index = SearchIndex.POSTGRES
