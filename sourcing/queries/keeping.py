"""How long the search log is kept, and what a legal hold keeps beyond that."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from sourcing.models import EntryKind, LegalHold, SearchLogEntry, SearchLogSettings


def log_settings() -> SearchLogSettings:
    """The organisation's; what holds by default where it has said nothing."""
    return SearchLogSettings.objects.first() or SearchLogSettings()


def holds() -> QuerySet[LegalHold]:
    """Those that last."""
    return LegalHold.objects.filter(ended_at=None)


def kept_since(now: datetime) -> datetime:
    """What happened before that day has been kept long enough."""
    years = log_settings().keep_years
    return now.replace(year=now.year - years, day=min(now.day, 28) if now.month == 2 else now.day)


def sessions_over(now: datetime, number: int) -> list[UUID | None]:
    """Sessions kept long enough, whose position nobody holds. A session goes as a whole, or not at all."""
    held = list(holds())
    if any(hold.job_id is None and hold.pipeline_id is None for hold in held):
        return []
    entries = SearchLogEntry.objects.filter(session__isnull=False)
    if held:
        jobs = [hold.job_id for hold in held if hold.job_id]
        pipelines = [hold.pipeline_id for hold in held if hold.pipeline_id]
        positions = SearchLogEntry.objects.filter(
            Q(job_id__in=jobs) | Q(pipeline_id__in=pipelines), kind=EntryKind.POSITION
        )
        entries = entries.exclude(session__in=positions.values("session"))
    ended = entries.values("session").annotate(last=Max("at")).filter(last__lt=kept_since(now))
    return list(ended.order_by("last").values_list("session", flat=True)[:number])
