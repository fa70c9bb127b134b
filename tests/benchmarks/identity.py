"""How well people are found to be the same, and how fast.

    python -m crm.local with-services -- python tests/benchmarks/identity.py [SET…] [-v]

On each labelled set: pairs merged by themselves (precision, recall, F1, before and after clusters are made), pairs that
somebody is asked about, and the time of comparing all. How fast it is with a million records: identity_million.py.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from unittest.mock import patch

import _ground  # noqa: F401
from _identity_people import Told
from _identity_pool import fill
from _identity_sets import febrl, invented, people_of, pseudopeople
from django.db import connection

from crm.models import Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.actions import finding, joining
from talentpool.actions.match_questions import ask
from talentpool.actions.matching_rules import rules_of_tenant, thresholds_of
from talentpool.actions.pool_ranges import ALL_KEYS, FOR_MANY, key_waiting, recount
from talentpool.identity.score import ALL
from talentpool.identity.scoring import Scored, scored_in
from talentpool.models import Candidate, MatchOutbox, PersonTraits

SETS: dict[str, Callable[[], list[Told]]] = {
    "febrl1": lambda: febrl(1),
    "febrl2": lambda: febrl(2),
    "febrl3": lambda: febrl(3),
    "febrl4": lambda: febrl(4),
    "pseudopeople": pseudopeople,
    "crm": lambda: invented(16_000, seed=1),
    "crm, set aside": lambda: invented(16_000, seed=101),
    "traps": lambda: invented(12_000, seed=2, traps=0.4),
    "traps, set aside": lambda: invented(12_000, seed=102, traps=0.4),
    "two in a hundred traps, set aside": lambda: invented(30_000, seed=103, traps=0.02),
}


def pairs_of(counts: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in counts)


def precision(right: int, found: int) -> float:
    return right / found if found else 1.0


def f1(p: float, r: float) -> float:
    return 2 * p * r / (p + r) if p + r else 0.0


@contextmanager
def tenant_of(name: str):
    tenant = Tenant.objects.create(slug=f"b{time.time_ns()}", name=name)
    with tenant_scope(tenant.pk):
        yield tenant
        with connection.cursor() as cursor:
            cursor.execute("SELECT refresh_people_statistics()")


def compare_all(ranges: int = 4) -> list[Scored]:
    thresholds = thresholds_of(rules_of_tenant())
    best: dict[tuple[int, int], Scored] = {}
    for n in range(ranges):
        first, end = (-ALL_KEYS // 2 + each * ALL_KEYS // ranges for each in (n, n + 1))
        for each in scored_in(first, min(end, ALL_KEYS // 2 - 1), thresholds.ask):
            best[each.low, each.high] = each
    return list(best.values())


def light_merge(pair, now):
    """What the action does to the rows that are compared, without the story that it writes for each."""
    PersonTraits.objects.filter(candidate=pair.high_id).update(candidate=pair.low_id)
    Candidate.objects.filter(pk=pair.high_id).update(merged_into=pair.low_id)
    return True


def measure(name: str, told: list[Told], show_wrong: bool = False) -> None:
    true = pairs_of(people_of(told).values())
    with tenant_of(name):
        begun = time.perf_counter()
        known = fill(told)
        recount()
        with connection.cursor() as cursor:
            cursor.execute("SELECT refresh_people_statistics()")
            cursor.execute(FOR_MANY.replace("LOCAL ", ""))
        while key_waiting():
            pass
        MatchOutbox.objects.all().delete()
        filled = time.perf_counter() - begun
        thresholds = thresholds_of(rules_of_tenant())
        begun = time.perf_counter()
        found = compare_all()
        compared = time.perf_counter() - begun
        same = lambda low, high: known[low].pid == known[high].pid  # noqa: E731
        enough = [each for each in found if each.bits >= thresholds.merge]
        merged = [each for each in enough if each.gate in thresholds.gates]
        asked = len(found) - len(merged)
        right = {
            kind: sum(same(each.low, each.high) for each in rows)
            for kind, rows in (("score", enough), ("merged", merged), ("all", found))
        }
        begun = time.perf_counter()
        ask(found, thresholds)
        with connection.cursor() as cursor:
            cursor.execute("RESET enable_nestloop; RESET work_mem; RESET jit")
        with patch.object(joining, "_merge", light_merge):
            while joining.join_found(now=rules_of_tenant().counted_at) or finding.find_batch(
                now=rules_of_tenant().counted_at
            ):
                pass
        joined = time.perf_counter() - begun
        groups: dict[int, Counter[int]] = {}
        for candidate_id, origin_id in PersonTraits.objects.values_list("candidate_id", "origin_id"):
            groups.setdefault(candidate_id, Counter())[known[origin_id].pid] += 1
        together = pairs_of(sum(group.values()) for group in groups.values())
        right_together = sum(pairs_of(group.values()) for group in groups.values())
        p, r = precision(right_together, together), right_together / true
        print(
            f"{name}: {len(told):,} records, {true:,} true pairs, merge from {thresholds.merge}, ask from {thresholds.ask}"
        )
        print(f"    score alone   P {precision(right['score'], len(enough)):.4f}  R {right['score'] / true:.4f}")
        print(
            f"    pairs merged  P {precision(right['merged'], len(merged)):.4f}  R {right['merged'] / true:.4f}  ({len(merged) - right['merged']} false)"
        )
        print(f"    as people     P {p:.4f}  R {r:.4f}  F1 {f1(p, r):.4f}  ({together - right_together} false pairs)")
        print(
            f"    asked         {asked / true:.2f} for each true pair, {precision(right['all'] - right['merged'], asked):.2f} of them true; merged and asked R {right['all'] / true:.4f}"
        )
        print(
            f"    time          {filled:.1f} s prepared, {compared:.1f} s compared, {joined:.1f} s joined", flush=True
        )
        if show_wrong:
            traps = Counter(
                (known[each.low].trap or known[each.high].trap) for each in merged if not same(each.low, each.high)
            )
            print("    false merges by trap", dict(traps))
            wait = Counter(_words(each) for each in found if each not in merged and same(each.low, each.high))
            false = Counter(_words(each) for each in found if each not in merged and not same(each.low, each.high))
            for words, number in wait.most_common(25):
                print(f"    waiting {number:5d} true {false[words]:5d} false  {words}")


def _words(each: Scored) -> str:
    return " ".join(f"{c.name}:{c.levels[n - 1].name}" for c, n in zip(ALL, each.levels, strict=True) if n)


if __name__ == "__main__":
    asked_for = sys.argv[1:] or ["sets"]
    for name, load in SETS.items():
        if "sets" in asked_for or name in asked_for:
            measure(name, load(), show_wrong="-v" in asked_for)
