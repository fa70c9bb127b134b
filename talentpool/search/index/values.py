"""What the numbers of facet values stand for, for whichever engine counted them."""

from collections.abc import Iterable

from talentpool.models import SearchValue
from talentpool.search.facets import FacetKey, value_id
from talentpool.search.index.document import Document

_RENAMED = ("source", "tag", "family", "pipeline")  # their value is an id, their label a name that may change


def remember_values(documents: Iterable[Document]) -> None:
    keys: dict[int, FacetKey] = {}
    for document in documents:
        for key in document.facets:
            keys.setdefault(value_id(key.facet, key.value), key)  # of several spellings the first is shown
    known = dict(SearchValue.objects.filter(value_id__in=keys).values_list("value_id", "label"))
    SearchValue.objects.bulk_create(
        [
            SearchValue(value_id=number, facet=key.facet, value=key.value, label=key.label)
            for number, key in sorted(keys.items())  # in one order, so that two indexers never deadlock
            if number not in known or (key.facet in _RENAMED and known[number] != key.label)
        ],
        update_conflicts=True,
        unique_fields=["tenant", "value_id"],
        update_fields=["label"],
    )


def values_by_id(numbers: Iterable[int]) -> dict[int, FacetKey]:
    rows = SearchValue.objects.filter(value_id__in=list(numbers)).values_list("value_id", "facet", "value", "label")
    return {number: FacetKey(facet, value, label) for number, facet, value, label in rows}
