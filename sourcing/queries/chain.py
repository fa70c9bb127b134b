"""Which entries of the search log have no place in the chain yet."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet

from sourcing.models import SearchLogEntry, SearchLogLink

LONGEST_TRANSACTION = timedelta(hours=1)  # an entry may be that much older than another that was committed before it


def unchained() -> QuerySet[SearchLogEntry]:
    """What is older than the chain's latest by more than a transaction can last needs no look: it was chained."""
    entries = SearchLogEntry.objects.filter(~Exists(SearchLogLink.objects.filter(entry_id=OuterRef("pk"))))
    latest = SearchLogLink.objects.order_by("-number").values_list("at", flat=True).first()
    return (entries.filter(at__gte=latest - LONGEST_TRANSACTION) if latest else entries).order_by("pk")
