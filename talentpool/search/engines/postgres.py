"""The engine that is always there. What it costs and why it is built so: this folder's README."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, TypeAlias

from django.core.cache import cache
from django.db import connection, transaction

from crm.tenancy.scope import current_tenant_id
from talentpool.models import SearchDocument
from talentpool.search.clauses import AllOf, Clause, Without, conjuncts
from talentpool.search.engines.base import Answer, Fill, Place, Question
from talentpool.search.engines.lexemes import loosened, reads_tokens, tsqueries, tsvector
from talentpool.search.facets import FACETS, MOST_VALUES, value_id
from talentpool.search.index.document import Document

SAMPLE = 64
FEW = 1_000  # below, a sample says too little
# Microseconds, measured (README): a match counted with its facets, a phrase looked up in its tokens, a match fetched.
COUNTING, READING_TOKENS, FETCHING = 4, 45, 3
BUDGET = 100_000  # microseconds that counting may cost
CHEAP = 10_000  # microseconds; below, looking for another way costs no less
_WHILE = 60  # seconds for which it is remembered how many there are about
_LATEST = Place(0, 250_000_000_000_000_000, 0)
# Of search_page: down the latest changes; all that match, sorted; all that a weaker clause finds, sorted, then tried.
_Way: TypeAlias = Literal["walk", "fetch", "sift"]


class PostgresEngine:
    name = "PostgreSQL"

    def answer(self, question: Question) -> Answer:
        guess = _Guess(question.clause, list(question.chosen.values()))
        counts, sample = self._facets(question, guess) if question.with_facets else ({}, 1)
        counts_are_estimates = bool(counts) and sample > 1
        total = counts.pop(0, 0)
        places, fetched = self._page(question, guess)
        if question.chosen or not question.with_facets:
            # What is chosen may be few of very many: a sample of those says nothing about these.
            total, sample = (fetched, 1) if fetched is not None else guess.count()
        return Answer(
            places=places,
            total=total * sample,
            total_is_estimate=sample > 1,
            counts=counts,
            counts_are_estimates=counts_are_estimates,
        )

    def count(self, question: Question) -> int:
        return _count(tsqueries(question.clause, question.chosen.values()))

    def ids(self, question: Question, after_id: int = 0) -> list[int]:
        """Everybody found, by ascending id, as of one moment."""
        parts = tsqueries(question.clause, question.chosen.values())
        ((ids,),) = _rows("SELECT search_ids(%s, %s)", [parts, after_id])
        return list(ids)

    def has(self, question: Question, candidate_id: int) -> bool:
        rows = _rows(
            "SELECT tokens @@ ALL (%s::tsquery[]) FROM talentpool_searchdocument WHERE tenant_id = %s AND id = %s",
            [tsqueries(question.clause, question.chosen.values()), current_tenant_id(), candidate_id],
        )
        return rows == [(True,)]

    def _facets(self, question: Question, guess: "_Guess") -> tuple[dict[int, int], int]:
        """Counts by value id, the whole of them under 0, and of one person in how many they are."""
        sample = guess.facets_sample()
        selected = {FACETS[facet][0]: list(values) for facet, values in question.chosen.items()}
        rows = _rows(
            "SELECT value_id, people FROM search_facets(%s, %s, %s)",
            [tsqueries(question.clause, sample=sample), json.dumps(selected), 2 * MOST_VALUES],
        )
        return {value: people * (sample if value else 1) for value, people in rows}, sample

    def _page(self, question: Question, guess: "_Guess") -> tuple[list[Place], int | None]:
        """The page, and how many people are found where all of them were looked at for it."""
        if not question.limit:
            return [], None
        after, tiers, fetched = question.after, question.tiers, None
        if guess.are_few and not after:
            rows = self._rows_of("fetch", question, question.clause, _LATEST, question.limit)
            fetched = rows[0][2] or 0 if rows else 0
            if fetched <= question.limit:
                return _placed(rows, tiers), fetched
        # On a first page whoever stands in a higher tier is known; further on they are not, and must not be found.
        clauses = _disjoint(tiers) if after else tiers
        found: dict[int, Place] = {}
        for tier, clause in zip(range(len(tiers) - 1, -1, -1), clauses, strict=True):
            if after and after.tier < tier:
                continue
            way = guess.way(clause, question.limit)
            before = after if after and after.tier == tier else _LATEST
            size = question.limit - len(found) if after else question.limit
            for candidate_id, changed_at, matches in self._rows_of(way, question, clause, before, size):
                found.setdefault(candidate_id, Place.of(tier, changed_at, candidate_id))
                fetched = matches if fetched is None else fetched
            if len(found) >= question.limit:
                break
        return list(found.values())[: question.limit], fetched

    def _rows_of(
        self, way: "_Way", question: Question, clause: Clause | None, before: Place, size: int
    ) -> list[tuple[int, datetime, int | None]]:
        """(id, changed_at, how many people the question finds, where that is known from looking for these)."""
        base = loosened(question.clause) if way == "sift" else clause
        parts = tsqueries(base, question.chosen.values())
        checks = tsqueries(clause) if way == "sift" else []
        rows = _rows(
            "SELECT id, changed_at, matches FROM search_page(%s, %s, %s, %s, %s, %s)",
            [way, parts, checks, before.changed_at, before.candidate_id, size],
        )
        is_whole = base == question.clause
        return [(candidate_id, changed_at, matches if is_whole else None) for candidate_id, changed_at, matches in rows]

    def write(self, documents: Sequence[Document], gone: Sequence[int], version: int) -> None:
        with transaction.atomic():
            _write_documents(documents, version)
            SearchDocument.objects.filter(pk__in=gone, version__lt=version).delete()

    def is_ready(self) -> bool:
        return True

    def fits(self, people: int) -> bool:
        return True

    def begin_rebuild(self, people: int) -> None:
        """Documents are replaced one by one."""

    @contextmanager
    def filling(self) -> Iterator[Fill]:
        yield lambda documents, version: self.write(documents, (), version)

    def finish_rebuild(self) -> None:
        pass

    def digests(self) -> Iterator[tuple[int, int]]:
        return iter(SearchDocument.objects.order_by("pk").values_list("pk", "digest").iterator(chunk_size=5_000))


def _placed(rows: Sequence[tuple[int, datetime, int | None]], tiers: Sequence[Clause | None]) -> list[Place]:
    """All who are found, few as they are, in the order of their tiers; who has just changed may be in none."""
    asked = ", ".join(["tokens @@ ALL (%s::tsquery[])"] * len(tiers))
    stand = dict(
        _rows(
            f"SELECT id, array_position(ARRAY[{asked}], true) FROM talentpool_searchdocument "
            "WHERE tenant_id = %s AND id = ANY (%s)",
            [*map(tsqueries, tiers), current_tenant_id(), [candidate_id for candidate_id, _, _ in rows]],
        )
        if len(tiers) > 1
        else [(candidate_id, 1) for candidate_id, _, _ in rows]
    )
    places = [Place.of(len(tiers) - (stand.get(pk) or len(tiers)), changed_at, pk) for pk, changed_at, _ in rows]
    return sorted(places, reverse=True)


def _disjoint(tiers: Sequence[Clause | None]) -> list[Clause | None]:
    """Each tier without those above it. What both ask for is asked once."""
    return [tiers[0], *(_less(clause, above) for above, clause in pairwise(tiers))]


def _less(clause: Clause | None, above: Clause | None) -> Clause:
    assert above is not None  # only the last tier may be everybody
    kept = conjuncts(clause)
    more = [each for each in conjuncts(above) if each not in kept] or [above]
    return AllOf((*kept, Without(AllOf(tuple(more)))))


class _Guess:
    """How many people a question finds, asked of one person in sixty-four, and what is cheap therefore."""

    def __init__(self, clause: Clause | None, groups: list[Sequence[int]]) -> None:
        self.clause, self.groups = clause, groups

    @cached_property
    def found(self) -> "_Size":
        return self._size(self.clause, self.groups)

    def facets_sample(self) -> int:
        """Of one person in how many facets are counted, whatever is chosen of them."""
        size = self._size(self.clause, ()) if self.groups else self.found
        return _affordable_sample(size.cost(COUNTING), size.fetched)

    @property
    def are_few(self) -> bool:
        """None in the sample."""
        return self.found.found < SAMPLE

    @property
    def sample(self) -> int:
        """Of one person in how many it is counted how many there are."""
        return _affordable_sample(self.found.cost(FETCHING), self.found.fetched)

    def count(self) -> tuple[int, int]:
        """How many there are of one person in how many."""
        if self.sample == SAMPLE:
            return self.found.found // SAMPLE, SAMPLE
        return _count(tsqueries(self.clause, self.groups, sample=self.sample)), self.sample

    def way(self, clause: Clause | None, limit: int) -> "_Way":
        """The cheapest way to a page of a tier; who has fetched everybody need not count them."""
        if self.found.cost(FETCHING) <= CHEAP:
            return "fetch"
        counting = self.found.cost(FETCHING) // self.sample
        tier = self.found if clause == self.clause else self._size(clause, self.groups, like=self.found)
        looked_at = limit * READING_TOKENS
        costs: dict[_Way, int] = {
            "fetch": tier.cost(FETCHING) + (0 if tier is self.found else counting),
            "sift": self.found.fetched * FETCHING
            + self.found.fetched * looked_at // tier.found
            + (counting if self.found.reads_tokens else 0),
            "walk": _everybody() * looked_at // tier.found + counting,
        }
        return min(costs, key=lambda way: costs[way])

    def _size(self, clause: Clause | None, groups: Sequence[Sequence[int]], like: "_Size | None" = None) -> "_Size":
        """Where tokens would have to be read for it, as many of those fetched are taken to have it as in another."""

        def number(clause: Clause | None) -> int:
            return max(SAMPLE * _count(tsqueries(clause, groups, sample=SAMPLE)), SAMPLE // 2)

        if not reads_tokens(clause):
            return _Size(found := number(clause), found, reads_tokens=False)
        fetched = number(loosened(clause))
        if like and like.reads_tokens:
            return _Size(max(fetched * like.found // like.fetched, 1), fetched, reads_tokens=True)
        return _Size(number(clause), fetched, reads_tokens=True)


@dataclass(frozen=True)
class _Size:
    """How many people a clause finds, about and never none, and of how many the index makes us look."""

    found: int
    fetched: int
    reads_tokens: bool

    def cost(self, each: int) -> int:
        """Microseconds for going through all of them."""
        return self.fetched * (each + READING_TOKENS if self.reads_tokens else each)


def _affordable_sample(cost: int, people: int) -> int:
    """Of one person in how many may be asked."""
    for sample in (1, 8):
        if people < FEW or cost <= BUDGET * sample:
            return sample
    return SAMPLE


def _everybody() -> int:
    """How many documents there are, about, and a while ago."""
    known: int | None = cache.get("search-documents")
    if known is None:
        known = SAMPLE * _count(tsqueries(None, sample=SAMPLE))
        cache.set("search-documents", known, _WHILE)
    return known


def _write_documents(documents: Sequence[Document], version: int) -> None:
    if not documents:
        return
    rows = sorted(documents, key=lambda document: document.candidate_id)  # in one order: writers never deadlock
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO talentpool_searchdocument (id, tenant_id, changed_at, version, digest, facet_ids, tokens)
            SELECT n.id, %s, n.changed_at, %s, n.digest, n.facet_ids::bigint[], n.tokens::tsvector
            FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[], %s::text[], %s::text[])
                AS n (id, changed_at, digest, facet_ids, tokens)
            ON CONFLICT (id) DO UPDATE SET changed_at = excluded.changed_at, version = excluded.version,
                digest = excluded.digest, facet_ids = excluded.facet_ids, tokens = excluded.tokens
            WHERE talentpool_searchdocument.version < excluded.version
            """,
            [
                current_tenant_id(),
                version,
                [document.candidate_id for document in rows],
                [document.changed_at for document in rows],
                [document.digest for document in rows],
                ["{" + ",".join(str(value_id(key.facet, key.value)) for key in row.facets) + "}" for row in rows],
                [tsvector(document) for document in rows],
            ],
        )


def _count(parts: list[str]) -> int:
    ((number,),) = _rows("SELECT search_count(%s)", [parts])
    return int(number)


def _rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
