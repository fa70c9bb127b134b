"""An organisation's own fields as search knows them: what may be asked for by whom, and which stand as facets."""

from collections.abc import Iterable, Iterator, Mapping

from talentpool.custom_values import OF_CHOICES, CustomKind, CustomType, CustomTypes
from talentpool.models import Candidate, CustomField
from talentpool.queries.custom_fields import custom_fields, custom_types
from talentpool.search.facets import FACETS
from talentpool.search.index.document import Segment
from talentpool.search.language.lexer import OwnFields
from talentpool.search.language.ranges import Scale

SCALES = {CustomKind.NUMBER: Scale.NUMBER, CustomKind.MONEY: Scale.NUMBER, CustomKind.DATE: Scale.DAY}
OWN_FACETS = frozenset(name for name in FACETS if name.startswith("field"))


def own_fields(*, restricted: bool) -> OwnFields:
    """Those that may be asked for, by key."""
    return {each.key: SCALES.get(CustomKind(each.kind)) for each in custom_fields(restricted=restricted)}


def facet_labels(names: Iterable[str], *, restricted: bool) -> Mapping[str, str]:
    """What the facets are called, in their order; an organisation's own ones as it calls them."""
    labels = {name: label for name, (_, label) in FACETS.items() if name not in OWN_FACETS}
    if any(name in OWN_FACETS for name in names):
        shown = custom_fields(restricted=restricted)
        labels |= {each.facet_name: each.label for each in shown if each.facet_name}
    return labels


def is_restricted(facet: str) -> bool:
    number = int(facet.removeprefix("field")) if facet in OWN_FACETS else 0
    return bool(number) and CustomField.objects.filter(facet=number, is_restricted=True).exists()


class OwnFieldsOfPeople:
    """Reads the values of people for their documents; one query, whatever their number."""

    def __init__(self) -> None:
        self.fields = custom_fields()
        self.types: CustomTypes = custom_types(self.fields)

    def segments(self, person: Candidate) -> Iterator[Segment]:
        for field, kind, kept in self._values(person):
            yield Segment(field.name, field.label, kind.words(kept), field.is_restricted)

    def marks(self, person: Candidate) -> Iterator[tuple[str, int]]:
        for field, kind, kept in self._values(person):
            number = kind.number(kept)
            if number is not None:
                yield field.name, number

    def facet_values(self, person: Candidate) -> Mapping[str, list[str]]:
        return {
            field.facet_name: kind.plain(kept) if kind.kind is CustomKind.CHOICES else [kept]
            for field, kind, kept in self._values(person)
            if field.facet_name and kind.kind in OF_CHOICES
        }

    def _values(self, person: Candidate) -> Iterator[tuple[CustomField, CustomType, str]]:
        for field in self.fields:
            if kept := person.custom.get(field.key):
                yield field, self.types[field.key], kept
