"""Tags: the words that members give to people, one spelling for each whatever its capitals."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.activities import record_activities, record_activity
from talentpool.models import ActivityKind, Candidate, CandidateTag, Tag


def tag_named(name: str) -> Tag:
    """The tag of that name; made if there is none."""
    tag: Tag
    tag, _ = Tag.objects.get_or_create(name__iexact=name.strip(), defaults={"name": name.strip()})
    return tag


@transaction.atomic
def tag_people(tag: Tag, candidate_ids: Sequence[int], *, by: Member) -> list[int]:
    """Returns those who did not have the tag; they get the activity."""
    wanted = Candidate.objects.present().filter(pk__in=candidate_ids)
    new = list(wanted.exclude(candidatetag_set__tag=tag).order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    CandidateTag.objects.bulk_create(
        (CandidateTag(tag=tag, candidate_id=pk, origin_id=pk, by=by, at=now) for pk in new), ignore_conflicts=True
    )
    record_activities(new, ActivityKind.TAGGED, by=by, at=now, tag=tag.name)
    if new:
        record("tag.given", tag, by=by, number=len(new))
    return new


@transaction.atomic
def untag(candidate: Candidate, tag: Tag, *, by: Member) -> bool:
    """False when the person did not have it."""
    removed, _ = CandidateTag.objects.filter(candidate=candidate, tag=tag).delete()
    if removed:
        record_activity(candidate.pk, ActivityKind.UNTAGGED, by=by, tag=tag.name)
    return bool(removed)
