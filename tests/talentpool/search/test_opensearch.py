import pytest
from django.conf import settings

from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate, SearchIndex, SearchOutbox, SearchRebuild
from talentpool.search.engines import opensearch, opensearch_indexes
from talentpool.search.engines.base import EngineDown
from talentpool.search.engines.opensearch import OpenSearchEngine
from talentpool.search.find import SearchRequest, find, find_facets, matching_ids
from talentpool.search.index import rebuilding
from talentpool.search.index.documents import documents_for
from talentpool.search.index.outbox import drain, rebuild
from talentpool.search.index.rebuilding import ask_for_rebuild, step
from talentpool.search.index.sweep import sweep
from talentpool.search.index.writing import write
from tests.talentpool.search.concepts_contract import ConceptsContract, coders
from tests.talentpool.search.engine_contract import EngineContract, facet, names, three
from tests.talentpool.search.facets_contract import FacetsContract
from tests.talentpool.search.facts_contract import FactsContract
from tests.talentpool.search.judge_contract import JudgeContract
from tests.talentpool.search.near_contract import NearContract
from tests.talentpool.search.people import NOON, person

__all__ = ["coders", "three"]
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


class TestOpenSearchEngine(
    EngineContract, FacetsContract, FactsContract, JudgeContract, NearContract, ConceptsContract
):
    index = INDEX


def indexes():
    return sorted(opensearch._client().indices.get(index=f"{settings.OPENSEARCH_INDEX_PREFIX}-*"))


def add_people(number):
    return [person(f"Person {each}", title="Nurse") for each in range(number)]


def test_facets_of_very_many_are_counted_of_a_part_and_said_to_be_estimates(tenant, monkeypatch):
    add_people(12)
    rebuild(INDEX)
    drain()
    exact = find(SearchRequest("nurse"))
    assert (exact.counts_are_estimates, facet(exact, "title")) == (False, [("Nurse", 12, False)])
    monkeypatch.setattr(opensearch, "COUNTED", 10)
    low = sum(digest < 0 for _, digest in OpenSearchEngine().digests())
    page = find(SearchRequest("nurse"))
    assert 0 < low < 12
    assert (page.total, page.counts_are_estimates, facet(page, "title")) == (12, True, [("Nurse", 2 * low, False)])
    chosen = find_facets(SearchRequest("nurse", facets={"title": ("nurse",)}))
    assert (chosen.counts_are_estimates, facet(chosen, "title")) == (True, [("Nurse", 2 * low, True)])


def test_a_rebuild_takes_the_old_index_place_while_writing_goes_on(three):
    old = indexes()
    mary = Candidate.objects.get(name="Mary Smith")
    ask_for_rebuild(INDEX)
    assert step(INDEX)  # everybody
    Candidate.objects.filter(pk=mary.pk).update(current_title="Pilot")
    write(INDEX, [mary.pk])
    assert names("pilot") == ["Mary Smith"]  # in the old one, too
    assert len(indexes()) == 2
    assert step(INDEX)  # the end
    assert not step(INDEX)
    assert names("pilot") == ["Mary Smith"]
    assert len(people_in(*old)) == 0
    assert rebuild(INDEX) == 3
    assert names("pilot") == ["Mary Smith"]
    assert (len(people_in(*old)), len(indexes())) == (3, 2)  # there and back between two shared ones


def people_in(*found):
    client = opensearch._client()
    client.indices.refresh(index=",".join(found))
    hits = client.search(index=",".join(found), body={"size": 100, "docvalue_fields": ["candidate"]})["hits"]["hits"]
    return sorted(hit["fields"]["candidate"][0] for hit in hits)


