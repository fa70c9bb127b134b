"""What is said to OpenSearch: mapping, documents and questions as JSON. Pure; `opensearch` does the talking.

Words come ready from our own analysis, so that every text field's analyzer does nothing but cut at spaces.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from talentpool.custom_values import PREFIX
from talentpool.search.analysis import prefix_stems
from talentpool.search.clauses import AllOf, AnyOf, Clause, Match, Within, Without
from talentpool.search.engines.base import Place, Question
from talentpool.search.facets import FACETS, MOST_VALUES, value_id
from talentpool.search.index.document import BODY, SHARED, Document
from talentpool.search.language.tree import TEXTS
from talentpool.search.marks import SHORTEST, beginnings, words_of

ANYWHERE = "anywhere"  # the field of words that are asked for without a field
# The field of an organisation's own fields and of those whose words are few, which begin with its key.
KEYED = "keyed"
MARKS = "marks"  # of all numbers and days, with their beginnings, which begin with the field's name
_CHOSEN, _NARROWED = "chosen:", "narrowed"  # in names of what is counted
_MOST_EXPANSIONS = 10_000  # words that an unfinished last word of a phrase may stand for

Json = dict[str, Any]


def index_body(shards: int) -> Json:
    return {
        "settings": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-1",
            "analysis": {"analyzer": {"ready": {"type": "custom", "tokenizer": "whitespace"}}},
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"enabled": False},  # the database has it, and rebuilding begins there
            "properties": _properties(),
        },
    }


def _properties() -> Json:
    number, text = {"type": "long"}, {"type": "text", "analyzer": "ready", "norms": False}
    value = {"type": "keyword"}  # facet values are numbers, too, but only ever equal: they are counted sooner so
    return {
        **dict.fromkeys(("tenant", "candidate", "changed", "digest"), number),
        **dict.fromkeys(map(_facet, FACETS), value),
        **dict.fromkeys((ANYWHERE, KEYED, *TEXTS), text),
        MARKS: {"type": "keyword", "doc_values": False},
    }


def _facet(name: str) -> str:
    return f"facet_{name}"


def source(document: Document, tenant_id: int) -> Json:
    texts: dict[str, list[str]] = {}
    for segment, stems in document.stems():
        ready = " ".join(stems)
        if _is_keyed(segment.field):
            texts.setdefault(KEYED, []).append(" ".join(_keyed(segment.field, stems)))
        elif segment.field != BODY:
            texts.setdefault(segment.field, []).append(ready)
        if not segment.is_named_only:
            texts.setdefault(ANYWHERE, []).append(ready)
    marks = [f"{name}:{word}" for name, number in document.marks for word in words_of(number)]
    values: dict[str, list[int]] = {}
    for key in document.facets:
        values.setdefault(_facet(key.facet), []).append(value_id(key.facet, key.value))
    changed = Place.of(0, document.changed_at, document.candidate_id).changed_us
    numbers = {"tenant": tenant_id, "candidate": document.candidate_id, "changed": changed, "digest": document.digest}
    return {**numbers, **texts, **values, MARKS: marks}


def search_body(question: Question, tenant_id: int, timeout: str) -> Json:
    *higher, _ = question.tiers
    in_tiers = question.sort != "recent"
    body: Json = {
        "size": question.limit,
        "timeout": timeout,
        "_source": False,
        "track_total_hits": True,
        "track_scores": True,
        "query": {
            "bool": {
                "filter": base_filters(question.clause, tenant_id),
                # Who is in a tier is in all below it, so that the score is the number of the tier.
                "should": [{"constant_score": {"filter": query_of(tier)}} for tier in higher if tier],
            }
        },
        "post_filter": {"bool": {"filter": chosen_filters(question.chosen)}},
        "sort": [*([{"_score": "desc"}] if in_tiers else []), {"changed": "desc"}, {"candidate": "desc"}],
    }
    if question.after:
        body["search_after"] = [*question.after] if in_tiers else [*question.after[1:]]
    return body


def facets_body(question: Question, tenant_id: int, timeout: str, *, sample: int = 1) -> Json:
    """Of one person in `sample`, which is as good as any: whose document's digest is among the lowest."""
    filters = base_filters(question.clause, tenant_id)
    if sample > 1:
        filters.append({"range": {"digest": {"lt": -(2**63) + 2**64 // sample}}})
    counted = (_values_of(name, question.chosen) for name in FACETS)
    return {
        "size": 0,
        "timeout": timeout,
        "track_total_hits": False,
        "query": {"bool": {"filter": filters}},
        "aggs": dict(chain.from_iterable(counted)),
    }


def counts_in(aggregations: Json, chosen: Mapping[str, Sequence[int]]) -> Iterator[tuple[int, int]]:
    """The people of each value counted; raises KeyError where a facet is missing."""
    for name in FACETS:
        for key in _keys(name, chosen):
            counted = aggregations[key]
            for bucket in counted.get(_NARROWED, counted)["buckets"]:
                yield int(bucket["key"]), int(bucket["doc_count"])


def base_filters(clause: Clause | None, tenant_id: int) -> list[Json]:
    return [{"term": {"tenant": tenant_id}}, *([query_of(clause)] if clause else [])]


def chosen_filters(chosen: Mapping[str, Sequence[int]], besides: str = "") -> list[Json]:
    return [{"terms": {_facet(name): list(values)}} for name, values in chosen.items() if name != besides]


def _values_of(name: str, chosen: Mapping[str, Sequence[int]]) -> Iterator[tuple[str, Json]]:
    """A facet's values are counted as if nothing were chosen in that facet itself.

    A filter costs a third of the counting also where it lets everybody through, so there is none where none is needed.
    """
    filters = chosen_filters(chosen, besides=name)
    for key in _keys(name, chosen):
        counted: Json = {"terms": {"field": _facet(name), "size": 2 * MOST_VALUES}}
        if key.startswith(_CHOSEN):
            counted["terms"] |= {"include": [str(value) for value in chosen[name]], "size": len(chosen[name])}
        yield key, {"filter": {"bool": {"filter": filters}}, "aggs": {_NARROWED: counted}} if filters else counted


def _keys(name: str, chosen: Mapping[str, Sequence[int]]) -> list[str]:
    return [name, f"{_CHOSEN}{name}"] if name in chosen else [name]


def query_of(clause: Clause) -> Json:
    match clause:
        case Match():
            return _match(clause)
        case Within():
            return _any((clause,))
        case AllOf(clauses):
            return {"bool": {"filter": [query_of(inner) for inner in clauses]}}
        case AnyOf(clauses):
            return _any(clauses)
        case Without(inner):
            return {"bool": {"must_not": [query_of(inner)]}}


def _any(clauses: tuple[Clause, ...]) -> Json:
    choices = _choices(clauses)
    return {"bool": {"should": choices, "minimum_should_match": 1}} if choices else {"match_none": {}}


def _choices(clauses: tuple[Clause, ...]) -> list[Json]:
    """Single words of one field as one query: long lists of synonyms stay below OpenSearch's limit of clauses.

    So are ranges, as far as their beginnings are kept as words.
    """
    words: dict[str, list[str]] = {}
    others: list[Json] = []
    for clause in clauses:
        match clause:
            case Match(words=(_,), prefix=False):
                field, (word,) = _as_stored(clause)
                words.setdefault(field, []).append(word)
            case Within(name, low, high):
                for start in beginnings(low, high):
                    if len(start) >= SHORTEST:
                        words.setdefault(MARKS, []).append(f"{name}:{start}")
                    else:
                        others.append({"prefix": {MARKS: f"{name}:{start}"}})
            case _:
                others.append(query_of(clause))
    return [{"terms": {field: found}} for field, found in words.items()] + others


def _stems_of(match: Match, field: str) -> list[str]:
    """What the last word of an unfinished match begins with, and the whole words that it may stand for."""
    start, whole = prefix_stems(match.words[-1])
    return _keyed(match.field or "", [start, *whole]) if field == KEYED else [start, *whole]


def _as_stored(match: Match) -> tuple[str, Sequence[str]]:
    """The field of the index, and the words as they stand in it."""
    if match.field and _is_keyed(match.field):
        return KEYED, _keyed(match.field, match.words)
    return match.field or ANYWHERE, match.words


def _is_keyed(field: str) -> bool:
    return field in SHARED or field.startswith(PREFIX)


def _keyed(field: str, stems: Iterable[str]) -> list[str]:
    key = f"~{field}" if field in SHARED else field.removeprefix(PREFIX)
    return [f"{key}:{stem}" for stem in stems]


def _match(match: Match) -> Json:
    field, found = _as_stored(match)
    *before, last = found
    if match.between:
        near = {"query": " ".join(found), "max_gaps": match.between, "ordered": False}
        return {"intervals": {field: {"match": near}}}
    if not match.prefix:
        return {"match_phrase": {field: " ".join(found)}} if before else {"term": {field: last}}
    start, *whole = _stems_of(match, field)
    if not before:
        choices: list[Json] = [{"prefix": {field: start}}, {"terms": {field: list(whole)}}]
    else:
        beginning = {"query": " ".join([*before, start]), "max_expansions": _MOST_EXPANSIONS}
        choices = [{"match_phrase_prefix": {field: beginning}}]
        choices += [{"match_phrase": {field: " ".join([*before, stem])}} for stem in whole]
    return {"bool": {"should": choices, "minimum_should_match": 1}}
