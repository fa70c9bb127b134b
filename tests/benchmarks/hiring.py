"""The report “Hiring” over 100,000 applications of as many people, with 400,000 steps and 200,000 profiles.

python -m crm.local with-services --as-installed -- python tests/benchmarks/hiring.py [applications]
"""

import sys
import time
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import _ground  # noqa: F401
import _machine
from _pool import bench_tenant
from django.db import connection

from analytics.queries import hiring
from crm.tenancy.scope import tenant_scope
from talentpool.models import (
    Application,
    ApplicationStep,
    Candidate,
    Job,
    JobFamily,
    Profile,
    ProfileKind,
    Source,
    StepKind,
)

TODAY, ZONE = date(2026, 11, 22), ZoneInfo("America/Los_Angeles")
BEGAN = datetime(2021, 12, 1, tzinfo=UTC)
CHUNK = 5_000
WAY = (StepKind.APPLIED, StepKind.INTERVIEW, StepKind.OFFER, StepKind.HIRED)


def fill(number: int) -> None:
    random = Random(7)
    sources = [Source.objects.create(name=f"Source {n}", kind="event") for n in range(12)]
    families = [JobFamily.objects.create(name=f"Family {n}") for n in range(20)]
    jobs = Job.objects.bulk_create(
        Job(title=f"Job {n}", is_open=False, family=random.choice(families)) for n in range(400)
    )
    for _ in range(0, number, CHUNK):
        people = Candidate.objects.bulk_create(Candidate(name="A") for _ in range(CHUNK))
        began = [BEGAN + timedelta(minutes=random.randint(0, 60 * 24 * 1800)) for _ in people]
        Profile.objects.bulk_create(
            Profile(
                candidate=person, origin=person, source=random.choice(sources), kind=ProfileKind.ROW,
                fingerprint=f"{person.pk}-{n}", observed_at=at, received_at=at + timedelta(days=random.randint(-90, 9)),
            )
            for person, at in zip(people, began, strict=True)
            for n in range(2)
        )  # fmt: skip
        ends = [random.choice(("hired", "rejected", "rejected", "withdrawn")) for _ in people]
        applications = Application.objects.bulk_create(
            Application(
                candidate=person, origin=person, job=random.choice(jobs), source=sources[0], state=end, reason="Pay",
                applied_at=at,
            )
            for person, at, end in zip(people, began, ends, strict=True)
        )  # fmt: skip
        ApplicationStep.objects.bulk_create(
            ApplicationStep(
                application=one, candidate_id=one.candidate_id, origin_id=one.origin_id, key=kind.value,
                kind=one.state if kind == StepKind.HIRED else kind, at=one.applied_at + timedelta(days=9 * place),
            )
            for one in applications
            for place, kind in enumerate(WAY)
        )  # fmt: skip
    with connection.cursor() as cursor:
        for model in (Candidate, Profile, Application, ApplicationStep):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def main(number: int) -> None:
    print(_machine.words())
    with tenant_scope(bench_tenant().pk):
        fill(number)
        for months in (3, 12, 60):
            period = hiring.period_until(TODAY, months, ZONE)
            begun = time.perf_counter()
            found = hiring.hiring_in(period)
            report = time.perf_counter() - begun
            begun = time.perf_counter()
            hiring.applications_behind(period, hiring.Asked("hired", first=found.by_first[0].key), limit=51)
            people = time.perf_counter() - begun
            begun = time.perf_counter()
            hiring.hiring_in(period, family=int(found.by_family[0].key))
            family = time.perf_counter() - begun
            print(
                f"{months} months: {found.total.applied:,} applied, {found.total.hired:,} hired: report {report:.2f} s, "
                f"of one job family {family:.2f} s, the people behind one number {people:.2f} s"
            )
        if "--explain" in sys.argv:
            with connection.cursor() as cursor:
                cursor.execute("SET enable_nestloop = off")
                cursor.execute(
                    "EXPLAIN (ANALYZE, BUFFERS) " + hiring._COUNTS,
                    period.parameters | {"family": None, "segment": None},
                )
                print("\n".join(row[0] for row in cursor.fetchall()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdecimal() else 100_000)
