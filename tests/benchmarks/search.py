"""What a search costs on both engines: pages with facets and reasons, indexing, and how soon a change is seen.

    python -m crm.local with-services --opensearch -- python tests/benchmarks/search.py [people]

The people are invented: about 220 words each, titles, skills and words as unevenly spread as in life.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import _ground  # noqa: F401
from django.conf import settings
from django.db import connection

from crm.models import Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.models import (
    Basis,
    Candidate,
    CandidateTag,
    Consent,
    File,
    Profile,
    ProfileKind,
    SearchIndex,
    SearchOutbox,
    Source,
    Tag,
)
from talentpool.search.engines import active_indexes
from talentpool.search.find import SearchRequest, find, matching_ids
from talentpool.search.index.outbox import drain, rebuild
from talentpool.search.language import QueryError, parse

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
CITIES = ["New York", "Los Angeles", "Chicago", "Houston", "Austin", "Fresno", "Boston", "Denver"] + [
    f"Town {number}" for number in range(400)
]
GIVEN = ["Maria", "José", "Wei", "Fatima", "John", "Ana", "Łukasz", "Zoë", "Priya", "Ahmed", "Grace", "Dmitri"]
FAMILY = ["García", "Smith", "Wang", "Müller", "Kowalski", "Nguyen", "Okafor", "Ivanov", "O'Brien", "Silva"]
VERBS = "managed developed led designed built supported improved trained delivered maintained patients teams systems"
FIELDS_OF_WORK = "distributed systems|intensive care|supply chain|cost accounting|patient safety|machine learning"
WORDS = [*VERBS.split(), *(f"w{number}" for number in range(20_000))]

QUERIES = """
nurse
registered nurse
"registered nurse"
software engineer
"software engineer" python
python
python AND java
python OR java OR "c++"
senior
senior software engineer NOT manager
title:engineer
title:"machine learning engineer"
title:(nurse OR therapist) location:fresno
title:engineer skill:(python OR java) -title:director
skill:c++
skill:c#
skill:.net
skill:"machine learning"
skill:welding location:chicago
location:austin
location:"new york" title:teacher
maria
maria garcia
jose garcia nurse
kowalski
name:wang title:analyst
"machine learning"
"distributed systems"
"intensive care" nurse
"supply chain" -python
engin*
manag* sales
w17
w19999
w3 w5 w9
-nurse
-python -java -sql
(nurse OR teacher OR driver) AND (spanish OR triage) AND NOT (senior OR lead)
("software engineer" OR "devops engineer" OR developer) AND (aws OR docker OR kubernetes) NOT (junior OR intern)
tag:gold source:referral
""".strip().splitlines()
# What costs a parser most, over and over.
WORST = [
    *(
        "a ",
        "-",
        '"a" ',
        "title:a ",
        "(",
        "-(",
        "a|",
        "***a ",
        "ß",
        "//",
        "(a OR b) ",
        "AND ",
        "a and ",
        "[a OR ",
        "a,b;",
    ),
    *(
        "near:Rome ",
        'near:"Rme" ',
        "near:",
        "near:Q Q Q Q ",
        "near:San Francisco 5km ",
        "has:email ",
        "has:e",
        "~",
        '"a b"~9',
    ),
    *(
        '"a b c d"~3 ',
        "site:x ",
        "NEAR/3 ",
        "updated:<9d ",
        "experience:5..",
        "salary:(1 ",
        "custom.a:",
        "intitle:",
        "\u200b",
    ),
]
CHOICES: list[tuple[str, dict[str, tuple[str, ...]]]] = [
    ("", {}),
    ("", {"title": ("registered nurse",)}),
    ("engineer", {"skill": ("python", "java")}),
    ("nurse", {"location": ("fresno",), "consent": ("may_write",)}),
    ("senior", {"skill": ("sql",), "title": ("senior data analyst", "senior accountant")}),
]


def main(people: int) -> None:
    tenant, _ = Tenant.objects.get_or_create(slug=f"search-{people}", defaults={"name": "Search"})
    with tenant_scope(tenant.pk):
        fill(people)
        for index in active_indexes():
            begun = time.perf_counter()
            rebuild(index)
            seconds = time.perf_counter() - begun
            print(f"{index.label}: {people:,} documents in {seconds:.0f} s, {people / seconds:,.0f} a second")
        show_size()
        requests = [SearchRequest(text) for text in QUERIES] + [SearchRequest(*choice) for choice in CHOICES]
        wanted = settings.OPENSEARCH_URL
        for settings.OPENSEARCH_URL in dict.fromkeys([wanted, ""]):
            measure_engine(requests)
        settings.OPENSEARCH_URL = wanted
        measure_freshness()
    measure_parsing()


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
            positions=[{"title": title, "employer": f"Company {dice.randrange(3_000)}"} for title in titles],
        )


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


def measure_engine(requests: list[SearchRequest]) -> None:
    first = find(requests[0])
    assert not first.fell_back
    print(f"\n{first.engine}, {len(requests)} queries, 3 passes after one to warm up; ms: p50, p90, p95, max")
    for words, options in (
        ("page of 25, facets, reasons", {}),
        ("page of 25, reasons", {"with_facets": False}),
        ("page of 25, latest first", {"with_facets": False, "sort": "recent"}),
    ):
        spent = {}
        asked = [SearchRequest(**(vars(request) | options)) for request in requests]
        for measured in (False, True, True, True):
            for request in random.Random(1).sample(asked, len(asked)):
                took, _ = timed(lambda request=request: find(request))
                if measured:
                    spent.setdefault((request.text, str(request.facets)), []).append(took)
        print(f"  {words}: {spread([took for each in spent.values() for took in each])}")
        if os.environ.get("SLOWEST"):
            for key, each in sorted(spent.items(), key=lambda item: -statistics.median(item[1]))[:12]:
                print(f"      {statistics.median(each):6.0f}  {' '.join(key)}")
    pages = [find(request) for request in requests]
    estimates = sum(page.total_is_estimate for page in pages)
    print(f"  estimated totals: {estimates} of {len(pages)}; largest {max(page.total for page in pages):,}")
    took, everybody = timed(lambda: sum(len(batch) for batch in matching_ids(SearchRequest("senior"))))
    print(f"  all {everybody:,} ids of “senior”: {took:.0f} ms")


def measure_freshness() -> None:
    """From a saved change to its being found, when the indexer starts at once; the beat adds up to a second."""
    spent = []
    for number, person in enumerate(Candidate.objects.order_by("?")[:20]):
        person.headline = f"Freshness{number} {time.time_ns()}"
        begun = time.perf_counter()
        person.save()
        drain()
        assert find(SearchRequest(person.headline, with_facets=False)).total == 1
        spent.append((time.perf_counter() - begun) * 1000)
    print(f"\nchange saved, both indexes drained, found: {spread(spent)} ms")


def measure_parsing() -> None:
    worst = 0.0
    for piece in WORST:
        took, _ = timed(lambda piece=piece: outcome((piece * 5_000)[:5_000]))
        worst = max(worst, took)
    print(f"parsing 5,000 characters of the worst kinds: at most {worst:.1f} ms")


def outcome(text: str) -> object:
    try:
        return parse(text)
    except QueryError as error:
        return error


def show_size() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_relation_size('talentpool_searchdocument'), pg_relation_size('search_document_tokens'), "
            "pg_total_relation_size('talentpool_searchdocument')"
        )
        heap, tokens, everything = (size / 2**20 for size in cursor.fetchone())
    print(f"PostgreSQL's documents: rows {heap:.0f} MB, index of tokens {tokens:.0f} MB, in all {everything:.0f} MB")
    if SearchIndex.OPENSEARCH in active_indexes():
        from talentpool.search.engines.opensearch import OpenSearchEngine

        print(f"OpenSearch's index: {OpenSearchEngine().size() / 2**20:.0f} MB")


def timed(act: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    result = act()
    return (time.perf_counter() - begun) * 1000, result


def spread(spent: list[float]) -> str:
    ordered = sorted(spent)
    points = [ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.9, 0.95, 1)]
    return ", ".join(f"{point:.0f}" for point in points)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
