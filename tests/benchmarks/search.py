"""What a search costs on both engines: pages with facets and reasons, indexing, and how soon a change is seen.

    python -m crm.local with-services --as-installed --opensearch -- python tests/benchmarks/search.py [people]

Two hundred mixed queries: words, Boolean, phrases, radius, ranges, facets.
"""

import multiprocessing
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import _ground  # noqa: F401
import _machine
from _search_people import fill
from _search_queries import WORST, mixed
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from sourcing.actions.searches import log_search
from talentpool.actions.segment_counts import count_anew
from talentpool.models import Candidate, SearchIndex, Segment
from talentpool.queries.suggestions import suggestions_for
from talentpool.search.engines import active_indexes
from talentpool.search.find import SearchRequest, find, find_facets, matching_ids
from talentpool.search.index.outbox import drain, rebuild
from talentpool.search.language import QueryError, parse

CLIENTS = 8
WHILE = 15  # seconds


def main(people: int) -> None:
    print(_machine.words())
    tenant, _ = Tenant.objects.get_or_create(slug=f"search-{people}", defaults={"name": "Search"})
    with tenant_scope(tenant.pk):
        fill(people)
        for index in active_indexes():
            begun = time.perf_counter()
            rebuild(index)
            seconds = time.perf_counter() - begun
            print(f"{index.label}: {people:,} documents in {seconds:.0f} s, {people / seconds:,.0f} a second")
        show_size()
        requests, wanted = mixed(), settings.OPENSEARCH_URL
        for settings.OPENSEARCH_URL in dict.fromkeys([wanted, ""]):
            measure_engine(requests)
            measure_clients(requests, tenant)
            measure_page(requests, tenant)
        settings.OPENSEARCH_URL = wanted
        measure_typing()
        measure_log(requests, tenant)
        measure_freshness()
        measure_segments(tenant)
    measure_parsing()


def measure_engine(requests: list[SearchRequest]) -> None:
    first = find(requests[0])
    assert not first.fell_back
    print(f"\n{first.engine}, {len(requests)} queries, a pass after one to warm up; ms: p50, p90, p95, max")
    for words, ask, options in (
        ("page of 25, facets, reasons", find, {}),
        ("page of 25, reasons", find, {"with_facets": False}),
        ("page of 25, latest first", find, {"with_facets": False, "sort": "recent"}),
        ("facets by themselves", find_facets, {}),
    ):
        spent = {}
        asked = [SearchRequest(**(vars(request) | options)) for request in requests]
        for measured in (False, True):
            forget_answers()
            for request in random.Random(1).sample(asked, len(asked)):
                took, _ = timed(lambda request=request, ask=ask: ask(request))
                if measured:
                    spent.setdefault((request.text, str(request.facets)), []).append(took)
        print(f"  {words}: {spread([took for each in spent.values() for took in each])}")
        if os.environ.get("SLOWEST"):
            for key, each in sorted(spent.items(), key=lambda item: -statistics.median(item[1]))[:12]:
                print(f"      {statistics.median(each):6.0f}  {' '.join(key)}")
    pages = [find(request) for request in requests]
    estimates = sum(page.total_is_estimate for page in pages)
    print(f"  facets estimated: {sum(page.counts_are_estimates for page in pages)} of {len(pages)}")
    print(f"  estimated totals: {estimates} of {len(pages)}; largest {max(page.total for page in pages):,}")
    took, everybody = timed(lambda: sum(len(batch) for batch in matching_ids(SearchRequest("senior"))))
    print(f"  all {everybody:,} ids of “senior”: {took:.0f} ms")


def forget_answers() -> None:
    """OpenSearch keeps counts that it was asked for, and nobody asks what he asked a minute ago."""
    if settings.OPENSEARCH_URL:
        from talentpool.search.engines import opensearch

        opensearch._client().indices.clear_cache(params={"request": "true"})


def measure_clients(requests: list[SearchRequest], tenant: Tenant) -> None:
    """Queries a second that eight processes ask at once, pages with facets and reasons, on the engine's own cores."""
    context = multiprocessing.get_context("fork")
    connection.close()
    with context.Pool(CLIENTS, initializer=forget_connections) as clients:
        done = clients.starmap(ask_for_a_while, [(requests, tenant.pk, number) for number in range(CLIENTS)])
    print(f"  {CLIENTS} clients at once: {sum(done) / WHILE:.0f} queries a second")


def forget_connections() -> None:
    """Those of the process that this one was forked from."""
    from talentpool.search.engines import opensearch

    connection.close()
    opensearch._client_of.cache_clear()


def ask_for_a_while(requests: list[SearchRequest], tenant_id: int, seed: int) -> int:
    order, ends, done = random.Random(seed).sample(requests, len(requests)), time.perf_counter() + WHILE, 0
    with tenant_scope(tenant_id):
        while time.perf_counter() < ends:
            find(order[done % len(order)])
            done += 1
    return done


