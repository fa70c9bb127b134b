"""The people behind the numbers of a report: each figure's link leads to exactly those it counted."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Lower

from analytics.queries.segments import within
from talentpool.models import Candidate, ContactState, Profile, Segment, Source, Suppression, SuppressionReason
from talentpool.models.candidate import CandidateQuerySet

UNREACHABLE = (SuppressionReason.UNSUBSCRIBED, SuppressionReason.COMPLAINED, SuppressionReason.BOUNCED)


@dataclass(frozen=True)
class Month:
    """A calendar month of a time zone, as the two moments it lies between."""

    first_day: date
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first_day, time.min, self.zone)

    @property
    def ends(self) -> datetime:
        following = self.first_day.year * 12 + self.first_day.month
        return datetime.combine(date(following // 12, following % 12 + 1, 1), time.min, self.zone)


def people_of_number(
    *,
    state: str = "",
    month: Month | None = None,
    source: Source | None = None,
    sourceless: bool = False,
    segment: Segment | None = None,
) -> CandidateQuerySet:
    """Those whom the number with this link counted, with `contact_state`.

    `state` is "" for the pool, "may_write", or "lost" (which takes a month).
    """
    if state == "lost":
        assert month is not None
        return within(lost_in(month), segment).with_contact_state()
    people = may_be_written_to() if state == "may_write" else Candidate.objects.present().with_contact_state()
    people = within(people, segment)
    if month is not None:
        people = people.filter(created_at__gte=month.begins, created_at__lt=month.ends)
    return first_from(people, source) if source or sourceless else people


def may_be_written_to() -> CandidateQuerySet:
    return Candidate.objects.present().with_contact_state().filter(Q(contact_state=ContactState.MAY_WRITE))


def first_from(people: CandidateQuerySet, source: Source | None) -> CandidateQuerySet:
    """Those whom the source brought first: who else named them later does not count."""
    first = Profile.objects.filter(candidate=OuterRef("pk")).order_by("pk").values("source")[:1]
    found = people.alias(first_source=Subquery(first))
    return found.filter(first_source=source.pk) if source else found.filter(first_source=None)


def lost_in(month: Month) -> CandidateQuerySet:
    """Erased in the month, or of an address that could no longer be written to since a day of it; with `lost_by`."""
    erased = Q(erased_at__gte=month.begins, erased_at__lt=month.ends)
    people = Candidate.objects.filter(merged_into=None, is_undone=False).alias(address=Lower("email"))
    bounced = Q(address__in=_addresses(month, SuppressionReason.BOUNCED))
    left = Q(address__in=_addresses(month, SuppressionReason.UNSUBSCRIBED, SuppressionReason.COMPLAINED))
    present = Q(erased_at=None)
    return people.filter(erased | (present & (bounced | left))).annotate(
        lost_by=Case(
            When(erased, then=Value(SuppressionReason.ERASED.value)),
            When(left, then=Value(SuppressionReason.UNSUBSCRIBED.value)),
            default=Value(SuppressionReason.BOUNCED.value),
            output_field=CharField(),
        )
    )


def _addresses(month: Month, *reasons: SuppressionReason) -> QuerySet[Suppression, str]:
    within = Suppression.objects.filter(at__gte=month.begins, at__lt=month.ends, reason__in=reasons)
    return within.values_list("address", flat=True)
