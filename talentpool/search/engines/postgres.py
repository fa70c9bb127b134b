"""The engine that is always there. What it costs and why it is built so: this folder's README."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from crm.tenancy.scope import current_tenant_id
from talentpool.models import SearchDocument
from talentpool.search.clauses import AllOf, Clause, Without
from talentpool.search.engines.base import Answer, Fill, Place, Question
from talentpool.search.engines.lexemes import reads_tokens, tsquery, tsvector
from talentpool.search.facets import FACETS, MOST_VALUES, value_id
from talentpool.search.index.document import Document

SAMPLE = 64
FEW = 3_000  # below, a sample says too little and costs no less
# Microseconds, measured (README): a match counted with its facets, a phrase looked up in its tokens, a match fetched.
COUNTING, READING_TOKENS, FETCHING = 4, 45, 1
BUDGET = 100_000
_LATEST = Place(0, 250_000_000_000_000_000, 0)


class PostgresEngine:
    name = "PostgreSQL"

    def answer(self, question: Question) -> Answer:
        groups = list(question.chosen.values())
        clauses = _disjoint_tiers(question)
        guess = _Guess(question.clause, groups)
        sample = guess.affordable_sample(guess.matching)
        counts = self._facets(question, sample) if question.with_facets else {}
        counts_are_estimates = bool(counts) and sample > 1
        total = counts.pop(0, 0)
        if groups or not question.with_facets:
            # What is chosen may be few of very many: a sample of those says nothing about these.
            sample = guess.affordable_sample(guess.chosen)
            (total,) = _counts(tsquery(question.clause, groups, sample=sample))
        return Answer(
            places=self._page(question, clauses, guess),
            total=total * sample,
            total_is_estimate=sample > 1,
            counts=counts,
            counts_are_estimates=counts_are_estimates,
        )

    def count(self, question: Question) -> int:
        return _counts(tsquery(question.clause, question.chosen.values()))[0]

    def ids(self, question: Question, after_id: int = 0) -> list[int]:
        """Everybody found, by ascending id, as of one moment."""
        query = tsquery(question.clause, question.chosen.values())
        ((ids,),) = _rows("SELECT search_ids(%s, %s)", [query, after_id])
        return list(ids)

    def has(self, question: Question, candidate_id: int) -> bool:
        rows = _rows(
            "SELECT tokens @@ %s::tsquery FROM talentpool_searchdocument WHERE tenant_id = %s AND id = %s",
            [tsquery(question.clause, question.chosen.values()), current_tenant_id(), candidate_id],
        )
        return rows == [(True,)]

    def _facets(self, question: Question, sample: int) -> dict[int, int]:
        selected = {FACETS[facet][0]: list(values) for facet, values in question.chosen.items()}
        rows = _rows(
            "SELECT value_id, people FROM search_facets(%s, %s, %s)",
            [tsquery(question.clause, sample=sample), json.dumps(selected), 2 * MOST_VALUES],
        )
        return {value: people * (sample if value else 1) for value, people in rows}

    def _page(self, question: Question, clauses: list[Clause | None], guess: "_Guess") -> list[Place]:
        found: list[Place] = []
        for tier, clause in zip(range(len(clauses) - 1, -1, -1), clauses, strict=True):
            if question.after and question.after.tier < tier:
                continue
            before = question.after if question.after and question.after.tier == tier else _LATEST
            rows = _rows(
                "SELECT id, changed_at FROM search_page(%s, %s, %s, %s, %s)",
                [
                    tsquery(clause, question.chosen.values()),
                    before.changed_at,
                    before.candidate_id,
                    question.limit - len(found),
                    guess.walk(clause, question.limit),
                ],
            )
            found += [Place.of(tier, changed_at, candidate_id) for candidate_id, changed_at in rows]
            if len(found) >= question.limit:
                break
        return found

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


def _disjoint_tiers(question: Question) -> list[Clause | None]:
    """Each tier without those above it."""
    above, *weaker = question.tiers
    disjoint = [above]
    for clause in weaker:
        assert above is not None  # only the last tier may be everybody
        disjoint.append(AllOf((clause, Without(above))) if clause else Without(above))
        above = clause
    return disjoint


class _Guess:
    """How many people the parts of a question find, asked of one person in sixty-four."""

    def __init__(self, clause: Clause | None, groups: list[Sequence[int]]) -> None:
        self.groups = groups
        everyone, matching = tsquery(None, sample=SAMPLE), tsquery(clause, sample=SAMPLE)
        chosen = [tsquery(clause, groups, sample=SAMPLE)] if groups else []
        found = [SAMPLE * number for number in _counts(everyone, matching, *chosen)]
        self.everyone, self.matching, self.chosen = found[0], found[1], found[-1]
        self.reads_tokens = reads_tokens(clause)

    def affordable_sample(self, matching: int) -> int:
        cost = COUNTING + (READING_TOKENS if self.reads_tokens else 0)
        for sample in (1, 8):
            if matching < FEW or matching * cost <= BUDGET * sample:
                return sample
        return SAMPLE

    def walk(self, clause: Clause | None, limit: int) -> bool:
        """Whether going down the latest changes meets a pageful of a tier sooner than fetching all that match.

        The tier is asked about only where it would pay if everybody found stood in it.
        """
        if not self._pays(self.chosen, limit):
            return False
        return self._pays(SAMPLE * _counts(tsquery(clause, self.groups, sample=SAMPLE))[0], limit)

    def _pays(self, matching: int, limit: int) -> bool:
        walking = limit * self.everyone * READING_TOKENS
        return matching > 0 and walking < matching**2 * (READING_TOKENS if self.reads_tokens else FETCHING)


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


def _counts(*queries: str) -> list[int]:
    ((counts,),) = _rows("SELECT search_counts(%s)", [list(queries)])
    return list(counts)


def _rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
