"""What the list of people shows: who was found and why, among how many, and how the search went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.core.cache import cache

from talentpool.models import Candidate, Profile, Tag
from talentpool.queries.tags import tags_of_many
from talentpool.search.find import Facet, Hit, QueryError, Reason, SearchPage, SearchRequest, find, reasons_for

LARGE_POOL = 20_000
POOL_SIZE_SECONDS = 30  # counting 100,000 people at every search would cost more than the search


@dataclass(frozen=True)
class Line:
    person: Candidate
    reasons: Sequence[Reason]
    sources: Sequence[str]
    tags: Sequence[Tag] = ()


@dataclass(frozen=True)
class ErrorInQuery:
    """A query that can't be read, cut where the fault is."""

    sentence: str
    before: str
    fault: str
    after: str
    repair: str  # the whole query put right, where that is obvious


@dataclass(frozen=True)
class Listing:
    lines: Sequence[Line]
    page: SearchPage | None
    pool: int
    error: ErrorInQuery | None = None
    facets_follow: bool = False  # in a request of their own, which the page makes once it is shown

    @property
    def facets(self) -> Sequence[Facet]:
        return self.page.facets if self.page else ()


def people_found(request: SearchRequest, *, may_follow: bool = False) -> Listing:
    """The page of a search with all that its lines show; six queries beside the search itself.

    Where the facets `may_follow`, those of a large pool do: counting them would keep the people waiting.
    """
    pool = pool_size()
    follow = may_follow and request.with_facets and pool >= LARGE_POOL
    try:
        page = find(replace(request, with_facets=request.with_facets and not follow))
    except QueryError as error:
        return Listing((), None, pool, _cut(error, request.text))
    return Listing(lines_of(page.hits), page, pool, facets_follow=follow)


def lines_of(hits: Sequence[Hit]) -> list[Line]:
    """What is shown of them, in their order; six queries."""
    ids = [hit.candidate_id for hit in hits]
    people = Candidate.objects.present().with_contact_state().select_related("owner").in_bulk(ids)
    sources, tags = source_names(ids), tags_of_many(ids)
    return [
        Line(people[hit.candidate_id], hit.reasons, sources.get(hit.candidate_id, ()), tags.get(hit.candidate_id, ()))
        for hit in hits
        if hit.candidate_id in people  # the index may be a second behind an erasure
    ]


def why_found(request: SearchRequest, candidate_id: int) -> Sequence[Reason]:
    try:
        return reasons_for(request, candidate_id)
    except QueryError:
        return ()


def pool_size() -> int:
    """How many people there are; remembered for a while only where counting takes time and a few do not matter."""
    known: int | None = cache.get("pool-size")
    if known is not None:
        return known
    size = Candidate.objects.present().count()
    if size >= LARGE_POOL:
        cache.set("pool-size", size, POOL_SIZE_SECONDS)
    return size


def source_names(candidate_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of the sources that each of these people came from."""
    profiles = Profile.objects.filter(candidate_id__in=list(candidate_ids)).order_by("source__name")
    names: dict[int, list[str]] = {}
    for pk, name in profiles.values_list("candidate_id", "source__name").distinct():
        names.setdefault(pk, []).append(name)
    return names


def _cut(error: QueryError, text: str) -> ErrorInQuery:
    start, end = error.position, error.position + max(1, error.length)
    return ErrorInQuery(str(error.message), text[:start], text[start:end] or " ", text[end:], error.repair or "")
