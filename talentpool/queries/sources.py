"""Sources and what they brought."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from talentpool.models import Profile, Source


def sources_with_people() -> QuerySet[Source]:
    """Each source with `people`, the number of those present whom it knows."""
    known = (
        Profile.objects.filter(source=OuterRef("pk"), candidate__merged_into=None, candidate__erased_at=None)
        .order_by()
        .values("source")
        .annotate(people=Count("candidate", distinct=True))
        .values("people")
    )
    return Source.objects.annotate(people=Coalesce(Subquery(known), 0))
