"""A pool of invented people to be searched: about 220 words each, titles, skills and words as unevenly spread as in life."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import _ground  # noqa: F401
from django.db import connection

from talentpool.models import (
    Basis,
    Candidate,
    CandidateTag,
    Consent,
    File,
    Profile,
    ProfileKind,
    SearchOutbox,
    Source,
    Tag,
)

CHUNK = 2_000
NOW = datetime(2026, 11, 1, tzinfo=UTC)
LEVELS = ["", "", "", "Senior ", "Lead ", "Junior ", "Principal ", "Director of "]
TITLES = """Registered Nurse|Software Engineer|Truck Driver|Accountant|Sales Manager|Data Analyst|Electrician|Teacher|
Project Manager|Physical Therapist|Forklift Operator|Product Manager|Financial Analyst|Mechanical Engineer|Paralegal|
Account Executive|Warehouse Associate|Machine Learning Engineer|Dental Hygienist|Welder|Recruiter|Security Guard|Chef|
Customer Service Representative|Civil Engineer|Medical Assistant|DevOps Engineer|Graphic Designer|Plumber|Pharmacist
""".replace("\n", "").split("|")
SKILLS = (
    """python|java|sql|c++|c#|.net|react|aws|kubernetes|excel|icu|cdl|negotiation|gaap|autocad|salesforce|spanish|
phlebotomy|welding|node.js|machine learning|project management|customer service|forklift|figma|triage|docker|linux
""".replace("\n", "").split("|")
    + [f"skill {number}" for number in range(300)]
)
CITIES = """New York, NY|Los Angeles, CA|Chicago, IL|Houston, TX|Austin, TX|Fresno, CA|Boston, MA|Denver, CO|Phoenix, AZ|
San Antonio, TX|Dallas, TX|Round Rock, TX|Clovis, CA|Oakland, CA|San Jose, CA|Seattle, WA|Portland, OR|Portland, ME|
Springfield, IL|Springfield, MO|Atlanta, GA|Miami, FL|Tampa, FL|Orlando, FL|Nashville, TN|Memphis, TN|Columbus, OH|
Cleveland, OH|Detroit, MI|Minneapolis, MN|Saint Paul, MN|Milwaukee, WI|Kansas City, MO|Omaha, NE|Tulsa, OK|Reno, NV|
Boise, ID|Salt Lake City, UT|Albuquerque, NM|El Paso, TX|London, United Kingdom|Manchester, United Kingdom|Leeds, UK|
Berlin, Germany|Hamburg, Germany|München, Germany|Paris, France|Lyon, France|Madrid, Spain|Barcelona, Spain|Milano, Italy|
Utrecht, Netherlands|Amsterdam, Netherlands|Warszawa, Poland|Kraków, Poland|Toronto, ON|Vancouver, BC|Mumbai, India|
Bengaluru, India|Sydney, NSW|Melbourne, VIC|São Paulo, Brazil|Ciudad de México, Mexico|Lagos, Nigeria|Nairobi, Kenya
""".replace("\n", "").split("|")
GIVEN = ["Maria", "José", "Wei", "Fatima", "John", "Ana", "Łukasz", "Zoë", "Priya", "Ahmed", "Grace", "Dmitri"]
FAMILY = ["García", "Smith", "Wang", "Müller", "Kowalski", "Nguyen", "Okafor", "Ivanov", "O'Brien", "Silva"]
VERBS = "managed developed led designed built supported improved trained delivered maintained patients teams systems"
FIELDS_OF_WORK = "distributed systems|intensive care|supply chain|cost accounting|patient safety|machine learning"
WORDS = [*VERBS.split(), *(f"w{number}" for number in range(20_000))]


def fill(people: int) -> None:
    dice = random.Random(11)
    sources = [Source.objects.create(name=name) for name in ("Referral", "Job board", "Past applicants", "Events")]
    tags = [Tag.objects.create(name=name) for name in ("Gold", "Silver medalist", "Relocates")]
    begun = time.perf_counter()
    for first in range(0, people, CHUNK):
        made = Candidate.objects.bulk_create(candidates(dice, min(CHUNK, people - first)))
        write_rows(dice, made, sources, tags)
        spread_changes(dice, made)
        SearchOutbox.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{people:,} people written in {time.perf_counter() - begun:.0f} s")


def candidates(dice: random.Random, number: int) -> Iterator[Candidate]:
    for _ in range(number):
        titles = [dice.choice(LEVELS) + uneven(dice, TITLES) for _ in range(3)]
        given, family = uneven(dice, GIVEN), uneven(dice, FAMILY)
        yield Candidate(
            name=f"{given} {family}",
            current_title=titles[0],
            current_employer=f"Company {dice.randrange(3_000)}",
            location=uneven(dice, CITIES),
            email=f"{given}.{family}{dice.randrange(10**6)}@mail.example".lower(),
            skills=list(dict.fromkeys(uneven(dice, SKILLS) for _ in range(8))),
            positions=list(posts(dice, titles)),
        )


def posts(dice: random.Random, titles: list[str]) -> Iterator[dict[str, Any]]:
    """The last one goes on."""
    year = 2026
    for title in titles:
        ends, year = year, year - dice.randrange(1, 6)
        employer = f"Company {dice.randrange(3_000)}"
        until = {"current": True} if ends == 2026 else {"end": f"{ends}-01"}
        yield {"title": title, "employer": employer, "start": f"{year}-01", **until}


def write_rows(dice: random.Random, made: list[Candidate], sources: list[Source], tags: list[Tag]) -> None:
    whose = [{"candidate": person, "origin": person} for person in made]
    Profile.objects.bulk_create(
        Profile(
            source=dice.choice(sources),
            kind=ProfileKind.RESUME,
            fingerprint=str(each["candidate"].pk),
            observed_at=NOW,
            **each,
        )
        for each in whose
    )
    File.objects.bulk_create(
        File(
            name="cv.txt", media_type="text/plain", size=1, sha256=str(each["candidate"].pk), text=resume(dice), **each
        )
        for each in whose
    )
    CandidateTag.objects.bulk_create(CandidateTag(tag=dice.choice(tags), at=NOW, **each) for each in whose[::5])
    Consent.objects.bulk_create(Consent(basis=Basis.CONSENT, granted_at=NOW, **each) for each in whose[::2])


def resume(dice: random.Random) -> str:
    words = [WORDS[int(len(WORDS) * dice.random() ** 4)] for _ in range(170)]
    return " ".join([*words, dice.choice(FIELDS_OF_WORK.split("|")), uneven(dice, SKILLS), uneven(dice, TITLES)])


def uneven(dice: random.Random, choices: list[str]) -> str:
    return choices[int(len(choices) * dice.random() ** 2)]


def spread_changes(dice: random.Random, made: list[Candidate]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE talentpool_candidate c SET updated_at = n.at FROM unnest(%s::bigint[], %s::timestamptz[]) n (id, at) "
            "WHERE c.id = n.id",
            [[each.pk for each in made], [NOW - timedelta(minutes=dice.randrange(10**6)) for _ in made]],
        )
