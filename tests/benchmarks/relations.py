"""Relations in a large pool: a night's fading of warmth, one person's reasons, colleagues, and the campaign's warning.

python -m crm.local with-services --as-installed -- .venv/bin/python tests/benchmarks/relations.py [people]
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from random import Random

import _ground  # noqa: F401  (first: it sets Django up)
from _pool import bench_tenant
from django.db import connection
from django.utils import timezone

from crm.models import Member
from crm.tenancy.scope import tenant_scope
from talentpool.actions.bulk_insert import insert_rows
from talentpool.actions.warmth import refresh_everybody, refresh_warmth
from talentpool.models import Activity, Candidate, Employment
from talentpool.queries.colleagues import colleagues_of
from talentpool.queries.conversations import talks_with, talks_with_many
from talentpool.queries.relationship import relationship_with
from talentpool.search.index.employments import keep_employments

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
KINDS = ("message_opened", "message_opened", "message_clicked", "message_replied", "called", "met", "pipeline_moved")
HUGE = 20_000  # people whom one employer has had
ASKED = 300
CHUNK = 5_000


def people() -> list[int]:
    """With careers and nothing else: four posts each at one of 4,000 employers, the first of which are large."""
    random, now = Random(6), timezone.now()
    while (there := Candidate.objects.count()) < PEOPLE:
        insert_rows(
            Candidate(name=f"Person {there + n}", created_at=now, updated_at=now, positions=career(random))
            for n in range(min(CHUNK, PEOPLE - there))
        )
    return list(Candidate.objects.order_by("pk").values_list("pk", flat=True))


def career(random: Random) -> list[dict[str, object]]:
    posts: list[dict[str, object]] = []
    year = random.randint(1995, 2018)
    while year < 2026 and len(posts) < 4:
        until = year + random.randint(1, 6)
        employer = f"Employer {int(4000 * random.random() ** 3)} Inc."
        place = f"Town {random.randint(1, 40)}, CA"
        post = {"employer": employer, "title": "Nurse", "start": f"{year}-03", "location": place}
        posts.append(post | ({"end": f"{until}-02"} if until < 2026 else {"current": True}))
        year = until
    return posts


def told(name: str, ask: Callable[[Candidate], object], people: list[Candidate]) -> None:
    times = []
    for person in people:
        begun = time.perf_counter()
        ask(person)
        times.append((time.perf_counter() - begun) * 1000)
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, worst {max(times):.1f} ms")


def timed(name: str, act: Callable[[], object]) -> None:
    begun = time.perf_counter()
    result = act()
    print(f"{name}: {time.perf_counter() - begun:.1f} s ({result})")


def events(ids: list[int], member: Member) -> int:
    """Ten a person on average, over two years."""
    random, now = Random(7), timezone.now()
    for start in range(0, len(ids), CHUNK):
        insert_rows(
            Activity(
                candidate_id=pk,
                origin_id=pk,
                kind=random.choice(KINDS),
                by=member,
                at=now - timedelta(days=random.random() * 730),
                data={},
            )
            for pk in ids[start : start + CHUNK]
            for _ in range(random.randint(0, 20))
        )
    return Activity.objects.count()


def huge_employer(ids: list[int]) -> int:
    random = Random(8)
    insert_rows(
        Employment(
            candidate_id=pk, employer="colossus", place="fresno", first=first, last=first + random.randint(6, 90)
        )
        for pk in ids[:HUGE]
        for first in [random.randint(1990, 2025) * 12]
    )
    return HUGE


def employments(ids: list[int]) -> int:
    return sum(keep_employments(ids[start : start + 500]) for start in range(0, len(ids), 500))


def main() -> None:
    with tenant_scope(bench_tenant().pk):
        ids = people()
        member = Member.objects.get()
        timed("employments of all, first time", lambda: employments(ids))
        timed("employments of all, nothing changed", lambda: employments(ids))
        timed("an employer that has had 20,000 of them", lambda: huge_employer(ids))
        timed("events written, all activities", lambda: events(ids, member))
        with connection.cursor() as cursor:
            for table in ("activity", "employment", "candidate"):
                cursor.execute(f"ANALYZE talentpool_{table}")
        Candidate.objects.update(warmth=0)
        timed("warmth of all, every level new", refresh_everybody)
        timed("warmth of all, a night later", lambda: refresh_everybody(now=timezone.now() + timedelta(days=1)))
        random, today = Random(9), timezone.localdate()
        asked = list(Candidate.objects.filter(pk__in=random.sample(ids, ASKED)))
        crowd = list(Candidate.objects.filter(pk__in=random.sample(ids[:HUGE], ASKED)))
        told("warmth of one person", lambda person: refresh_warmth([person.pk]), asked)
        told("a person's reasons", relationship_with, asked)
        told("who else talks with a person", lambda person: talks_with(person, but=member), asked)
        told("worked together, anybody", lambda person: colleagues_of(person, today=today), asked)
        told("worked together, of the huge employer", lambda person: colleagues_of(person, today=today), crowd)
        other = Member(pk=0)
        timed("a campaign to all, who is in a conversation", lambda: talks_with_many(ids, but=other).people)


if __name__ == "__main__":
    main()
