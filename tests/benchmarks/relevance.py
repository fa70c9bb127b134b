"""Whether a search finds the people who are meant: judged queries against a pool made of public titles.

    python -m crm.local with-services [--opensearch] -- python tests/benchmarks/relevance.py

Each occupation of ESCO has holders in the pool; half carry its first name as their title, half one of its other names.
A query is one of the occupation's names, and whoever holds it is meant, also under another name. Beside them stand
people whose titles share words with the query and mean something else: the holders of all other occupations. Judged are

- *ESCO*: another name of the occupation. Our lists come from the same source, so this measures how well a name is used
  and not how good the list is.
- *ESCO, withheld*: the same, where the name asked for is taken out of the lists first: what the rest still gives.
- *abbreviations*: RN, HGV driver, k8s …, each with texts as people write them (`_relevance_judged.py`). They were written
  by hand, and by the same hand as our list, for abbreviations that are in it: that the list is used well, not that it is whole.

Plain PostgreSQL is `to_tsvector('english', …)` of the same texts with `websearch_to_tsquery`, ranked by `ts_rank_cd`.
"""

import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import _ground  # noqa: F401
from _relevance_judged import DISTRACTORS, JUDGED
from django.conf import settings
from django.db import connection

from crm.models import Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate, SearchIndex
from talentpool.search.concepts import names as names_module
from talentpool.search.engines import active_indexes
from talentpool.search.find import QueryError, SearchRequest, find
from talentpool.search.index.outbox import rebuild

QUERIES = 400
HOLDERS = 4  # of an occupation
DEPTH = 20
Judged = tuple[str, frozenset[int]]  # a query, and who is meant by it
Ranking = Callable[[str], list[int]]


def main() -> None:
    tenant, _ = Tenant.objects.get_or_create(slug="relevance", defaults={"name": "Relevance"})
    with tenant_scope(tenant.pk):
        dice = random.Random(3)
        occupations = _occupations()
        held = _fill(dice, occupations)
        abbreviations = _fill_by_hand()
        for index in active_indexes():
            rebuild(index)
        with connection.cursor() as cursor:
            cursor.execute(_PLAIN)
        print(f"{Candidate.objects.count():,} people, {len(occupations):,} occupations; recall@20, nDCG@10")
        esco = list(_other_names(dice, occupations, held))
        _show("ESCO", esco)
        _show("ESCO, withheld", esco, withheld=True)
        _show("abbreviations", abbreviations)


def _occupations() -> list[list[str]]:
    lines = names_module._lines("esco_occupations.txt")
    return [names for line in lines if len(names := line.split("|")) > 2]


def _fill(dice: random.Random, occupations: list[list[str]]) -> list[frozenset[int]]:
    """Who holds each occupation."""
    made = []
    for number, names in enumerate(occupations):
        titles = [names[0]] * (HOLDERS // 2) + [dice.choice(names[1:]) for _ in range(HOLDERS - HOLDERS // 2)]
        made += [Candidate(name=f"Person {number}-{place}", current_title=title) for place, title in enumerate(titles)]
    people = Candidate.objects.bulk_create(made, batch_size=2_000)
    return [frozenset(each.pk for each in people[at : at + HOLDERS]) for at in range(0, len(people), HOLDERS)]


def _fill_by_hand() -> list[Judged]:
    judged = []
    for query, texts in JUDGED.items():
        people = [_by_hand(text) for text in texts]
        judged.append((query, frozenset(each.pk for each in Candidate.objects.bulk_create(people))))
    Candidate.objects.bulk_create(_by_hand(text) for text in DISTRACTORS)
    return judged


def _by_hand(text: str) -> Candidate:
    """`title; skill, skill`."""
    title, _, skills = text.partition("; ")
    return Candidate(name="By Hand", current_title=title, skills=[each for each in skills.split(", ") if each])


def _other_names(dice: random.Random, occupations: list[list[str]], held: list[frozenset[int]]) -> Iterator[Judged]:
    for number in dice.sample(range(len(occupations)), QUERIES):
        name = dice.choice(occupations[number][1:])
        yield (
            name,
            held[number].union(
                *(held[other] for other, names in enumerate(occupations) if other != number and name in names)
            ),
        )


def _show(title: str, judged: Sequence[Judged], *, withheld: bool = False) -> None:
    print(f"\n{title}: {len(judged)} queries")
    wanted = settings.OPENSEARCH_URL
    ways: dict[str, Ranking] = {"plain PostgreSQL": _plain, "plain PostgreSQL, any of the words": _plain_any}
    for label, url in {"OpenSearch": wanted, "PostgreSQL": ""}.items():
        if label == "PostgreSQL" or SearchIndex.OPENSEARCH in active_indexes():
            ways[f"{label}, exactly"] = _ours(url, exactly=True)
            ways[f"{label}, with other names"] = _ours(url, exactly=False)
    for label, ranking in ways.items():
        scores = []
        for query, meant in judged:
            with _without(query) if withheld else _as_it_is():
                found = ranking(query)
            scores.append((_recall(found, meant), _ndcg(found, meant)))
        recall, ndcg = (sum(each) / len(scores) for each in zip(*scores, strict=True))
        print(f"  {label:36} {recall:.3f}  {ndcg:.3f}")
    settings.OPENSEARCH_URL = wanted


def _ours(url: str, *, exactly: bool) -> Ranking:
    def ranking(query: str) -> list[int]:
        settings.OPENSEARCH_URL = url
        try:
            page = find(SearchRequest(query, limit=DEPTH, with_facets=False, exactly=exactly))
        except QueryError as error:
            return ranking(error.repair) if error.repair else []
        assert not page.fell_back
        return [hit.candidate_id for hit in page.hits]

    return ranking


_PLAIN = """
    CREATE TEMPORARY TABLE plain AS SELECT id, to_tsvector('english',
        concat_ws(' ', name, current_title, translate(skills::text, '[]"', '   '))) AS words
    FROM talentpool_candidate WHERE tenant_id = (SELECT id FROM crm_tenant WHERE slug = 'relevance');
    CREATE INDEX ON plain USING gin (words);
"""


def _plain(query: str) -> list[int]:
    return _ranked("websearch_to_tsquery('english', %s)", query)


def _plain_any(query: str) -> list[int]:
    """As kind to it as can be: the words joined by OR, ranked by how many there are and how close."""
    return _ranked("websearch_to_tsquery('english', %s)", " OR ".join(query.split()))


def _ranked(tsquery: str, text: str) -> list[int]:
    sql = f"SELECT id FROM plain, {tsquery} AS q WHERE words @@ q ORDER BY ts_rank_cd(words, q) DESC, id LIMIT {DEPTH}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [text])
        return [row[0] for row in cursor.fetchall()]


@contextmanager
def _without(name: str) -> Iterator[None]:
    """The lists as if they had never heard this name."""
    lists = names_module._lists()
    key = tuple(names_module.stems(name))
    tables: list[dict[Any, Any]] = [lists.own, lists.esco]
    taken = [{key: table.pop(key)} if key in table else {} for table in tables]
    try:
        yield
    finally:
        for table, entry in zip(tables, taken, strict=True):
            table.update(entry)


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


def _recall(found: list[int], meant: frozenset[int]) -> float:
    return len(meant.intersection(found)) / min(len(meant), DEPTH)


def _ndcg(found: list[int], meant: frozenset[int]) -> float:
    gain = sum(1 / math.log2(place + 2) for place, each in enumerate(found[:10]) if each in meant)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(len(meant), 10)))


if __name__ == "__main__":
    sys.exit(main())
