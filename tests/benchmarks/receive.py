"""How many records a second become people: keys, matching, consolidation, candidates, profiles, activities.

    python -m crm.local with-services --as-installed -- python tests/benchmarks/receive.py [records]

Seven of ten records are of somebody new, two bring more about somebody known, one was sent before.
"""

import os
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import _ground  # noqa: F401
from django.db import connection

from crm.models import Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.actions.people import IncomingRecord, preview_profiles, receive_profiles
from talentpool.models import Candidate, ProfileKind, Source
from talentpool.person import Education, PersonFields, Position

GIVEN = [
    "Ada",
    "Grace",
    "Alan",
    "Edsger",
    "Barbara",
    "Donald",
    "Margaret",
    "Linus",
    "Radia",
    "Tim",
    "Katherine",
    "Dennis",
    "Frances",
    "John",
    "Hedy",
    "Ken",
]
FAMILY = [
    "Lovelace",
    "Hopper",
    "Turing",
    "Liskov",
    "Knuth",
    "Hamilton",
    "Perlman",
    "Johnson",
    "Ritchie",
    "Allen",
    "Lamarr",
    "Thompson",
    "Moore",
]
EMPLOYERS = [f"{place} {what}" for place in ("Fresno", "Visalia", "Clovis", "Kern") for what in ("Health", "Freight")]
TITLES = ["Registered Nurse", "Charge Nurse, ICU", "Staff Nurse", "Dispatcher", "Forklift Operator"]
SKILLS = [f"Skill {number}" for number in range(200)]


def person(number: int, dice: random.Random) -> PersonFields:
    given, family = dice.choice(GIVEN), f"{dice.choice(FAMILY)}{number}"
    year = dice.randint(1995, 2015)
    return PersonFields(
        name=f"{given} {family}",
        headline=dice.choice(TITLES),
        emails=(f"{given}.{family}@example.org".lower(),),
        phones=(f"+1559{2000000 + number}",),
        links=(f"https://www.linkedin.com/in/{given}-{family}",),
        location="Fresno, CA",
        country="US",
        positions=tuple(
            Position(dice.choice(EMPLOYERS), dice.choice(TITLES), f"{year + 3 * n}-03", f"{year + 3 * n + 2}-11")
            for n in range(3)
        ),
        education=(Education("CSU Fresno", "BSc", "Nursing", str(year - 4), str(year)),),
        skills=tuple(dice.sample(SKILLS, 8)),
    )


def people(total: int) -> list[PersonFields]:
    dice = random.Random(7)
    made: list[PersonFields] = []
    for number in range(total):
        kind = dice.random()
        if number < 100 or kind < 0.7:
            made.append(person(number, dice))
        elif kind < 0.9:
            known = made[dice.randrange(number)]
            made.append(replace(known, headline=f"{known.headline} {number}", phones=(), skills=known.skills[:4]))
        else:
            made.append(made[dice.randrange(number)])
    return made


def seconds_of_server() -> float:
    """Processor time of the session's own server process, which says more than the clock where others compute too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [(pid,)] = cursor.fetchall()
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def main(total: int) -> None:
    tenant, _ = Tenant.objects.get_or_create(slug=f"receive-{time.time_ns()}", defaults={"name": "Receive"})
    with tenant_scope(tenant.pk):
        source = Source.objects.create(name="Benchmark")
        records = [IncomingRecord(source, ProfileKind.ROW, fields, raw=fields.to_json()) for fields in people(total)]
        for word, act in (
            ("foreseen", lambda: preview_profiles(records)),
            ("received", lambda: receive_profiles(records, by=None)),
            ("received again", lambda: receive_profiles(records, by=None)),
        ):
            begun, busy, served = time.perf_counter(), time.process_time(), seconds_of_server()
            act()
            seconds, busy = time.perf_counter() - begun, time.process_time() - busy
            print(
                f"{total:,} records {word} in {seconds:.1f} s: {total / seconds:,.0f} a second"
                f" ({busy:.1f} s of Python, {seconds_of_server() - served:.1f} s of PostgreSQL)"
            )
        print(f"{Candidate.objects.count():,} people")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
