"""People like a person, people for a job, people near in meaning to what was typed: ranked lists, fused.

Words find some, what people have in common orders them, and where vectors are kept (talentpool.search.meaning) their
neighbours are one more list. Lists are fused by reciprocal rank (Cormack, Clarke, Büttcher 2009), which needs no scale
that they share: no closeness means the same for "RN ICU" and for "nurse recruiter".
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from talentpool.models import Candidate, Job, SearchDocument
from talentpool.search.facets import FacetKey, value_id
from talentpool.search.find import Hit, Reason, SearchRequest, best_ids, hits_of, question_of
from talentpool.search.index.document import facet_keys
from talentpool.search.index.documents import documents_for
from talentpool.search.index.values import values_by_id
from talentpool.search.language.lexer import QUOTES
from talentpool.search.meaning import nearest
from talentpool.vocabulary.skills import mentions

MOST = 200  # of each list
SHOWN = 50
_RANK = 60  # the usual constant: how little the first places count more than the next
_WEIGHTS = {"title": 3.0, "family": 1.0, "skill": 1.0}  # what is shared by how much; of a place, nothing
_SKILLS_TOGETHER = 3
# Say how much of a job, or where, and nothing of what is done in it.
_EMPTY = frozenset(
    {"senior", "junior", "sr", "jr", "lead", "head", "chief", "the", "and", "for", "with", "of", "nights", "days"}
    | {"part", "full", "time", "remote", "mwd", "fmd"}
)
_UNQUOTED = dict.fromkeys(map(ord, QUOTES), " ")
_ALIKE = Reason("", mark_safe("alike in meaning"))  # a constant


@dataclass(frozen=True)
class Model:
    """What others are to be like: facet values with their weights, queries whose people are looked at, a meaning."""

    shared: Mapping[int, float]
    queries: Sequence[str]
    neighbours: Sequence[int] = ()
    without: Collection[int] = field(default=frozenset())


def like_person(person: Candidate) -> list[Hit]:
    """The most alike first. She herself is not among them."""
    documents = documents_for([person.pk])
    keys = [key for document in documents for key in document.facets if key.facet in _WEIGHTS]
    skills = [key.label for key in keys if key.facet == "skill"]
    titles = [key.label for key in keys if key.facet == "title"]
    neighbours = nearest.nearest_to_person(person.pk, most=MOST) if nearest.is_on() else ()
    return _ranked(Model(_weighted(keys), _queries(titles, skills), neighbours, {person.pk}))


def for_job(job: Job, *, without: Collection[int] = frozenset()) -> list[Hit]:
    """By its title, the skills that its text names, and what it means."""
    skills = list(dict.fromkeys(each.skill for each in mentions(f"{job.title}\n{job.text}")))
    family = [FacetKey("family", str(job.family_id), job.family.name)] if job.family else []
    keys = [*facet_keys({"title": [job.title], "skill": skills}), *family]
    text = ". ".join([job.title, ", ".join(skills), job.text])
    neighbours = nearest.nearest_to_text(text, most=MOST) if nearest.is_on() else ()
    words = [f'title:"{word}"' for word in words_of_title(job.title)]
    queries = [" ".join(words), *_queries([job.title], skills), " OR ".join(words)]
    return _ranked(Model(_weighted(keys), list(filter(None, queries)), neighbours, without))


def words_of_title(title: str) -> list[str]:
    """Those that say what is done, in lower case."""
    words = [word for word in re.findall(r"[^\W\d_]{2,40}", title.casefold()) if word not in _EMPTY]
    return list(dict.fromkeys(words[:6]))


def near_in_meaning(request: SearchRequest) -> list[Hit]:
    """Whom the words find, and whom they don't but who is alike; QueryError where the text can't be read."""
    neighbours = _chosen(nearest.nearest_to_text(request.text, most=MOST), question_of(request).chosen)
    order = fused([best_ids(request, MOST), neighbours])[:SHOWN]
    return [Hit(hit.candidate_id, hit.reasons or [_ALIKE]) for hit in hits_of(request, order)]


def _chosen(people: Sequence[int], chosen: Mapping[str, Sequence[int]]) -> list[int]:
    """Those of them who have a chosen value of each facet of which any is."""
    if not chosen:
        return list(people)
    values = {pk: set(ids) for pk, ids in SearchDocument.objects.filter(pk__in=people).values_list("pk", "facet_ids")}
    return [pk for pk in people if all(values.get(pk, set()) & set(wanted) for wanted in chosen.values())]


def fused(lists: Iterable[Sequence[int]]) -> list[int]:
    """Ids by the sum of their reciprocal ranks; equal ones in the order of their ids."""
    scores: dict[int, float] = {}
    for ranked in lists:
        for rank, pk in enumerate(ranked, start=1):
            scores[pk] = scores.get(pk, 0.0) + 1 / (_RANK + rank)
    return sorted(scores, key=lambda pk: (-scores[pk], pk))


def _weighted(keys: Iterable[FacetKey]) -> dict[int, float]:
    return {value_id(key.facet, key.value): _WEIGHTS[key.facet] for key in keys}


def _queries(titles: Sequence[str], skills: Sequence[str]) -> list[str]:
    """The same title; the first skills together; each of them."""
    each = [query for skill in skills[:_SKILLS_TOGETHER] if (query := _in_field("skill", skill))]
    same = [query for title in titles if (query := _in_field("title", title))]
    return [*same, *([" ".join(each)] if len(each) > 1 else []), *each]


def _in_field(name: str, value: str) -> str:
    """The value as a phrase in the field; empty where it holds nothing that can be searched for."""
    words = value.translate(_UNQUOTED)
    return f'{name}:"{words}"' if any(sign.isalnum() for sign in words) else ""


def _ranked(model: Model) -> list[Hit]:
    found = dict.fromkeys(pk for query in model.queries for pk in best_ids(SearchRequest(text=query), MOST))
    by_words = [pk for pk in found if pk not in model.without]
    neighbours = [pk for pk in model.neighbours if pk not in model.without]
    shared = _shared_by([*by_words, *neighbours], model.shared)
    weight = {pk: sum(model.shared[value] for value in values) for pk, values in shared.items()}
    by_shared = sorted(weight, key=lambda pk: (-weight[pk], -pk))[:MOST]
    order = _present(fused([by_words[:MOST], by_shared, neighbours])[:SHOWN])
    labels = values_by_id({value for pk in order for value in shared.get(pk, ())})
    return [Hit(pk, _reasons(shared.get(pk, ()), labels) or ([_ALIKE] if pk in neighbours else [])) for pk in order]


def _shared_by(people: Sequence[int], wanted: Mapping[int, float]) -> dict[int, list[int]]:
    """Of each of the people who has any of the values, which."""
    rows = SearchDocument.objects.filter(pk__in=people).values_list("pk", "facet_ids")
    shared = {pk: [value for value in facet_ids if value in wanted] for pk, facet_ids in rows}
    return {pk: values for pk, values in shared.items() if values}


def _reasons(values: Sequence[int], labels: Mapping[int, FacetKey]) -> list[Reason]:
    by_facet: dict[str, list[str]] = {}
    for value in values:
        if value in labels:
            by_facet.setdefault(labels[value].facet, []).append(labels[value].label)
    words = {"title": "The same title:", "family": "Applied in", "skill": "In common:"}
    return [Reason(words[name], format_html("{}", ", ".join(by_facet[name][:8]))) for name in words if name in by_facet]


def _present(ids: Sequence[int]) -> list[int]:
    present = set(Candidate.objects.present().filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk in present]
