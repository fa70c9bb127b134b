"""Narrowing a report to the people who are in a segment now."""

from talentpool.models import Segment, SegmentMember
from talentpool.models.candidate import CandidateQuerySet

# With `tenant` and `segment`, which is None for everybody.
MEMBERS = "SELECT candidate_id FROM talentpool_segmentmember WHERE tenant_id = %(tenant)s AND segment_id = %(segment)s"


def within(people: CandidateQuerySet, segment: Segment | None) -> CandidateQuerySet:
    """Everybody where there is no segment."""
    if segment is None:
        return people
    return people.filter(pk__in=SegmentMember.objects.filter(segment=segment).values("candidate"))
