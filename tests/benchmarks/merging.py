"""Merging, its undoing and the person's page, of somebody with very many profiles and of everyday people.

python -m crm.local with-services --as-installed -- python tests/benchmarks/merging.py [profiles]
"""

import random
import statistics
import sys
import time
from datetime import timedelta

import _ground  # noqa: F401
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from crm.models import Member, Role, Tenant, User
from crm.tenancy.scope import tenant_scope
from talentpool.actions.merges import merge_candidates, unmerge
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.models import Candidate, ProfileKind, Source
from talentpool.person import PersonFields, Position

PROFILES = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
EVERYDAY = 200
EMPLOYERS = [f"{place} Health" for place in ("Fresno", "Visalia", "Clovis", "Kern", "Madera")]


def record(source: Source, dice: random.Random, who: str, number: int) -> IncomingRecord:
    fields = PersonFields(
        name="Ada Lovelace" if who.startswith("much") else f"Ada {who}",
        emails=(f"{who}@example.org",),
        phones=(f"+1559555{number % 40:04d}",) if who.startswith("much") else (),
        headline=f"Nurse {number}",
        location="Fresno, CA",
        country="US",
        positions=(Position(dice.choice(EMPLOYERS), "Nurse", f"{2000 + number % 20}-03", ""),),
        skills=tuple(f"Skill {dice.randint(0, 60)}" for _ in range(4)),
    )
    at = timezone.now() - timedelta(days=1000) + timedelta(minutes=number)
    return IncomingRecord(source, ProfileKind.API, fields, external_id=f"{who}-{number}", observed_at=at)


def timed(work, *args, **kwargs):
    began = time.perf_counter()
    answer = work(*args, **kwargs)
    return answer, time.perf_counter() - began


def main() -> None:
    tenant = Tenant.objects.create(name="Acme", slug=f"acme-{time.time_ns()}", country="US")
    with tenant_scope(tenant.pk):
        user = User.objects.create_user(f"{tenant.slug}@example.org", "x" * 20, name="Mara")
        member = Member.objects.create(user=user, role=Role.OWNER, name="Mara")
        source, dice = Source.objects.create(name="API", kind="api"), random.Random(7)
        for start in range(0, PROFILES, 500):
            receive_profiles([record(source, dice, "much", n) for n in range(start, start + 500)], by=None)
        receive_profiles([record(source, dice, "little", 0)], by=None)
        receive_profiles([record(source, dice, f"p{n}", n) for n in range(2 * EVERYDAY)], by=None)
        much = Candidate.objects.get(email="much@example.org")
        little = Candidate.objects.get(email="little@example.org")
        everyday = list(Candidate.objects.exclude(pk__in=[much.pk, little.pk]).order_by("pk"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT refresh_people_statistics()")
        for title, survivor, absorbed in (("takes in one", much, little), ("is taken in", little, much)):
            merge, seconds = timed(merge_candidates, survivor, absorbed, by=member)
            print(f"{PROFILES:,} profiles on one person, who {title}: merge {seconds:.2f} s", end=", ")
            browser = Client()
            browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            cache.clear()
            answer, seconds = timed(browser.get, f"/o/{tenant.slug}/people/{survivor.pk}/")
            assert answer.status_code == 200
            print(f"page {seconds:.2f} s", end=", ")
            answer, seconds = timed(browser.get, f"/o/{tenant.slug}/people/{survivor.pk}/sources/")
            assert answer.status_code == 200
            print(f"its sources {seconds:.2f} s", end=", ")
            _, seconds = timed(unmerge, merge, by=member)
            print(f"undoing {seconds:.2f} s")
        pairs = list(zip(everyday[::2], everyday[1::2], strict=True))
        merges = [timed(merge_candidates, one, other, by=member) for one, other in pairs]
        undone = [timed(unmerge, merge, by=member)[1] for merge, _ in merges]
        for words, times in (("merge", [seconds for _, seconds in merges]), ("undoing", undone)):
            p95 = statistics.quantiles(times, n=20)[-1]
            print(f"everyday people, {words}: median {1000 * statistics.median(times):.0f} ms, p95 {1000 * p95:.0f} ms")


main()
