"""The door of search: one request in, a page of people out, from whichever engine can answer.

OpenSearch answers where it is configured. When it is down the PostgreSQL engine does, the page says so, and for some
seconds nobody waits for OpenSearch again.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal, TypeVar

import structlog
from django.conf import settings
from django.core.cache import cache

from talentpool.models import Candidate, SearchIndex
from talentpool.search.analysis import folded
from talentpool.search.clauses import clause_of, positive
from talentpool.search.concepts import Addition, Expansion, expand
from talentpool.search.engines import engine_for
from talentpool.search.engines.base import Engine, EngineDown, EngineEmpty, EngineRefused, Place, Question, Sort
from talentpool.search.engines.postgres import PostgresEngine
from talentpool.search.explain import Reason, matches_of, reasons
from talentpool.search.facets import CODED, FACETS, IN_ORDER, MOST_VALUES, FacetKey, value_id
from talentpool.search.index.documents import documents_for
from talentpool.search.index.rebuilding import ask_for_rebuild
from talentpool.search.index.values import values_by_id
from talentpool.search.language import QueryError, Tree, parse
from talentpool.search.language.lexer import OwnFields
from talentpool.search.own_fields import facet_labels, is_restricted, own_fields

__all__ = [
    "Facet",
    "FacetPage",
    "FacetValue",
    "Hit",
    "QueryError",
    "Reason",
    "SearchPage",
    "SearchRequest",
    "count",
    "find",
    "find_facets",
    "reasons_for",
]

IDS_IN_A_BATCH = 1_000
MOST_ON_A_PAGE = 200
_REST = 10  # seconds in which a failed OpenSearch isn't asked again
_RESTING = "shared:opensearch-resting"

Trouble = Literal["", "down", "refused", "building"]

log = structlog.get_logger()
Result = TypeVar("Result")


@dataclass(frozen=True)
class SearchRequest:
    """`facets` are chosen values by facet, as FacetValue.value has them; `cursor` is a page's `next_cursor`.

    `exactly` searches for the words as typed, without their other names; `less` are other names to do without.
    """

    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    cursor: str | None = None
    limit: int = 25
    with_facets: bool = True
    sees_restricted: bool = True  # fields that hiring managers may not see
    exactly: bool = False
    less: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    candidate_id: int
    reasons: list[Reason]


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool
    number: int = 0  # its value_id


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    values: list[FacetValue]


@dataclass(frozen=True)
class FacetPage:
    facets: list[Facet]
    counts_are_estimates: bool = False


@dataclass(frozen=True)
class SearchPage:
    hits: list[Hit]
    total: int
    total_is_estimate: bool
    facets: list[Facet]
    next_cursor: str | None
    engine: str
    took_ms: int
    trouble: Trouble  # why another engine than the configured one answered
    counts_are_estimates: bool = False  # of the facets
    other_names: tuple[Addition, ...] = ()  # searched for too; where `exactly` was asked, those that would be

    @property
    def fell_back(self) -> bool:
        return bool(self.trouble)


def find(request: SearchRequest) -> SearchPage:
    """A page of people; raises QueryError with a sentence that says where the text can't be read."""
    started = time.perf_counter()
    limit = max(1, min(request.limit, MOST_ON_A_PAGE))
    expansion = expansion_of(request)
    question = question_of(request, limit + 1, expansion)
    answer, engine, trouble = _ask(lambda engine: engine.answer(question))
    places = answer.places[:limit]
    more = len(answer.places) > limit
    hits = _hits(question, expansion, [place.candidate_id for place in places])
    return SearchPage(
        hits=hits,
        total=max(answer.total - (len(places) - len(hits)), len(hits)),
        total_is_estimate=answer.total_is_estimate,
        facets=_facets(request, answer.counts),  # without counts those alone of which a value is chosen
        next_cursor=places[-1].to_text() if more else None,
        engine=engine.name,
        took_ms=round((time.perf_counter() - started) * 1000),
        trouble=trouble,
        counts_are_estimates=answer.counts_are_estimates,
        other_names=expansion.names,
    )


def find_facets(request: SearchRequest) -> FacetPage:
    """The facets of a search without its people: of a large pool they are asked for once the people are shown."""
    question = question_of(replace(request, cursor=None, with_facets=True))
    answer, _, _ = _ask(lambda engine: engine.answer(question))
    return FacetPage(_facets(request, answer.counts), answer.counts_are_estimates)


def best_ids(request: SearchRequest, most: int) -> list[int]:
    """The first people of a search, without reasons."""
    question = question_of(replace(request, cursor=None, with_facets=False), most)
    answer, _, _ = _ask(lambda engine: engine.answer(question))
    return [place.candidate_id for place in answer.places]


def hits_of(request: SearchRequest, ids: Sequence[int]) -> list[Hit]:
    """These people, as far as they are in the pool, with what of the search they have."""
    expansion = expansion_of(request)
    return _hits(question_of(request, len(ids), expansion), expansion, list(ids))


def reasons_for(request: SearchRequest, candidate_id: int) -> list[Reason]:
    """Why one person is found."""
    return [reason for hit in hits_of(request, [candidate_id]) for reason in hit.reasons]


def count(request: SearchRequest) -> int:
    """How many people a search finds, counted and never estimated."""
    question = question_of(request)
    found, _, _ = _ask(lambda engine: engine.count(question))
    return found


