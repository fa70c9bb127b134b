"""Segments that every organisation has without asking: its job families, its places, and kinds of talent.

Made once there are people, and kept in step with what they are named after. They are the team's; who has no use for one
hides it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from crm.audit import record
from talentpool import tasks
from talentpool.models import Candidate, JobFamily, Segment, Source, SourceKind
from talentpool.search.find import SearchRequest, find_facets
from talentpool.search.index.processes import FACET, LABELS

MOST_PLACES = 6
LEAST_PEOPLE = 5  # in a place, to be worth a segment
KINDS = {
    SourceKind.REFERRAL: "Referred by employees",
    SourceKind.AGENCY: "Brought by agencies",
    SourceKind.PAST_APPLICANT: "Past applicants",
    SourceKind.TALENT_NETWORK: "Talent network",
}

Facets = dict[str, list[str]]


@dataclass(frozen=True)
class Wanted:
    key: str
    name: str
    facets: Facets


def keep_ready_made() -> int:
    """Makes what is missing, and has ask anew what is named after other sources by now; how many changed.

    None is taken away, for a campaign may be written to it.
    """
    if not Candidate.objects.present().exists():
        return 0
    return sum(_keep(wanted) for wanted in [*_families(), *_kinds(), *_places()])


def make_views_of_applications() -> None:
    """What an ATS is connected for, whoever is in the pool."""
    for wanted in _processes():
        _keep(wanted)


def _families() -> Iterator[Wanted]:
    for family in JobFamily.objects.all():
        yield Wanted(f"family:{family.pk}", f"{family.name} (job family)"[:120], {"family": [str(family.pk)]})


def _kinds() -> Iterator[Wanted]:
    yield from _processes()
    for kind, name in KINDS.items():
        sources = Source.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True)
        if sources:
            yield Wanted(f"kind:{kind.value}", name, {"source": [str(pk) for pk in sources]})


def _processes() -> Iterator[Wanted]:
    for value, name in LABELS.items():
        yield Wanted(f"process:{value}", name, {FACET: [value]})


def _places() -> Iterator[Wanted]:
    """Where most people live, as far as the search has counted them."""
    for facet in find_facets(SearchRequest(limit=0)).facets:
        if facet.name == "location":
            for value in [each for each in facet.values if each.count >= LEAST_PEOPLE][:MOST_PLACES]:
                yield Wanted(f"place:{value.value}"[:200], f"In {value.label}"[:120], {"location": [value.value]})


@transaction.atomic
def _keep(wanted: Wanted) -> bool:
    known = Segment.objects.filter(ready_made=wanted.key).first()
    if known is None:
        return _make(wanted)
    if known.name != wanted.name and not Segment.objects.named(wanted.name, by=None).exists():
        Segment.objects.filter(pk=known.pk).update(name=wanted.name)
    if known.facets == wanted.facets:
        return False
    Segment.objects.filter(pk=known.pk).update(facets=wanted.facets, counted_at=None)
    tasks.count_segment.delay(known.pk)
    return True


def _make(wanted: Wanted) -> bool:
    """One that a member saved under this name is theirs, and taken for it if it asks the same."""
    name, taken = wanted.name, Segment.objects.named(wanted.name, by=None).first()
    if taken and (taken.text, taken.facets) == ("", wanted.facets) and not taken.ready_made:
        return bool(Segment.objects.filter(pk=taken.pk).update(ready_made=wanted.key))
    if taken:
        name = f"{wanted.name[:106]} (ready-made)"
        if Segment.objects.named(name, by=None).exists():
            return False
    segment = Segment.objects.create(name=name, facets=wanted.facets, ready_made=wanted.key)
    record("segment.ready_made", segment, by=None, facets=wanted.facets)
    tasks.count_segment.delay(segment.pk)
    return True
