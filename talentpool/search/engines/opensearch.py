"""The engine for large pools. With `opensearch_indexes`, which gets its client, the only one to speak to OpenSearch.

A rebuild fills a second index, which every writer meanwhile keeps current too, and then gives it the tenant's alias.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from opensearchpy import OpenSearch, helpers
from opensearchpy.exceptions import NotFoundError, OpenSearchException, RequestError

from crm.tenancy.scope import current_tenant_id
from talentpool.search.engines import opensearch_body as say
from talentpool.search.engines.base import Answer, EngineDown, EngineEmpty, EngineRefused, Fill, Place, Question
from talentpool.search.engines.opensearch_indexes import WRITING, Indexes
from talentpool.search.index.document import Document

PATIENCE = 3  # seconds for a question; a page falls back then
COUNTED = 50_000  # people whose facets are counted one by one, in some 30 ms; of more a part is
# Equal ones too: what an index's clearing deleted has one version more than before, and no version is drawn twice.
_VERSIONED = "external_gte"
_AT_A_TIME = 2  # bulks: one is put into words while OpenSearch stores the other
_AT_ONCE = 10_000  # as many as OpenSearch gives at once
_MOST_BYTES = 20 * 2**20


class OpenSearchEngine:
    name = "OpenSearch"

    def __init__(self) -> None:
        self.tenant_id = current_tenant_id()
        self.indexes = Indexes(_client(), settings.OPENSEARCH_INDEX_PREFIX, self.tenant_id)
        self.alias = self.indexes.current

    def answer(self, question: Question) -> Answer:
        body = say.search_body(question, self.tenant_id, f"{PATIENCE}s")
        with _asking():
            found = self._search(body)
            places = [_place(hit["sort"], in_tiers=question.sort != "recent") for hit in found["hits"]["hits"]]
            total = int(found["hits"]["total"]["value"])
            counts, sample = self._facets(question, total) if question.with_facets else ({}, 1)
            return Answer(places, total, total_is_estimate=False, counts=counts, counts_are_estimates=sample > 1)

    def _facets(self, question: Question, total: int) -> tuple[dict[int, int], int]:
        """Counts by value id, and of one person in how many they are."""
        everybody = self._count(self._filters(replace(question, chosen={}))) if question.chosen else total
        sample = 1 if everybody <= COUNTED else 2 ** (everybody // COUNTED).bit_length()
        found = self._search(say.facets_body(question, self.tenant_id, f"{PATIENCE}s", sample=sample))
        return {value: sample * n for value, n in say.counts_in(found["aggregations"], question.chosen)}, sample

    def count(self, question: Question) -> int:
        with _asking():
            return self._count(self._filters(question))

    def has(self, question: Question, candidate_id: int) -> bool:
        with _asking():
            query = self._filters(question)
            query["bool"]["filter"].append({"term": {"candidate": candidate_id}})
            return bool(self._count(query))

    def digests(self) -> Iterator[tuple[int, int]]:
        body: say.Json = {
            "query": self._filters(Question()),
            "size": _AT_ONCE,
            "_source": False,
            "docvalue_fields": ["digest"],
            "track_total_hits": False,
            "sort": [{"candidate": "asc"}],
        }
        after_id = 0
        with _asking():
            while hits := self._search(body | {"search_after": [after_id]})["hits"]["hits"]:
                for hit in hits:
                    before, after_id = after_id, _number(hit["sort"][0])
                    if after_id <= before:
                        raise ValueError(f"{after_id} after {before}")
                    yield after_id, int(hit["fields"]["digest"][0])

    def write(self, documents: Sequence[Document], gone: Sequence[int], version: int) -> None:
        with _asking():
            written = self.indexes.written()
            if not written:
                raise EngineEmpty("OpenSearch has no index of this organisation yet.")
            for alias in written:
                _bulk(alias, [*self._to_store(documents, version), *_to_forget(gone, version)])
                _client().indices.refresh(index=alias, request_timeout=WRITING)

    def is_ready(self) -> bool:
        with _asking():
            return self.indexes.is_there()

    def fits(self, people: int) -> bool:
        with _asking():
            return self.indexes.fits(people)

    def begin_rebuild(self, people: int) -> None:
        with _asking():
            self.indexes.begin(people)

    @contextmanager
    def filling(self) -> Iterator[Fill]:
        """While OpenSearch stores some documents, the next ones are made."""
        sent: deque[Future[None]] = deque()
        with ThreadPoolExecutor(_AT_A_TIME) as senders:

            def fill(documents: Sequence[Document], version: int) -> None:
                if len(sent) == _AT_A_TIME:
                    sent.popleft().result()
                sent.append(senders.submit(self._fill, documents, version))

            yield fill
            for each in sent:
                each.result()

    def finish_rebuild(self) -> None:
        with _asking():
            self.indexes.finish()

    def _fill(self, documents: Sequence[Document], version: int) -> None:
        with _asking():
            _bulk(self.indexes.next, list(self._to_store(documents, version)))

    def size(self) -> int:
        """Bytes on disk."""
        with _asking():
            return int(_client().indices.stats(index=self.alias)["_all"]["primaries"]["store"]["size_in_bytes"])

    def _search(self, body: say.Json) -> Any:
        found = _whole(_client().search(body=body, index=self.alias))
        if found["timed_out"]:
            raise EngineDown("OpenSearch answered for a part of the people only.")
        return found

    def _count(self, query: say.Json) -> int:
        return int(_whole(_client().count(index=self.alias, body={"query": query}))["count"])

    def _filters(self, question: Question) -> say.Json:
        filters = say.base_filters(question.clause, self.tenant_id) + say.chosen_filters(question.chosen)
        return {"bool": {"filter": filters}}

    def _to_store(self, documents: Sequence[Document], version: int) -> Iterator[say.Json]:
        for document in documents:
            yield {
                "_op_type": "index",
                "_id": document.candidate_id,
                "_source": say.source(document, self.tenant_id),
                "version": version,
                "version_type": _VERSIONED,
            }


def _to_forget(gone: Sequence[int], version: int) -> Iterator[say.Json]:
    for candidate_id in gone:
        yield {"_op_type": "delete", "_id": candidate_id, "version": version, "version_type": _VERSIONED}


def _bulk(alias: str, actions: list[say.Json]) -> None:
    """Without its alias nothing is written: OpenSearch would make an index of that name, without our fields."""
    results = helpers.streaming_bulk(
        _client(),
        actions,
        index=alias,
        require_alias=True,
        max_chunk_bytes=_MOST_BYTES,
        raise_on_error=False,
        request_timeout=WRITING,
    )
    answered = 0
    for done, result in results:
        answered += 1
        ((_, item),) = result.items()
        if done or item["status"] == 409 or item.get("result") == "not_found":
            continue  # 409: a younger making has been there. Who is to be forgotten may never have been known.
        if item["status"] == 404:
            raise EngineEmpty(f"OpenSearch has no {alias}.")
        raise EngineDown(f"OpenSearch stored a document with {item['status']}: {item.get('error')}")
    if answered != len(actions):
        raise EngineDown(f"OpenSearch told of {answered} documents of {len(actions)} what became of them.")


def _whole(found: Any) -> Any:
    """The answer, if all shards gave it: one that isn't there is missing without having failed."""
    shards = found["_shards"]
    if shards["failed"] or shards["successful"] != shards["total"]:
        raise EngineDown("OpenSearch answered for a part of the people only.")
    return found


def _number(value: Any) -> int:
    """One that PostgreSQL can be asked for."""
    number = int(value)
    if not 0 <= number < 2**63:
        raise ValueError(f"{number} is no id")
    return number


def _place(sort: list[Any], *, in_tiers: bool) -> Place:
    tier = int(sort.pop(0)) if in_tiers else 0
    return Place(tier, *map(_number, sort))


@lru_cache(maxsize=4)
def _client_of(url: str) -> OpenSearch:
    return OpenSearch(url, timeout=PATIENCE, max_retries=0, pool_maxsize=4)


def _client() -> OpenSearch:
    return _client_of(settings.OPENSEARCH_URL)


@contextmanager
def _asking() -> Iterator[None]:
    """OpenSearch's troubles in our own words, answers that make no sense among them."""
    try:
        yield
    except NotFoundError as error:
        raise EngineEmpty("OpenSearch has no index of this organisation yet.") from error
    except RequestError as error:
        raise EngineRefused(f"OpenSearch refused: {error}") from error
    except OpenSearchException as error:
        raise EngineDown(f"OpenSearch didn't answer: {error}") from error
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise EngineDown(f"OpenSearch answered what makes no sense: {error!r}") from error
