"""Tags: the words that members give to people, one spelling for each whatever its capitals."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.activities import record_activities, record_activity
from talentpool.actions.segments import search_instead
from talentpool.models import ActivityKind, Candidate, CandidateTag, Tag, TagColour
from talentpool.queries.merges import group_of, present_ids


def tag_named(name: str) -> Tag:
    """The tag of that name; made if there is none."""
    tag: Tag
    tag, _ = Tag.objects.get_or_create(name__iexact=name.strip(), defaults={"name": name.strip()})
    return tag


@transaction.atomic
def tag_people(tag: Tag, candidate_ids: Sequence[int], *, by: Member) -> list[int]:
    """Returns those who did not have the tag; they get the activity."""
    wanted = Candidate.objects.present().filter(pk__in=present_ids(candidate_ids))
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
    """False when the person did not have it. Who was merged into them loses it too."""
    removed, _ = CandidateTag.objects.filter(candidate__in=group_of(candidate.pk), tag=tag).delete()
    if removed:
        record_activity(candidate.pk, ActivityKind.UNTAGGED, by=by, tag=tag.name)
    return bool(removed)


@transaction.atomic
def change_tag(tag: Tag, *, name: str, colour: TagColour, by: Member) -> None:
    name = name.strip()
    if Tag.objects.filter(name__iexact=name).exclude(pk=tag.pk).exists():
        raise ValidationError(f"There is a tag “{name}” already. Merge the two instead.")
    before = {"name": tag.name, "colour": tag.colour}
    if before == {"name": name, "colour": colour}:
        return
    tag.name, tag.colour = name, colour
    tag.save(update_fields=["name", "colour"])
    record("tag.changed", tag, by=by, before=before, after={"name": name, "colour": colour.value})


@transaction.atomic
def merge_tags(tag: Tag, into: Tag, *, by: Member) -> int:
    """Whoever has the one has the other from now on, and saved searches for it find them; returns how many people
    did not have it before."""
    if tag.pk == into.pk:
        raise ValidationError("Choose another tag to merge this one into.")
    both = Tag.objects.select_for_update().filter(pk__in=[tag.pk, into.pk]).order_by("pk")  # two mergers take turns
    if len(both) < 2:
        raise ValidationError("Somebody merged or deleted one of the two tags a moment ago.")
    theirs = CandidateTag.objects.filter(tag=tag)
    doubled = CandidateTag.objects.filter(tag=into).values("candidate")
    theirs.filter(candidate__in=doubled).delete()
    moved: int = theirs.update(tag=into)
    search_instead("tag", str(tag.pk), str(into.pk))
    record("tag.merged", into, by=by, merged=tag.name, number=moved)
    tag.delete()
    return moved


@transaction.atomic
def delete_tag(tag: Tag, *, by: Member) -> int:
    """From everybody; saved searches for it search without it. Returns how many people had it."""
    number = CandidateTag.objects.filter(tag=tag).values("candidate").distinct().count()
    CandidateTag.objects.filter(tag=tag).delete()
    search_instead("tag", str(tag.pk))
    record("tag.deleted", tag, by=by, number=number)
    tag.delete()
    return number
