import pytest
from django.conf import settings

from talentpool.models import Candidate, SearchIndex, SearchOutbox
from talentpool.search.engines import engine_for, opensearch
from talentpool.search.engines.opensearch import OpenSearchEngine
from talentpool.search.find import SearchRequest, find, matching_ids
from talentpool.search.index.documents import documents_for
from talentpool.search.index.outbox import drain
from talentpool.search.index.sweep import sweep
from talentpool.search.index.writing import rebuild, write
from tests.talentpool.search.engine_contract import EngineContract, names, three
from tests.talentpool.search.facts_contract import FactsContract
from tests.talentpool.search.judge_contract import JudgeContract
from tests.talentpool.search.people import NOON, person

__all__ = ["three"]
pytestmark = pytest.mark.opensearch
INDEX = SearchIndex.OPENSEARCH


@pytest.fixture(autouse=True)
def _own_indexes(tenant, worker_id, settings):
    """The tenants of a rolled back test leave their numbers to nobody, but their indexes to OpenSearch."""
    prefix = f"test-{worker_id}"
    settings.OPENSEARCH_INDEX_PREFIX = prefix
    yield
    for index in opensearch._client().indices.get(index=f"{prefix}-*"):
        opensearch._client().indices.delete(index=index)


class TestOpenSearchEngine(EngineContract, FactsContract, JudgeContract):
    index = INDEX


def indexes():
    return sorted(opensearch._client().indices.get(index=f"{settings.OPENSEARCH_INDEX_PREFIX}-*"))


def test_a_rebuild_takes_the_old_index_place_while_writing_goes_on(three):
    (old,) = indexes()
    mary = Candidate.objects.get(name="Mary Smith")
    with engine_for(INDEX).rebuilding():
        write(INDEX, list(Candidate.objects.values_list("pk", flat=True)))
        Candidate.objects.filter(pk=mary.pk).update(current_title="Pilot")
        drain()
        assert names("pilot") == ["Mary Smith"]  # in the old one, too
        assert len(indexes()) == 2
    (new,) = indexes()
    assert old != new
    assert names("pilot") == ["Mary Smith"]
    assert rebuild(INDEX) == 3
    assert (len(indexes()), names("pilot")) == (1, ["Mary Smith"])


def test_an_interrupted_rebuild_leaves_the_old_index_and_the_next_one_starts_afresh(three):
    with pytest.raises(ZeroDivisionError), engine_for(INDEX).rebuilding():
        raise ZeroDivisionError
    assert (len(indexes()), names("nurse")) == (2, ["José Álvarez"])
    drain()
    rebuild(INDEX)
    assert (len(indexes()), names("nurse")) == (1, ["José Álvarez"])


def test_opensearch_switched_on_later_learns_of_everybody_after_the_first_search(tenant, settings):
    url, settings.OPENSEARCH_URL = settings.OPENSEARCH_URL, ""
    for number in range(3):
        person(f"Person {number}", title="Nurse")
    drain()
    settings.OPENSEARCH_URL = url
    # Until then PostgreSQL answers, and nobody is waited for.
    page = find(SearchRequest("nurse"))
    assert (page.total, page.engine, page.fell_back) == (3, "PostgreSQL", True)
    find(SearchRequest("nurse"))
    assert SearchOutbox.objects.count() == 1
    drain()
    page = find(SearchRequest("nurse"))
    assert (page.total, page.engine, page.fell_back) == (3, "OpenSearch", False)


def test_a_sweep_builds_an_index_that_is_missing(tenant, settings):
    url, settings.OPENSEARCH_URL = settings.OPENSEARCH_URL, ""
    person("Ana")
    drain()
    settings.OPENSEARCH_URL = url
    result = sweep(INDEX, now=NOON)
    assert (result.people, result.drifted) == (1, 0)


def test_older_makings_and_removals_of_strangers_are_no_trouble(three):
    jose = Candidate.objects.get(name="José Álvarez")
    engine = OpenSearchEngine()
    (old,) = documents_for([jose.pk])
    engine.write([], [jose.pk, 987654321], 10**12)
    engine.write([old], [], 10**12 - 1)
    assert names("nurse") == []


def test_a_sweep_finds_drift_in_opensearch(three):
    jose, mary, _ = Candidate.objects.order_by("-updated_at")
    engine = OpenSearchEngine()
    engine.write([], [jose.pk], 10**6)
    (ghost,) = documents_for([mary.pk])
    ghost.__dict__["candidate_id"] = 987654321
    engine.write([ghost], [], 10**6)
    result = sweep(INDEX, now=NOON)
    assert (result.people, result.missing, result.stale, result.surplus) == (3, 1, 0, 1)
    drain()
    assert list(SearchOutbox.objects.all()) == []


def test_everybody_is_listed_across_many_questions(three, monkeypatch):
    monkeypatch.setattr(opensearch, "_AT_ONCE", 2)
    assert [len(batch) for batch in matching_ids(SearchRequest(""))] == [3]
    assert len(dict(OpenSearchEngine().digests())) == 3


def test_both_engines_go_on_at_each_others_cursors(tenant, settings):
    for number in range(9):
        person(f"Person {number}", title="Nurse" if number % 2 else "", resume="nurse", minutes=number)
    drain()
    url, found, cursor, engines = settings.OPENSEARCH_URL, [], None, []
    for settings.OPENSEARCH_URL in (url, "", url):
        page = find(SearchRequest("nurse", cursor=cursor, limit=3))
        found += [hit.candidate_id for hit in page.hits]
        engines.append(page.engine)
        cursor = page.next_cursor
    assert (len(set(found)), engines, cursor) == (9, ["OpenSearch", "PostgreSQL", "OpenSearch"], None)
