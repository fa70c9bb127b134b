from talentpool.models import SearchIndex
from tests.talentpool.search.concepts_contract import ConceptsContract, coders
from tests.talentpool.search.engine_contract import EngineContract, three
from tests.talentpool.search.facets_contract import FacetsContract
from tests.talentpool.search.facts_contract import FactsContract
from tests.talentpool.search.judge_contract import JudgeContract
from tests.talentpool.search.near_contract import NearContract

__all__ = ["coders", "three"]


class TestPostgresEngine(EngineContract, FacetsContract, FactsContract, JudgeContract, NearContract, ConceptsContract):
    index = SearchIndex.POSTGRES