def test_a_killed_rebuild_is_gone_on_with_and_changes_go_between_its_steps(tenant, monkeypatch):
    people = add_people(5)
    drain()
    monkeypatch.setattr(rebuilding, "STEP", 2)
    ask_for_rebuild(INDEX)
    assert step(INDEX)
    kept = SearchRebuild.objects.get(index=INDEX)
    assert (kept.people, kept.last_id) == (2, people[1].pk)
    monkeypatch.setattr(OpenSearchEngine, "_fill", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        step(INDEX)  # killed
    monkeypatch.undo()
    Candidate.objects.filter(pk=people[0].pk).update(current_title="Pilot")
    Candidate.objects.filter(pk=people[4].pk).delete()
    drain()
    ended = SearchRebuild.objects.get(index=INDEX)
    assert (ended.people, ended.finished_at is None, names("pilot")) == (4, False, ["Person 0"])
    assert sorted(names("nurse")) == ["Person 1", "Person 2", "Person 3"]
    assert sweep(INDEX, now=NOON).drifted == 0


def test_a_rebuild_begins_again_when_opensearch_lost_what_was_filled(tenant, monkeypatch):
    add_people(5)
    drain()
    monkeypatch.setattr(rebuilding, "STEP", 2)
    ask_for_rebuild(INDEX)
    step(INDEX)
    for index in indexes():
        opensearch._client().indices.delete(index=index)
    assert step(INDEX)
    assert find(SearchRequest("nurse")).trouble == "building"
    drain()
    assert (find(SearchRequest("nurse")).total, find(SearchRequest("nurse")).trouble) == (5, "")


def test_small_organisations_share_an_index_and_never_meet(tenant, other_tenant):
    add_people(3)
    drain()
    with tenant_scope(other_tenant.pk):
        add_people(2)
        drain()
        (strangers,) = matching_ids(SearchRequest("nurse"))
        assert find(SearchRequest("nurse")).total == len(strangers) == 2
        assert list(dict(OpenSearchEngine().digests())) == strangers
    (shared,) = indexes()
    (ours,) = matching_ids(SearchRequest("nurse"))
    assert people_in(shared) == sorted(ours + strangers)
    rebuild(INDEX)
    assert people_in(shared) == strangers
    assert (find(SearchRequest("nurse")).total, sweep(INDEX, now=NOON).drifted) == (3, 0)


def test_an_organisation_that_grows_gets_an_index_of_its_own_and_goes_back_when_it_shrinks(tenant, monkeypatch):
    add_people(4)
    drain()
    (shared,) = indexes()
    monkeypatch.setattr(opensearch_indexes, "OWN_FROM", 3)
    monkeypatch.setattr(opensearch_indexes, "BACK_BELOW", 2)
    sweep(INDEX, now=NOON)
    drain()
    (own,) = set(indexes()) - {shared}
    assert (len(people_in(own)), people_in(shared), find(SearchRequest("nurse")).total) == (4, [], 4)
    for gone in Candidate.objects.order_by("pk")[:3]:
        gone.delete()
    drain()
    sweep(INDEX, now=NOON)
    drain()
    assert (indexes(), len(people_in(shared)), find(SearchRequest("nurse")).total) == ([shared], 1, 1)


def test_an_index_of_an_earlier_version_is_not_asked_and_goes_when_the_new_one_stands(tenant, monkeypatch):
    add_people(2)
    monkeypatch.setattr(opensearch_indexes, "_fingerprint", lambda: "0ld")
    drain()
    (old,) = indexes()
    monkeypatch.undo()
    assert find(SearchRequest("nurse")).trouble == "building"
    drain()
    (new,) = indexes()
    assert (old != new, find(SearchRequest("nurse")).total, find(SearchRequest("nurse")).trouble) == (True, 2, "")


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
    assert SearchRebuild.objects.filter(finished_at=None).count() == 1
    drain()
    page = find(SearchRequest("nurse"))
    assert (page.total, page.engine, page.fell_back) == (3, "OpenSearch", False)


def test_a_sweep_builds_an_index_that_is_missing(tenant, settings):
    url, settings.OPENSEARCH_URL = settings.OPENSEARCH_URL, ""
    person("Ana")
    drain()
    settings.OPENSEARCH_URL = url
    with pytest.raises(EngineDown):
        sweep(INDEX, now=NOON)  # its task comes again
    drain()
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
