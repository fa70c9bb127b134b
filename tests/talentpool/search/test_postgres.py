from talentpool.models import Candidate, SearchIndex
from talentpool.search.engines.lexemes import reads_tokens
from talentpool.search.find import SearchRequest, find, question_of
from talentpool.search.index.outbox import drain
from tests.talentpool.search.concepts_contract import ConceptsContract, coders
from tests.talentpool.search.engine_contract import EngineContract, three
from tests.talentpool.search.facets_contract import FacetsContract
from tests.talentpool.search.facts_contract import FactsContract
from tests.talentpool.search.judge_contract import JudgeContract
from tests.talentpool.search.near_contract import NearContract
from tests.talentpool.search.people import person

__all__ = ["coders", "three"]


class TestPostgresEngine(EngineContract, FacetsContract, FactsContract, JudgeContract, NearContract, ConceptsContract):
    index = SearchIndex.POSTGRES


def test_a_listed_name_is_one_lexeme_that_the_index_alone_answers_for(tenant):
    """Next to each other in one text, and in the field that was asked for."""
    for name, title, resume in (
        ("Ana", "Registered Nurse", ""),
        ("Ben", "Nurse", "registered in 2019"),
        ("Cyd", "Nurse, registered", ""),
        ("Dov", "", "worked as a registered nurse"),
    ):
        person(name, title=title, resume=resume)
    drain()

    def found(text):
        request = SearchRequest(text, exactly=True)
        clause = question_of(request).clause
        hits = find(request).hits
        names = [Candidate.objects.get(pk=hit.candidate_id).name for hit in hits]
        return sorted(names), reads_tokens(clause)

    assert found('"registered nurse"') == (["Ana", "Dov"], False)
    assert found('title:"registered nurse"') == (["Ana"], False)
    assert found('"nurse registered"') == (["Cyd"], True)  # nobody lists it
    assert found('-"registered nurse" nurse') == (["Ben", "Cyd"], False)
    assert found('"registered nurse"~3') == (["Ana", "Cyd", "Dov"], True)