def has(request: SearchRequest, candidate_id: int) -> tuple[bool, str]:
    """Whether the engine that answers finds this person, and which one that is."""
    question = question_of(request)
    found, engine, _ = _ask(lambda engine: engine.has(question, candidate_id))
    return found, engine.name


def matching_ids(request: SearchRequest, *, after_id: int = 0) -> Iterator[list[int]]:
    """Everybody a search finds, a thousand ids at a time, ascending; as of one moment, and only who is still there.

    Work that was interrupted goes on with the last id that it has seen as `after_id`. PostgreSQL is asked whoever shows
    the pages: what is done to people shall not hang on an index that may be behind, and it lists them sooner.
    """
    return _present(iter(PostgresEngine().ids(question_of(request), after_id)))


def _present(ids: Iterator[int]) -> Iterator[list[int]]:
    while batch := list(islice(ids, IDS_IN_A_BATCH)):
        present = set(Candidate.objects.present().filter(pk__in=batch).values_list("pk", flat=True))
        yield [each for each in batch if each in present]


def expansion_of(request: SearchRequest, own: OwnFields | None = None) -> Expansion:
    """The text as it was read, and with other names unless it is meant exactly; raises QueryError.

    `own` are the fields that may be asked for, where they are known.
    """
    if own is None:
        own = own_fields(restricted=request.sees_restricted) if ":" in request.text else {}
    found = expand(parse(request.text, own), request.less)
    return replace(found, same=found.typed, whole=found.typed) if request.exactly else found


def tree_of(request: SearchRequest) -> Tree | None:
    """What is searched for; raises QueryError."""
    return expansion_of(request).whole


def question_of(request: SearchRequest, limit: int = 0, expansion: Expansion | None = None) -> Question:
    """What an engine is asked; raises QueryError."""
    found = expansion or expansion_of(request)
    return Question(
        clause=clause_of(found.whole),
        as_typed=clause_of(found.typed),
        same=clause_of(found.same),
        chosen={
            facet: [value_id(facet, as_stored(facet, value)) for value in values]
            for facet, values in request.facets.items()
            if facet in FACETS and values and (request.sees_restricted or not is_restricted(facet))
        },
        sort=request.sort,
        after=Place.from_text(request.cursor) if request.cursor else None,
        limit=limit,
        with_facets=request.with_facets,
    )


def as_stored(facet: str, value: str) -> str:
    return value if facet in CODED else " ".join(folded(word) for word in value.split())


def _ask(question: Callable[[Engine], Result]) -> tuple[Result, Engine, Trouble]:
    """The answer, who gave it, and why that was not the one who should have."""
    trouble: Trouble = ""
    if settings.OPENSEARCH_URL:
        engine = engine_for(SearchIndex.OPENSEARCH)
        trouble = "down"
        if not cache.get(_RESTING):
            try:
                return question(engine), engine, ""
            except EngineEmpty:
                trouble = "building"
                ask_for_rebuild(SearchIndex.OPENSEARCH)
            except EngineRefused as refusal:
                trouble = "refused"
                log.warning("opensearch_refused", reason=str(refusal))
            except EngineDown as down:
                cache.set(_RESTING, True, _REST)
                log.warning("opensearch_down", reason=str(down))
    engine = engine_for(SearchIndex.POSTGRES)
    return question(engine), engine, trouble


def _hits(question: Question, expansion: Expansion, ids: list[int]) -> list[Hit]:
    """With reasons, from the database: whoever has left the pool since the index was written isn't shown."""
    clause = question.clause
    if clause is None:
        present = set(Candidate.objects.present().filter(pk__in=ids).values_list("pk", flat=True))
        return [Hit(each, []) for each in ids if each in present]
    asked_for = {match.field for match in positive(clause) if match.field}
    documents = documents_for(ids, with_facets=False, fields=asked_for)
    by_id = {document.candidate_id: document for document in documents}
    added = matches_of(expansion.additions, question.as_typed)
    return [Hit(each, reasons(clause, by_id[each], added)) for each in ids if each in by_id]


def _facets(request: SearchRequest, counts: dict[int, int]) -> list[Facet]:
    chosen = {
        value_id(facet, as_stored(facet, value)): FacetKey(facet, value, value)
        for facet, values in request.facets.items()
        if facet in FACETS
        for value in values
    }
    keys = chosen | values_by_id({*counts, *chosen})
    found: dict[str, list[FacetValue]] = {facet: [] for facet in FACETS}
    for number, key in keys.items():
        value = FacetValue(key.value, key.label, counts.get(number, 0), number in chosen, number)
        found[key.facet].append(value)
    labels = facet_labels([name for name in found if found[name]], restricted=request.sees_restricted)
    return [Facet(facet, labels[facet], list(_shown(facet, found[facet]))) for facet in labels if found[facet]]


def _shown(facet: str, values: Iterable[FacetValue]) -> Iterator[FacetValue]:
    ranked = sorted(values, key=lambda value: (-value.count, value.label.casefold(), value.value))
    shown = [value for place, value in enumerate(ranked) if place < MOST_VALUES or value.selected]
    if facet in IN_ORDER:
        shown.sort(key=lambda value: value.value, reverse=facet == "warmth")
    yield from shown
