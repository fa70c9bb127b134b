import pytest

from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate, Job, SearchIndex, SearchRebuild, SearchVector
from talentpool.search.alike import for_job, fused, like_person, near_in_meaning
from talentpool.search.engines import active_indexes, answering
from talentpool.search.find import QueryError, SearchRequest
from talentpool.search.index.outbox import drain
from talentpool.search.index.sweep import sweep
from talentpool.search.meaning import minilm, nearest
from tests.talentpool.search.people import NOON, person

MEANING = SearchIndex.MEANING


@pytest.fixture
def meaning(settings):
    settings.SEMANTIC_SEARCH = True


@pytest.fixture
def ward(tenant, meaning):
    """Nobody of them has a word of another's title."""
    people = {
        name: person(name, title=title, skills=skills)
        for name, title, skills in (
            ("Ana", "Registered Nurse", ["ICU", "Triage"]),
            ("Ben", "Intensive care practitioner", ["Ventilators"]),
            ("Cyd", "Forklift operator", ["Warehouse"]),
            ("Dov", "Truck driver", ["CDL"]),
        )
    }
    drain()
    return people


def names(hits):
    return [Candidate.objects.get(pk=hit.candidate_id).name for hit in hits]


def test_the_model_says_what_its_authors_model_says():
    """The figures are those of sentence-transformers' own all-MiniLM-L6-v2."""
    vectors = minilm.model().vectors(["nurse recruiter", "registered nurse", "RN ICU", "intensive care nurse"])
    assert [round(float(vectors[0] @ vectors[1]), 2), round(float(vectors[2] @ vectors[3]), 2)] == [0.71, 0.52]


def test_texts_of_different_lengths_have_the_vectors_they_have_alone():
    texts = ["nurse", "", "a very much longer text about a truck driver " * 60, "nurse"]
    together, alone = minilm.model().vectors(texts), [minilm.model().vectors([text])[0] for text in texts]
    assert [round(float(a @ b), 4) for a, b in zip(together, alone, strict=True)] == [1.0] * 4
    assert float(together[0] @ together[3]) == pytest.approx(1)


def test_who_is_alike_comes_first_though_no_word_is_the_same(ward):
    assert nearest.nearest_to_person(ward["Ana"].pk)[0] == ward["Ben"].pk
    assert nearest.nearest_to_person(ward["Dov"].pk)[0] == ward["Cyd"].pk
    assert nearest.nearest_to_text("lorry")[0] == ward["Dov"].pk
    (first, *_) = like_person(ward["Ana"])
    assert (first.candidate_id, [str(reason.html) for reason in first.reasons]) == (
        ward["Ben"].pk,
        ["alike in meaning"],
    )


def test_words_and_meaning_are_fused_and_each_hit_says_why(ward):
    hits = near_in_meaning(SearchRequest("nurse"))
    assert names(hits)[:2] == ["Ana", "Ben"]
    assert [(reason.label, str(reason.html)) for reason in hits[0].reasons] == [
        ("Title", "Registered <mark>Nurse</mark>")
    ]
    assert [str(reason.html) for reason in hits[1].reasons] == ["alike in meaning"]
    narrowed = SearchRequest("nurse", facets={"skill": ("ventilators",)})
    assert names(near_in_meaning(narrowed)) == ["Ben"]
    with pytest.raises(QueryError):
        near_in_meaning(SearchRequest('"nurse'))


def test_vectors_follow_changes_and_only_changed_texts_are_read(ward, monkeypatch):
    read = []
    vectors = minilm.MiniLM.vectors
    monkeypatch.setattr(minilm.MiniLM, "vectors", lambda self, texts: read.extend(texts) or vectors(self, texts))
    Candidate.objects.filter(pk=ward["Ana"].pk).update(email="ana@mail.example")
    drain()
    assert read == []
    Candidate.objects.filter(pk=ward["Ana"].pk).update(current_title="Lorry driver", skills=[])
    drain()
    assert read == ["Lorry driver"]
    assert nearest.nearest_to_person(ward["Dov"].pk)[0] == ward["Ana"].pk
    ward["Ana"].delete()
    drain()
    assert ward["Ana"].pk not in nearest.nearest_to_person(ward["Dov"].pk)
    assert sweep(MEANING, now=NOON).drifted == 0


