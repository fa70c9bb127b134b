from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from crm.audit import record
from crm.models import Member
from talentpool.models import Segment
from talentpool.search.index.processes import FACET, LABELS


@transaction.atomic
def save_search(
    name: str,
    *,
    text: str,
    facets: Mapping[str, Sequence[str]],
    exactly: bool = True,
    less: Sequence[str] = (),
    by: Member,
) -> Segment:
    search: dict[str, Any] = {"text": text, "facets": dict(facets), "exactly": exactly, "less": list(less)}
    segment = Segment.objects.create(name=name, by=by, **search)
    record("segment.saved", segment, by=by, **search)
    return segment


@transaction.atomic
def save_views_of_applications(*, by: Member) -> None:
    """The views that an ATS is connected for, each unless there is one of that name."""
    taken = set(Segment.objects.filter(name__in=LABELS.values()).values_list("name", flat=True))
    for value, name in LABELS.items():
        if name not in taken:
            save_search(name, text="", facets={FACET: [value]}, by=by)


@transaction.atomic
def delete_segment(segment: Segment, *, by: Member) -> None:
    """Refused while a campaign is written to it: what was approved must stay what it was."""
    record("segment.removed", segment, by=by, **segment.search)
    try:
        Segment.objects.filter(pk=segment.pk).delete()
    except ProtectedError:
        raise ValidationError(f"A campaign is written to “{segment.name}”, so it stays.") from None


def search_instead(facet: str, value: str, other: str = "") -> None:
    """Saved searches that were narrowed to a value which is gone; without another one they search without it."""
    for segment in Segment.objects.filter(**{f"facets__{facet}__contains": [value]}).select_for_update():
        kept = [each for each in segment.facets[facet] if each != value]
        if other and other not in kept:
            kept.append(other)
        others = {name: values for name, values in segment.facets.items() if name != facet}
        segment.facets = {**others, facet: kept} if kept else others
        segment.save(update_fields=["facets"])
