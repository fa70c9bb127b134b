from collections.abc import Mapping, Sequence

from django.db import transaction

from crm.audit import record
from crm.models import Member
from talentpool.models import Segment


@transaction.atomic
def save_search(name: str, *, text: str, facets: Mapping[str, Sequence[str]], by: Member) -> Segment:
    segment = Segment.objects.create(name=name, text=text, facets=dict(facets), by=by)
    record("segment.saved", segment, by=by, text=text, facets=dict(facets))
    return segment


@transaction.atomic
def delete_segment(segment: Segment, *, by: Member) -> None:
    record("segment.removed", segment, by=by, text=segment.text, facets=segment.facets)
    Segment.objects.filter(pk=segment.pk).delete()
