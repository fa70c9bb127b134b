"""The values that people of the pool have, by how they begin: what a facet's box and the search box offer."""

from talentpool.models import SearchValue
from talentpool.search.analysis import folded
from talentpool.search.facets import CODED

LAST = "\U0010ffff"
MOST_CODED = 2_000  # tags, sources and the like: few enough to be looked through


def values_like(facet: str, text: str, most: int) -> list[SearchValue]:
    """Those that begin with the text, then those of which a later word does; shorter ones first."""
    wanted = " ".join(folded(word) for word in text.split())[:100]
    if facet in CODED:
        return _by_label(facet, wanted, most)
    rows = SearchValue.objects.filter(facet=facet)
    begin = list(rows.filter(value__gte=wanted, value__lt=wanted + LAST)[: 50 * most])
    begin.sort(key=lambda row: (len(row.value), row.value))
    if len(begin) < most and len(wanted) > 2:
        begin += rows.filter(value__contains=f" {wanted}").exclude(value__startswith=wanted)[: most - len(begin)]
    return begin[:most]


def _by_label(facet: str, wanted: str, most: int) -> list[SearchValue]:
    """Their values are numbers or codes; what they are called is what somebody types."""
    labels = [
        (" ".join(folded(word) for word in row.label.split()), row)
        for row in SearchValue.objects.filter(facet=facet)[:MOST_CODED]
    ]
    found = [(not label.startswith(wanted), len(label), label, row) for label, row in labels if _has(label, wanted)]
    return [row for *_, row in sorted(found, key=lambda each: each[:3])][:most]


def _has(label: str, wanted: str) -> bool:
    return label.startswith(wanted) or f" {wanted}" in label
