"""How well people are found to be the same, and how fast.

    python -m crm.local with-services --as-installed -- python tests/benchmarks/identity.py [SET…] [-v]

On each labelled set: pairs merged by themselves (precision, recall, F1, before and after clusters are made), pairs that
somebody is asked about, and the time of comparing all. How fast it is with a million records: identity_million.py.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
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
from talentpool.identity.verdicts import Thresholds
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


@dataclass
class Measured:
    """What was found on a set, and the seconds of each step."""

    known: Mapping[int, Told]  # by candidate
    thresholds: Thresholds
    found: list[Scored] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, step: str):
        begun = time.perf_counter()
        yield
        self.seconds[step] = time.perf_counter() - begun

    def same(self, each: Scored) -> bool:
        return self.known[each.low].pid == self.known[each.high].pid

    def right(self, rows: Iterable[Scored]) -> int:
        return sum(map(self.same, rows))

    @cached_property
    def enough(self) -> list[Scored]:
        return [each for each in self.found if each.bits >= self.thresholds.merge]

    @cached_property
    def merged(self) -> list[Scored]:
        return [each for each in self.enough if each.gate in self.thresholds.gates]

    @cached_property
    def waiting(self) -> list[Scored]:
        merged = {id(each) for each in self.merged}
        return [each for each in self.found if id(each) not in merged]


def measure(name: str, told: list[Told], show_wrong: bool = False) -> None:
    true = pairs_of(people_of(told).values())
    with tenant_of(name):
        begun = time.perf_counter()
        known = prepared(told)
        of = Measured(known, thresholds_of(rules_of_tenant()))
        of.seconds["prepared"] = time.perf_counter() - begun
        with of.timed("compared"):
            of.found = compare_all()
        with of.timed("joined"):
            join_all(of)
        print(f"{name}: {len(told):,} records, {true:,} true pairs, ", end="")
        print(f"merge from {of.thresholds.merge}, ask from {of.thresholds.ask}")
        print_pairs(of, true)
        print_people(of, true)
        print_asked(of, true)
        print(
            "    time          " + ", ".join(f"{spent:.1f} s {step}" for step, spent in of.seconds.items()), flush=True
        )
        if show_wrong:
            print_wrong(of)


def prepared(told: list[Told]) -> Mapping[int, Told]:
    """The records in the pool, counted as the schedule counts them and not yet compared."""
    known = fill(told)
    recount()
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_people_statistics()")
        cursor.execute(FOR_MANY.replace("LOCAL ", ""))
    while key_waiting():
        pass
    MatchOutbox.objects.all().delete()
    return known


def join_all(of: Measured) -> None:
    ask(of.found, of.thresholds)
    with connection.cursor() as cursor:
        cursor.execute("RESET enable_nestloop; RESET work_mem; RESET jit")
    with patch.object(joining, "_merge", light_merge):
        while joining.join_found(now=rules_of_tenant().counted_at) or finding.find_batch(
            now=rules_of_tenant().counted_at
        ):
            pass


def print_pairs(of: Measured, true: int) -> None:
    for words, rows in (("score alone ", of.enough), ("pairs merged", of.merged)):
        right = of.right(rows)
        told = f"P {precision(right, len(rows)):.4f}  R {right / true:.4f}"
        print(f"    {words}  {told}  ({len(rows) - right} false)")


def print_people(of: Measured, true: int) -> None:
    groups: dict[int, Counter[int]] = {}
    for candidate_id, origin_id in PersonTraits.objects.values_list("candidate_id", "origin_id"):
        groups.setdefault(candidate_id, Counter())[of.known[origin_id].pid] += 1
    together = pairs_of(sum(group.values()) for group in groups.values())
    right = sum(pairs_of(group.values()) for group in groups.values())
    p, r = precision(right, together), right / true
    print(f"    as people     P {p:.4f}  R {r:.4f}  F1 {f1(p, r):.4f}  ({together - right} false pairs)")


def print_asked(of: Measured, true: int) -> None:
    right = precision(of.right(of.waiting), len(of.waiting))
    both = of.right(of.found) / true
    share = len(of.waiting) / true
    print(f"    asked         {share:.2f} for each true pair, {right:.2f} of them true; merged and asked R {both:.4f}")


def print_wrong(of: Measured) -> None:
    wrong = [each for each in of.merged if not of.same(each)]
    print(
        "    false merges by trap", dict(Counter(of.known[each.low].trap or of.known[each.high].trap for each in wrong))
    )
    true = Counter(_words(each) for each in of.waiting if of.same(each))
    false = Counter(_words(each) for each in of.waiting if not of.same(each))
    for words, number in true.most_common(25):
        print(f"    waiting {number:5d} true {false[words]:5d} false  {words}")


def _words(each: Scored) -> str:
    return " ".join(f"{c.name}:{c.levels[n - 1].name}" for c, n in zip(ALL, each.levels, strict=True) if n)


if __name__ == "__main__":
    asked_for = sys.argv[1:] or ["sets"]
    for name, load in SETS.items():
        if "sets" in asked_for or name in asked_for:
            measure(name, load(), show_wrong="-v" in asked_for)
