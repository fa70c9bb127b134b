"""Pages' server time in a large pool: the list of people, a search, one person, reports, the API; p50 and p95.

    python -m crm.local with-services --as-installed -- python tests/benchmarks/pages.py [people]

A request goes through the whole stack (middleware, permissions, templates) in this process; the network is left out.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator

import _ground  # noqa: F401
import _machine
import _pool
from django.test import Client

from crm.actions.tokens import issue_token
from crm.models import Member
from crm.models.api_token import Scope
from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate, SearchDocument, SearchIndex, SearchOutbox
from talentpool.search.index.outbox import drain, put

ROUNDS = 40
SEARCHES = (
    "icu nurse",
    '"cath lab" OR ecmo',
    "title:electrician location:fresno",
    "skill:python AND skill:sql",
    "forklift NOT cdl",
    "charge nurse visalia",
    "reyes",
    "(telemetry OR cvicu) AND spanish",
)


def main(people: int) -> None:
    tenant = _pool.fill_pool(people)
    with tenant_scope(tenant.pk):
        _index()
        ids = random.Random(1).sample(list(Candidate.objects.values_list("pk", flat=True)), ROUNDS)
        _, secret = issue_token(Member.objects.get(), "bench", [scope.value for scope in Scope])
        user = Member.objects.select_related("user").get().user
    browser = Client(headers={"Accept-Encoding": "identity"})
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    base = f"/o/{_pool.SLUG}"
    print(f"pages at {people:,} people; {ROUNDS} requests each; {_machine.words()}")
    _measure("list of people", browser, (f"{base}/people/" for _ in range(ROUNDS)))
    _measure("search", browser, (f"{base}/people/?q={text}" for _, text in _around(SEARCHES)))
    _measure("one person", browser, (f"{base}/people/{pk}/" for pk in ids))
    _measure("reports, growth", browser, (f"{base}/reports/growth/" for _ in range(ROUNDS // 2)))
    _measure(
        "reports, people of a source", browser, (f"{base}/reports/growth/people/?month=2026-10" for _ in range(10))
    )
    _measure("API, list of 100", program, ("/api/v1/candidates?limit=100" for _ in range(ROUNDS // 2)))
    _measure("API, search", program, (f"/api/v1/candidates/search?q={text}" for _, text in _around(SEARCHES)))


def _around(values: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    yield from ((number, values[number % len(values)]) for number in range(ROUNDS))


def _index() -> None:
    """Each person once: the pool's rows were written side by side, so the outbox names each several times."""
    begun, total = time.perf_counter(), 0
    SearchOutbox.objects.all().delete()
    indexed = SearchDocument.objects.values("pk")
    ids = list(Candidate.objects.exclude(pk__in=indexed).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), 10_000):
        put(ids[start : start + 10_000], SearchIndex.POSTGRES)
    while done := drain():
        total += done
    print(f"search index: {total:,} documents in {time.perf_counter() - begun:.0f} s")


def _measure(name: str, client: Client, paths: Iterator[str]) -> None:
    took = []
    for number, path in enumerate(paths):
        seconds = _timed(lambda path=path: client.get(path))
        if number:  # the first compiles templates
            took.append(seconds * 1000)
    cuts = statistics.quantiles(took, n=20)
    print(f"  {name:30} p50 {statistics.median(took):6.0f} ms   p95 {cuts[-1]:6.0f} ms")


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    response = act()
    took = time.perf_counter() - begun
    assert response.status_code == 200, f"{response.status_code}: {response.content[:300]}"
    return took


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
