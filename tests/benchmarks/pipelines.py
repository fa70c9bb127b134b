"""A board of 5,000 people and a pipeline of 100,000 stays: server time of its pages and moves; p50 and p95.

python -m crm.local with-services --as-installed -- python tests/benchmarks/pipelines.py [people]
"""

import logging
import random
import statistics
import sys
import time
from collections.abc import Callable

import _ground  # noqa: F401
import _machine
import _pool
from django.db import connection
from django.test import Client

from crm.models import Member
from crm.tenancy.scope import tenant_scope
from talentpool.actions.pipelines import add_to_pipeline, create_pipeline, move_entries, move_entry
from talentpool.models import Candidate, Pipeline, PipelineEntry, StageVisit

ROUNDS = 30
logging.disable(logging.INFO)


def main(people: int) -> None:
    tenant = _pool.fill_pool(people)
    with tenant_scope(tenant.pk):
        member = Member.objects.select_related("user").get()
        with connection.cursor() as cursor:
            cursor.execute("SELECT refresh_people_statistics()")  # as an import does
        pipeline = _fill(member, people)
        visits = StageVisit.objects.filter(pipeline=pipeline).count()
        stages = [stage.pk for stage in pipeline.stages.all()]
    print(f"a pipeline of {people:,} people, {visits:,} stays; {ROUNDS} requests each; {_machine.words()}")
    browser = Client(headers={"Accept-Encoding": "identity"})
    browser.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    base = f"/o/{_pool.SLUG}/pipelines/{pipeline.pk}/"
    _measure("board", lambda: browser.get(base))
    _measure(
        "more cards of a column", lambda: browser.get(f"{base}stages/{stages[0]}/", headers={"HX-Request": "true"})
    )
    _measure("list", lambda: browser.get(f"{base}list/"))
    _measure("figures", lambda: browser.get(f"{base}figures/"))
    _measure("list of pipelines", lambda: browser.get(f"/o/{_pool.SLUG}/pipelines/"))
    _measure("move a card", lambda: _move(browser, base, tenant.pk, pipeline, stages))


def _fill(member: Member, people: int) -> Pipeline:
    """Everybody found, then moved about between the first four stages until there are some 20 stays each."""
    pipeline = create_pipeline(name="Everybody", by=member)
    ids = list(Candidate.objects.order_by("pk").values_list("pk", flat=True)[:people])
    begun = time.perf_counter()
    add_to_pipeline(pipeline, ids, by=member)
    print(f"  {len(ids):,} people added in {time.perf_counter() - begun:.1f} s")
    entries, stages = (
        list(PipelineEntry.objects.filter(pipeline=pipeline).values_list("pk", flat=True)),
        pipeline.stages,
    )
    chance, begun = random.Random(1), time.perf_counter()
    for step in range(19):
        chosen = chance.sample(entries, len(entries) * 9 // 10)
        move_entries(pipeline, chosen, stages.all()[step % 4 + (step % 2)], by=member)
    print(f"  moved about 19 times in {time.perf_counter() - begun:.1f} s")
    one = PipelineEntry.objects.filter(pipeline=pipeline).select_related("stage", "pipeline", "candidate").first()
    assert one is not None
    move_entry(one, stages.exclude(pk=one.stage_id)[0], version=one.version, by=member)
    return pipeline


def _move(browser: Client, base: str, tenant_id: int, pipeline: Pipeline, stages: list[int]) -> object:
    with tenant_scope(tenant_id):
        entry = PipelineEntry.objects.filter(pipeline=pipeline).order_by("moved_at").first()
        assert entry is not None
        to = next(pk for pk in stages if pk != entry.stage_id)
        form = {"entry": entry.pk, "stage": to, "version": entry.version}
    return browser.post(f"{base}move/", form, headers={"HX-Request": "true"})


def _measure(name: str, ask: Callable[[], object]) -> None:
    took = []
    for number in range(ROUNDS + 1):
        begun = time.perf_counter()
        response = ask()
        seconds = time.perf_counter() - begun
        assert response.status_code == 200, response.content[:300]  # type: ignore[attr-defined]
        if number:  # the first compiles templates
            took.append(seconds * 1000)
    cuts = statistics.quantiles(took, n=20)
    print(f"  {name:26} p50 {statistics.median(took):6.0f} ms   p95 {cuts[-1]:6.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
