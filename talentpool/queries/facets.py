"""The facets beside a list of people, by themselves: all of them at once, or the values of one that a word finds."""

from collections.abc import Sequence
from dataclasses import replace

from talentpool.models import SearchValue
from talentpool.queries.search_values import values_like
from talentpool.search.find import Facet, FacetPage, FacetValue, QueryError, SearchRequest, count, find_facets
from talentpool.search.own_fields import facet_labels, is_restricted

MOST_FOUND = 20  # each is counted


def facets_found(request: SearchRequest) -> FacetPage:
    try:
        return find_facets(request)
    except QueryError:
        return FacetPage([])


def facet_label(request: SearchRequest, name: str) -> str | None:
    """What it is called; None for a facet that isn't there, or not for whoever asks."""
    if not request.sees_restricted and is_restricted(name):
        return None
    return facet_labels([name], restricted=request.sees_restricted).get(name)


def facet_found(request: SearchRequest, name: str, text: str) -> Facet:
    """Of one facet the values whose label has the text, counted exactly, or the largest where there is no text."""
    label = facet_label(request, name) or ""
    if not text.strip():
        shown = {facet.name: facet for facet in facets_found(request).facets}
        return shown.get(name, Facet(name, label, []))
    chosen = request.facets.get(name, ())
    found = [value for value in values_like(name, text, MOST_FOUND) if value.value not in chosen]
    kept = [value for value in _chosen(request, name) if value.selected] if chosen else []
    return Facet(name, label, [*kept, *(_counted(request, value) for value in found)])


def _counted(request: SearchRequest, value: SearchValue) -> FacetValue:
    facets = {**request.facets, value.facet: (value.value,)}
    try:
        number = count(replace(request, facets=facets, cursor=None))
    except QueryError:
        number = 0
    return FacetValue(value.value, value.label, number, False, value.value_id)


def _chosen(request: SearchRequest, name: str) -> Sequence[FacetValue]:
    return next((facet.values for facet in facets_found(request).facets if facet.name == name), [])