def measure_page(requests: list[SearchRequest], tenant: Tenant) -> None:
    """The whole of the page, and what it takes beside the search itself."""
    browser = Client(headers={"Accept-Encoding": "identity"})
    browser.force_login(member_of(tenant).user, backend="django.contrib.auth.backends.ModelBackend")
    pages, beside = [], []
    for request in [*requests[:20], *requests]:
        query = QueryDict(mutable=True)
        query["q"] = request.text
        for name, values in request.facets.items():
            query.setlist(name, list(values))
        took, answer = timed(lambda query=query: browser.get(f"/o/{tenant.slug}/people/?{query.urlencode()}"))
        assert answer.status_code == 200
        pages.append(took)
        searching = re.search(rb"(\d[\d,]*) ms</small>", answer.content)
        assert searching
        beside.append(took - int(searching[1].replace(b",", b"")))
    print(f"  the whole page: {spread(pages[20:])}; beside the search: {spread(beside[20:])}")


def measure_typing() -> None:
    """What the box offers after each letter that somebody types, and puts before the text that is there."""
    spent = []
    for text in (
        "registered nurse",
        "python",
        "title:engin",
        "skill:machine",
        "location:fres",
        "employer:comp",
        "near:aust",
    ):
        for length in range(1, len(text) + 1):
            typed = text[:length]
            spent.append(timed(lambda typed=typed: suggestions_for(typed, len(typed), restricted=True))[0])
    print(f"\nwhat is offered after a letter: {spread(spent)}")


def measure_log(requests: list[SearchRequest], tenant: Tenant) -> None:
    """What writing a search down takes."""
    by, spent = member_of(tenant), []
    for request in requests[:100]:
        page = find(replace(request, with_facets=False))
        spent.append(timed(lambda asked=request, page=page: log_search(asked, page, by=by, now=timezone.now()))[0])
    print(f"a search written into the log: {spread(spent)}")


def member_of(tenant: Tenant) -> Member:
    found = Member.objects.filter(role=Role.OWNER).select_related("user").first()
    if found is None:
        user = User.objects.create_user(email=f"owner@{tenant.slug}.example", password=None)
        found = Member.objects.create(user=user, role=Role.OWNER, name="Owner")
    return found


def measure_freshness() -> None:
    """From a saved change to its being found, when the indexer starts at once; the beat adds up to a second."""
    spent = []
    for number, person in enumerate(Candidate.objects.order_by("?")[:20]):
        person.headline = f"Freshness{number} {time.time_ns()}"
        begun = time.perf_counter()
        person.save()
        drain()
        assert find(SearchRequest(person.headline, with_facets=False)).total == 1
        spent.append((time.perf_counter() - begun) * 1000)
    print(f"\nchange saved, both indexes drained, found: {spread(spent)} ms")


def measure_segments(tenant: Tenant) -> None:
    """A segment counted in full: at first, when all join, and again, as each night."""
    for text in ("senior", "title:nurse AND skill:icu"):
        segment = Segment.objects.create(name=f"{text} {time.time_ns()}", text=text, facets={}, by=member_of(tenant))
        first, again = (timed(lambda pk=segment.pk: count_anew(pk))[0] / 1000 for _ in range(2))
        print(f"segment “{text}”: {segment.members.count():,} in it; counted in {first:.1f} s, again in {again:.1f} s")


def measure_parsing() -> None:
    worst = 0.0
    for piece in WORST:
        took, _ = timed(lambda piece=piece: outcome((piece * 5_000)[:5_000]))
        worst = max(worst, took)
    print(f"parsing 5,000 characters of the worst kinds: at most {worst:.1f} ms")


def outcome(text: str) -> object:
    try:
        return parse(text)
    except QueryError as error:
        return error


def show_size() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_relation_size('talentpool_searchdocument'), pg_relation_size('search_document_tokens'), "
            "pg_total_relation_size('talentpool_searchdocument')"
        )
        heap, tokens, everything = (size / 2**20 for size in cursor.fetchone())
    print(f"PostgreSQL's documents: rows {heap:.0f} MB, index of tokens {tokens:.0f} MB, in all {everything:.0f} MB")
    if SearchIndex.OPENSEARCH in active_indexes():
        from talentpool.search.engines.opensearch import OpenSearchEngine

        print(f"OpenSearch's index: {OpenSearchEngine().size() / 2**20:.0f} MB")


def timed(act: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    result = act()
    return (time.perf_counter() - begun) * 1000, result


def spread(spent: list[float]) -> str:
    ordered = sorted(spent)
    points = [ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.9, 0.95, 1)]
    return ", ".join(f"{point:.0f}" for point in points)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
