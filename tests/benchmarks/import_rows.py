"""Import rows a second: trial and run of a CSV, through the same actions that the worker calls.

python -m crm.local with-services -- python tests/benchmarks/import_rows.py [rows]
"""

import resource
import sys
import time

import _ground  # noqa: F401

from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.actions.import_work import work_on_import
from talentpool.actions.imports import bring_in, choose_columns, start_import
from talentpool.models import Basis, Source

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
EMPLOYERS = ["Mercy General", "Brightwave Ltd", "Siemens AG", "Ocado Technology", "Kaiser Permanente", "Royal Bank"]
TITLES = ["Nurse", "Software Engineer", "Accountant", "Recruiter", "Plant Manager", "Data Scientist"]


def table(rows: int) -> bytes:
    lines = ["First name,Last name,E-mail,Phone,Company,Title,City,Country,Skills,Notes"]
    for number in range(rows):
        person = number if number % 50 else number // 2  # some come twice
        lines.append(
            f"Given{person % 997},Family{person},person{person}@example.org,+1559{2_000_000 + person},"
            f"{EMPLOYERS[person % 6]},{TITLES[person % 6]},Fresno,US,Triage; Excel; Python,row {number}"
        )
    return "\n".join(lines).encode()


def timed(name: str, act) -> None:
    started, before = time.perf_counter(), time.process_time()
    act()
    seconds, ours = time.perf_counter() - started, time.process_time() - before
    print(f"{name:<18} {seconds:7.1f} s {ROWS / seconds:7.0f} rows/s ({ours:.1f} s of them in this process)")


tenant = Tenant.objects.create(name="Bench", slug=f"bench-{time.time_ns()}", country="US")
with tenant_scope(tenant.pk):
    user = User.objects.create_user(f"bench-{tenant.pk}@example.org", "x" * 20, name="Bench")
    member = Member.objects.create(user=user, role=Role.OWNER, name="Bench")
    source = Source.objects.create(name="Bench")
    run = start_import("people.csv", table(ROWS), source=source, by=member, basis=Basis.CONSENT)
    choose_columns(run, run.options["columns"])
    timed("trial", lambda: work_on_import(run.pk, worker="bench"))
    run.refresh_from_db()
    bring_in(run, by=member)
    timed("run", lambda: work_on_import(run.pk, worker="bench"))
    run.refresh_from_db()
    print(run.get_state_display(), run.counts, run.error)
    again = start_import("people.csv", table(ROWS), source=source, by=member)
    choose_columns(again, again.options["columns"])
    timed("trial, all known", lambda: work_on_import(again.pk, worker="bench"))
print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
