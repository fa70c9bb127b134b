"""Job families with how many jobs are in each."""

from django.db.models import Count, QuerySet
from django.db.models.functions import Lower

from talentpool.models import JobFamily


def families_with_jobs() -> QuerySet[JobFamily]:
    """Each with `number`, by name."""
    return JobFamily.objects.annotate(number=Count("jobs")).order_by(Lower("name"))