def test_switched_on_later_everybody_is_read_and_the_sweep_finds_what_was_missed(tenant, settings):
    person("Ana", title="Nurse")
    drain()
    assert (active_indexes(), SearchVector.objects.count()) == ([SearchIndex.POSTGRES, *_opensearch()], 0)
    settings.SEMANTIC_SEARCH = True
    person("Ben", title="Nurse")
    drain()
    assert (SearchVector.objects.count(), SearchRebuild.objects.get(index=MEANING).people) == (2, 2)
    SearchVector.objects.first().delete()
    assert sweep(MEANING, now=NOON).missing == 1
    drain()
    assert SearchVector.objects.count() == 2


def _opensearch():
    return [answering()] if answering() == SearchIndex.OPENSEARCH else []


def test_nobody_of_another_organisation_is_near(ward, other_tenant):
    with tenant_scope(other_tenant.pk):
        theirs = person("Eve", title="Registered Nurse")
        drain()
        assert nearest.nearest_to_text("nurse") == [theirs.pk]
        assert nearest.nearest_to_person(ward["Ana"].pk) == []
    assert theirs.pk not in nearest.nearest_to_text("nurse")


def test_people_for_a_job_come_by_its_title_the_skills_of_its_text_and_its_meaning(ward):
    job = Job.objects.create(title="ICU specialist", text="You know triage and ventilators.")
    hits = for_job(job, without={ward["Dov"].pk})
    assert names(hits)[:2] == ["Ana", "Ben"]
    assert "Dov" not in names(hits)


def test_without_vectors_people_are_alike_by_what_they_share(tenant):
    ana = person("Ana", title="Registered Nurse", skills=["ICU", "Triage", "Spanish"])
    person("Ben", title="Registered Nurse", skills=["Welding"])
    person("Cyd", title="Welder", skills=["ICU", "Triage", "Spanish"])
    person("Dov", title="Welder", skills=["Welding"])
    drain()
    hits = like_person(ana)
    assert sorted(names(hits)) == ["Ben", "Cyd"]
    reasons = {names([hit])[0]: [f"{each.label} {each.html}" for each in hit.reasons] for hit in hits}
    assert reasons == {"Ben": ["The same title: Registered Nurse"], "Cyd": ["In common: ICU, Spanish, Triage"]}


def test_a_job_of_a_title_that_nobody_has_finds_who_has_its_words(tenant):
    person("Ana", title="Nurse")
    person("Ben", title="CVICU nurse")
    person("Cyd", title="Welder")
    drain()
    hits = for_job(Job.objects.create(title="CVICU Nurse, Nights"))
    assert [(*names([hit]), hit.reasons) for hit in hits] == [("Ben", []), ("Ana", [])]


def test_hostile_titles_are_no_query(tenant):
    ana = person("Ana", title='"Nurse" OR (title:*', skills=['"', "c++", "\\"])
    drain()
    assert like_person(ana) == []


def test_fusing_counts_places_and_not_scores():
    assert fused([[1, 2, 3], [3, 4]]) == [3, 1, 2, 4]


def test_the_pages_show_who_is_alike(client, tenant, member, ward):
    page = client.get(f"/o/acme/people/{ward['Ana'].pk}/alike/").content.decode()
    assert "People like Ana" in page and "alike in meaning" in page and "Ben" in page
    assert 'href="/o/acme/people/meaning/?q=nurse"' in client.get("/o/acme/people/?q=nurse").content.decode()
    assert "Near in meaning to" in client.get("/o/acme/people/meaning/?q=nurse").content.decode()
    assert client.get("/o/acme/people/meaning/?q=%22nurse").url == "/o/acme/people/?q=%22nurse"


def test_without_likeness_the_page_leads_back_to_the_search(client, tenant, member):
    assert client.get("/o/acme/people/meaning/?q=nurse").url == "/o/acme/people/?q=nurse"
