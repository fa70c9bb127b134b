"""Import rows a second: trial, run and undoing of a CSV, through the same actions that the worker calls.

python -m crm.local with-services --as-installed -- python tests/benchmarks/import_rows.py [--catch-up] [rows …]

Without a number 20,000 rows. `--catch-up` lets search and matching take the people in, too, before they are taken away
again, and says how long somebody waits meanwhile whom a colleague changes. Of each step: seconds, rows a second, and of
this process, of the readers it started and of PostgreSQL the seconds of a core that they worked and the most memory
that they held (PostgreSQL's without its shared buffers).
"""

import contextlib
import logging
import os
import sys
import threading
import time
from pathlib import Path

import _ground  # noqa: F401
from django.db import connection

from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.actions import finding
from talentpool.actions.import_undo import undo_import
from talentpool.actions.import_work import work_on_import
from talentpool.actions.imports import bring_in, choose_columns, start_import
from talentpool.models import Basis, Candidate, MatchPair, Merge, SearchDocument, SearchIndex, Source
from talentpool.queries.import_undoing import undoing_of
from talentpool.search.index import outbox

CATCH_UP = "--catch-up" in sys.argv
SIZES = [int(each) for each in sys.argv[1:] if each.isdigit()] or [20_000]
EMPLOYERS = ["Mercy General", "Brightwave Ltd", "Siemens AG", "Ocado Technology", "Kaiser Permanente", "Royal Bank"]
TITLES = ["Nurse", "Software Engineer", "Accountant", "Recruiter", "Plant Manager", "Data Scientist"]
KINDS = ("worker", "readers", "PostgreSQL")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def table(rows: int) -> bytes:
    lines = ["First name,Last name,E-mail,Phone,Company,Title,City,Country,Skills,Notes"]
    for number in range(rows):
        person = number if number % 50 else number // 2  # some come twice
        email = f"person{person}@example.org" if number % 101 else "not an address"
        lines.append(
            f"Given{person % 997},Family{person},{email},+1559{2_000_000 + person},"
            f"{EMPLOYERS[person % 6]},{TITLES[person % 6]},Fresno,US,Triage; Excel; Python,row {number}"
        )
    return "\n".join(lines).encode()


class Watch:
    """Looks four times a second at what this process, its readers and PostgreSQL hold, and what they have worked."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [(backend,)] = cursor.fetchall()
        self._postmaster = _stat(backend)[1]

    def __enter__(self) -> "Watch":
        self.most: dict[str, int] = dict.fromkeys(KINDS, 0)
        self._first: dict[int, float] = {}
        self._last: dict[int, tuple[str, float]] = {}
        self._look()
        self._first = {pid: worked for pid, (_, worked) in self._last.items()}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._ended.set()
        self._thread.join()
        self._look()

    def seconds(self, kind: str) -> float:
        """Of a core, since it began."""
        return sum(worked - self._first.get(pid, 0) for pid, (its, worked) in self._last.items() if its == kind)

    def _watch(self) -> None:
        while not self._ended.wait(0.25):
            self._look()

    def _look(self) -> None:
        found = dict.fromkeys(KINDS, 0)
        for pid in (int(folder.name) for folder in Path("/proc").glob("[0-9]*")):
            with contextlib.suppress(OSError, ValueError):
                _, parent, worked = _stat(pid)
                kind = self._kind(pid, parent)
                if kind:
                    resident, shared = map(int, Path(f"/proc/{pid}/statm").read_text().split()[1:3])
                    found[kind] += (resident - (shared if kind == "PostgreSQL" else 0)) * PAGE
                    self._last[pid] = kind, worked
        self.most = {kind: max(self.most[kind], size // 2**20) for kind, size in found.items()}

    def _kind(self, pid: int, parent: int) -> str:
        if pid == os.getpid():
            return "worker"
        if parent == self._postmaster:
            return "PostgreSQL"
        return "readers" if parent == os.getpid() else ""


def _stat(pid: int) -> tuple[str, int, float]:
    name, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    words = rest.split()
    return name, int(words[1]), (int(words[11]) + int(words[12])) / TICKS


def timed(name: str, rows: int, act) -> float:
    started = time.perf_counter()
    with Watch() as watch:
        act()
    seconds = time.perf_counter() - started
    held = ", ".join(f"{kind} {watch.seconds(kind):.0f} s {watch.most[kind]} MB" for kind in KINDS)
    print(f"{name:<8} {seconds:7.1f} s {rows / seconds:7.0f} rows/s   of a core and at most: {held}", flush=True)
    return seconds


def measure(rows: int) -> None:
    source = Source.objects.create(name=f"Bench {rows}")
    print(f"{rows:,} rows", flush=True)
    content = table(rows)
    run = start_import("people.csv", content, source=source, by=member, basis=Basis.CONSENT)
    print(f"a file of {len(content) / 1e6:.0f} MB")
    del content
    choose_columns(run, run.options["columns"])
    total = timed("trial", rows, lambda: work_on_import(run.pk, worker="bench"))
    run.refresh_from_db()
    foreseen = run.counts
    bring_in(run, by=member)
    total += timed("run", rows, lambda: work_on_import(run.pk, worker="bench"))
    run.refresh_from_db()
    print(run.get_step_display(), run.counts, run.error, "as foreseen" if run.counts == foreseen else foreseen)
    if CATCH_UP:
        catch_up(rows)
    started = time.perf_counter()
    counted = undoing_of(run)
    print(f"counted in {time.perf_counter() - started:.1f} s: {counted.gone:,} would go, {counted.kept:,} stay")
    undo_import(run, by=member)
    total += timed("undo", rows, lambda: work_on_import(run.pk, worker="bench"))
    run.refresh_from_db()
    print(run.get_step_display(), run.undone, run.error)
    print(f"together {total:.0f} s", flush=True)


def catch_up(rows: int) -> None:
    changed = Candidate.objects.present().order_by("pk").last()
    Candidate.objects.filter(pk=changed.pk).update(headline="Changed meanwhile")
    started = time.perf_counter()
    outbox._drain_batch(SearchIndex.POSTGRES)
    assert SearchDocument.objects.filter(pk=changed.pk).exists()
    print(f"somebody whom a colleague changes meanwhile is found after {time.perf_counter() - started:.2f} s")
    for name, step in (("search", outbox.drain), ("matching", finding.find_waiting)):
        timed(name, rows, lambda step=step: until_nothing_waits(step))
    print(
        f"{MatchPair.objects.waiting().count():,} questions, {Merge.objects.count():,} merged by themselves", flush=True
    )


def until_nothing_waits(step) -> None:
    while step():
        pass


logging.disable(logging.CRITICAL)
tenant = Tenant.objects.create(name="Bench", slug=f"bench-{time.time_ns()}", country="US")
with tenant_scope(tenant.pk):
    user = User.objects.create_user(f"bench-{tenant.pk}@example.org", "x" * 20, name="Bench")
    member = Member.objects.create(user=user, role=Role.OWNER, name="Bench")
    for size in SIZES:
        measure(size)
        print(f"{Candidate.objects.present().count():,} people in the pool afterwards")
