import pytest

from talentpool.models import Candidate, SearchIndex
from talentpool.search.clauses import AllOf, AnyOf, Match, Within, Without
from talentpool.search.engines.lexemes import loosened, reads_tokens, tsqueries
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


@pytest.mark.parametrize("way", ["walk", "sift"])
class TestWaysOfLargePools(EngineContract, ConceptsContract):
    """Small pools are fetched always; whoever goes another way comes to the same people."""

    index = SearchIndex.POSTGRES

    @pytest.fixture(autouse=True)
    def _way(self, way, monkeypatch):
        monkeypatch.setattr("talentpool.search.engines.postgres._Guess.way", lambda *asked: way)


def test_what_the_index_can_say_of_a_clause_holds_for_whoever_it_finds():
    near, phrase = Match(("a", "b"), between=2), Match(("never", "listed"), "title")
    prefix, word = Match(("senior", "dat"), prefix=True), Match(("w",))
    assert {each: loosened(each) for each in (near, phrase, prefix, word, None)} == {
        near: AllOf((Match(("a",)), Match(("b",)))),
        phrase: AllOf((Match(("never",), "title"), Match(("listed",), "title"))),
        prefix: AllOf((Match(("senior",)), Match(("dat",), prefix=True))),
        word: word,
        None: None,
    }
    assert loosened(AllOf((word, Without(near)))) == AllOf((word,))
    assert loosened(AnyOf((word, Without(near)))) is None
    assert loosened(AnyOf((word, near))) == AnyOf((word, AllOf((Match(("a",)), Match(("b",))))))
    assert loosened(Without(word)) == Without(word)


def test_ranges_are_parts_of_their_own_and_something_anchors_the_rest():
    word, range_ = Match(("w",)), Within("updated", 1, 2)
    asked = "('#updated:1000000000001' | '#updated:1000000000002')"
    assert tsqueries(AllOf((word, AllOf((range_, Without(word)))))) == ["('w') & !(('w'))", asked]
    assert tsqueries(AllOf((Without(word), range_))) == [f"!(('w')) & {asked}"]
    assert tsqueries(range_) == [asked]
    assert tsqueries(range_, [[7]]) == ["('f:7')", asked]
    assert tsqueries(range_, sample=8) == ["'b:8'", asked]
    assert tsqueries(Without(word)) == ["!(('w')) & 'b:1'"]
    assert tsqueries(None) == ["'b:1'"]


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
