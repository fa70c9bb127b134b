from datetime import timedelta

from django.utils import timezone

from talentpool.models import Candidate, Consent, SearchDocument, SearchIndex, SearchOutbox, SearchSweep
from talentpool.search.engines import engine_for
from talentpool.search.find import SearchRequest, find
from talentpool.search.index.documents import documents_for
from talentpool.search.index.outbox import drain
from talentpool.search.index.sweep import sweep
from tests.talentpool.search.people import NOON, person


def test_a_sweep_finds_and_repairs_what_differs_and_its_result_is_kept(tenant):
    people = [person(f"Person {number}", title="Nurse") for number in range(6)]
    drain()
    same, missing, stale, surplus = (each.pk for each in people[:4])
    (ghost,) = documents_for([surplus])
    SearchDocument.objects.filter(pk=missing).delete()
    SearchDocument.objects.filter(pk=stale).update(digest=7)
    Candidate.objects.filter(pk=surplus).delete()
    SearchOutbox.objects.all().delete()

    result = sweep(SearchIndex.POSTGRES, now=NOON)
    assert (result.people, result.missing, result.stale, result.surplus, result.drifted) == (5, 1, 1, 1, 3)
    assert SearchOutbox.objects.get().candidate_ids == [missing, stale, surplus]
    drain()
    assert sweep(SearchIndex.POSTGRES, now=NOON).drifted == 0
    assert SearchSweep.objects.get().started_at == NOON
    assert find(SearchRequest("nurse")).total == 5

    engine_for(SearchIndex.POSTGRES).write([ghost], [], 10**12)  # the highest id of all
    Candidate.objects.filter(pk__gt=surplus).delete()
    drain()
    assert sweep(SearchIndex.POSTGRES, now=NOON).surplus == 1
    assert SearchSweep.objects.count() == 1
    assert same in dict(engine_for(SearchIndex.POSTGRES).digests())


def test_a_consent_that_ran_out_is_found_by_the_sweep(tenant):
    ana = person("Ana", email="ana@mail.example", consent=True)
    Consent.objects.update(expires_at=timezone.now() + timedelta(seconds=60))
    drain()
    assert find(SearchRequest("", facets={"consent": ("may_write",)})).total == 1
    Consent.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    SearchOutbox.objects.all().delete()
    assert sweep(SearchIndex.POSTGRES, now=NOON).stale == 1
    drain()
    assert find(SearchRequest("", facets={"consent": ("may_write",)})).total == 0
    assert find(SearchRequest("", facets={"consent": ("no_consent",)})).hits[0].candidate_id == ana.pk
