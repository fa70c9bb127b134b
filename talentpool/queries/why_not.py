"""Why somebody is or isn't in the result of a search: the person meant, each part of the query, and the index."""

from collections.abc import Sequence
from dataclasses import dataclass

from talentpool.models import Candidate, SearchDocument, SearchIndex, SearchOutbox
from talentpool.queries.match_pairs import people_like
from talentpool.search.engines.base import Place
from talentpool.search.facets import FacetKey
from talentpool.search.find import SearchRequest, expansion_of, has, question_of
from talentpool.search.index.document import Document
from talentpool.search.index.documents import documents_for
from talentpool.search.index.values import values_by_id
from talentpool.search.judge import Subject, holds
from talentpool.search.own_fields import facet_labels
from talentpool.search.why_not import Chosen, Verdict, verdict_of

MOST_MEANT = 20


@dataclass(frozen=True)
class IndexState:
    """What the engine says of the person, beside what it should say."""

    engine: str
    finds: bool
    is_missing: bool
    is_stale: bool
    is_waiting: bool  # a change is on its way, which takes a second

    @property
    def is_current(self) -> bool:
        return not (self.is_missing or self.is_stale or self.is_waiting)


@dataclass(frozen=True)
class WhyNot:
    person: Candidate
    verdict: Verdict | None  # None: nothing was asked for, and everybody is found
    index: IndexState
    place: str = ""  # of who is found: the cursor right before her

    @property
    def matches(self) -> bool:
        return self.verdict is None or self.verdict.holds

    @property
    def is_found(self) -> bool:
        return self.index.finds


def people_meant(text: str, *, sees_restricted: bool) -> list[Candidate]:
    """By a name, an address or a number; the index is passed by where it knows nobody, for it may be what is wrong.

    Who was merged is among them, so that the page can say into whom.
    """
    found = list(people_like(text, sees_restricted=sees_restricted))
    if found or not text.strip():
        return found[:MOST_MEANT]
    named = Candidate.objects.filter(erased_at=None, name__icontains=text.strip()).with_contact_state()
    return list(named.order_by("name", "pk")[:MOST_MEANT])


def judged(request: SearchRequest, person: Candidate) -> WhyNot:
    """Of somebody present in the pool; raises QueryError."""
    expansion = expansion_of(request)
    question = question_of(request, expansion=expansion)
    (document,) = documents_for([person.pk])
    subject = Subject(document)
    chosen = _chosen(request, {name: list(values) for name, values in question.chosen.items()}, document)
    verdict = verdict_of(
        expansion.whole, chosen, subject, sees_restricted=request.sees_restricted, added=expansion.added
    )
    index = _index_state(request, document, matches=verdict is None or verdict.holds)
    place = ""
    if index.finds:
        tiers = list(question.tiers)
        tier = next(len(tiers) - 1 - n for n, clause in enumerate(tiers) if clause is None or holds(clause, subject))
        # The cursor after which this person comes first.
        place = Place.of(tier, document.changed_at, person.pk + 1).to_text()
    return WhyNot(person, verdict, index, place)


def _chosen(request: SearchRequest, values: dict[str, list[int]], document: Document) -> list[Chosen]:
    known = values_by_id([number for numbers in values.values() for number in numbers])
    labels = facet_labels(list(values), restricted=request.sees_restricted)
    return [
        Chosen(
            labels[facet], _labelled(facet, numbers, request, known), [k for k in document.facets if k.facet == facet]
        )
        for facet, numbers in values.items()
    ]


def _labelled(facet: str, numbers: Sequence[int], request: SearchRequest, known: dict[int, FacetKey]) -> dict[int, str]:
    typed = request.facets[facet]
    return {
        number: known[number].label if number in known else said for number, said in zip(numbers, typed, strict=True)
    }


def _index_state(request: SearchRequest, document: Document, *, matches: bool) -> IndexState:
    pk = document.candidate_id
    stored = SearchDocument.objects.filter(pk=pk).values_list("digest", flat=True).first()
    finds, engine = has(request, pk)
    return IndexState(
        engine=engine,
        finds=finds,
        is_missing=stored is None,
        is_stale=stored is not None and (stored != document.digest or finds != matches),
        is_waiting=SearchOutbox.objects.filter(candidate_ids__contains=[pk], index__in=SearchIndex.values).exists(),
    )
