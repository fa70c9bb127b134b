"""How fast people are compared in a pool of a million records: one who arrives, and the whole pool.

    python -m crm.local with-services --as-installed -- python tests/benchmarks/identity_million.py [records]

Row security holds and the tables are logged, as in the product. The memory is that of all PostgreSQL processes, shared
pages counted once (PSS), sampled twice a second.
"""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import _ground  # noqa: F401
from _identity_people import World
from _identity_pool import fill
from django.db import connection, transaction

from crm.models import Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.actions.match_questions import ask
from talentpool.actions.matching_rules import rules_of_tenant, thresholds_of
from talentpool.actions.pool_ranges import ALL_KEYS, FOR_MANY, RECORDS_OF_RANGE, key_waiting, recount
from talentpool.identity.scoring import scored_for, scored_in
from talentpool.models import MatchPair, PersonTraits

RECORDS_OF_A_PERSON = 1.25
WRITERS = 2
PROBES = 2_000


def write(tenant_id: int, seed: int, people: int) -> None:
    with tenant_scope(tenant_id):
        fill(World(seed).people(people))


def main(records: int) -> None:
    tenant = Tenant.objects.create(slug=f"m{time.time_ns()}", name="Million")
    begun = time.perf_counter()
    people = int(records / RECORDS_OF_A_PERSON / WRITERS)
    writers = [
        subprocess.Popen([sys.executable, __file__, "write", str(tenant.pk), str(500 + n), str(people)])
        for n in range(WRITERS)
    ]
    assert [writer.wait() for writer in writers] == [0] * WRITERS
    print(f"written in {time.perf_counter() - begun:.0f} s by {WRITERS} processes", flush=True)
    with tenant_scope(tenant.pk):
        begun = time.perf_counter()
        while key_waiting():
            pass
        print(f"blocking keys written in {time.perf_counter() - begun:.1f} s", flush=True)
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("SELECT refresh_people_statistics()")
        rules = recount()
        print(
            f"{rules.records:,} records; names counted in {time.perf_counter() - begun:.1f} s; tables: {sizes()}",
            flush=True,
        )
        one_person(rules.records)
        whole_pool(rules.records)


def sizes() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, pg_size_pretty(pg_relation_size(name)), pg_size_pretty(pg_indexes_size(name)) "
            "FROM unnest(ARRAY['talentpool_persontraits', 'talentpool_matchblock']::regclass[]) AS name"
        )
        return "; ".join(f"{name} {heap} and indexes {indexes}" for name, heap, indexes in cursor.fetchall())


def one_person(records: int) -> None:
    thresholds = thresholds_of(rules_of_tenant())
    first, last = (PersonTraits.objects.order_by(order).values_list("pk", flat=True)[0] for order in ("pk", "-pk"))
    dice, found, times = random.Random(3), Counter(), []
    for _ in range(PROBES):
        pk = dice.randint(first, last)
        begun = time.perf_counter()
        answer = scored_for([pk], thresholds.ask)
        times.append(1000 * (time.perf_counter() - begun))
        found[len(answer)] += 1
    warm = sorted(times[200:])
    shown = "  ".join(
        f"{name} {warm[int(share * (len(warm) - 1))]:.1f}"
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1))
    )
    print(
        f"one person against {records:,}: {shown} ms; asked about at {thresholds.ask}: {dict(sorted(found.items()))}",
        flush=True,
    )


def whole_pool(records: int) -> None:
    thresholds = thresholds_of(rules_of_tenant())
    ranges = max(1, records // RECORDS_OF_RANGE)
    watch = Watch()
    compared, asked, found = 0.0, 0.0, 0
    for n in range(ranges):
        first, end = (-ALL_KEYS // 2 + each * ALL_KEYS // ranges for each in (n, n + 1))
        with transaction.atomic():
            begun = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.execute(FOR_MANY)
            rows = scored_in(first, min(end, ALL_KEYS // 2 - 1), thresholds.ask)
            between = time.perf_counter()
            ask(rows, thresholds)
            compared, asked, found = (
                compared + between - begun,
                asked + time.perf_counter() - between,
                found + len(rows),
            )
    print(
        f"whole pool in {ranges} ranges: compared in {compared:.0f} s ({found:,} pairs found), written down in {asked:.0f} s "
        f"({MatchPair.objects.count():,} questions); most memory of PostgreSQL {watch.stop() / 2**20:.2f} GB"
    )


class Watch:
    """The most memory that PostgreSQL's processes take together, in kB."""

    def __init__(self) -> None:
        self.most, self.over = 0, threading.Event()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
        self.parent = self._parent(backend)
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def stop(self) -> int:
        self.over.set()
        self.thread.join()
        return self.most

    def _watch(self) -> None:
        while not self.over.wait(0.5):
            children = [path for path in Path("/proc").glob("[0-9]*") if self._parent(path.name) == self.parent]
            self.most = max(self.most, sum(map(self._pss, children)))

    @staticmethod
    def _parent(pid: object) -> str:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            return ""

    @staticmethod
    def _pss(path: Path) -> int:
        try:
            lines = (path / "smaps_rollup").read_text().splitlines()
            return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(*map(int, sys.argv[2:]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
