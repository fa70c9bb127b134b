"""Tags: the words that members give to people, one spelling for each whatever its capitals."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.activities import record_activities, record_activity
from talentpool.actions.segments import search_instead
from talentpool.models import ActivityKind, Candidate, CandidateTag, Tag, TagColour
from talentpool.queries.merges import group_of, groups_of, present_ids, survivors_of


def tag_named(name: str) -> Tag:
    """The tag of that name; made if there is none."""
    tag: Tag
    tag, _ = Tag.objects.get_or_create(name__iexact=name.strip(), defaults={"name": name.strip()})
    return tag


@transaction.atomic
def tag_people(tag: Tag, candidate_ids: Sequence[int], *, by: Member, now: datetime | None = None) -> list[int]:
    """Returns those who did not have the tag; they get the activity."""
    now = now or timezone.now()
    _take_turns(tag)
    wanted = Candidate.objects.present().filter(pk__in=present_ids(candidate_ids))
    new = list(wanted.exclude(candidatetag_set__tag=tag).order_by("pk").values_list("pk", flat=True))
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


@dataclass(frozen=True)
class Tagging:
    """A row of CandidateTag as it was, so that it can be put back. Whoever was merged into the person has rows too."""

    person_id: int
    candidate_id: int
    origin_id: int
    by_id: int | None
    at: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@transaction.atomic
def untag_people(tag: Tag, candidate_ids: Sequence[int], *, by: Member) -> list[Tagging]:
    """From many people, and from who was merged into them; returns what was taken."""
    _take_turns(tag)
    ids = list(Candidate.objects.present().filter(pk__in=present_ids(candidate_ids)).values_list("pk", flat=True))
    person = {pk: root for root, group in groups_of(ids).items() for pk in group}
    rows = CandidateTag.objects.filter(tag=tag, candidate__in=person).order_by("pk")
    taken = [
        Tagging(person[each.candidate_id], each.candidate_id, each.origin_id, each.by_id, each.at.isoformat())
        for each in rows
    ]
    rows.delete()
    had = sorted({each.person_id for each in taken})
    record_activities(had, ActivityKind.UNTAGGED, by=by, tag=tag.name)
    if had:
        record("tag.taken", tag, by=by, number=len(had))
    return taken


@transaction.atomic
def take_back_tag(tag: Tag, candidate_ids: Iterable[int], at: datetime, *, by: Member) -> int:
    """The tag as it was given at that moment: who has it from somebody else, or again, keeps it."""
    _take_turns(tag)
    given = CandidateTag.objects.filter(tag=tag, origin__in=list(candidate_ids), at=at)
    whose = list(given.order_by("pk").values_list("candidate_id", "origin_id"))
    given.delete()
    record_activities(whose, ActivityKind.UNTAGGED, by=by, tag=tag.name)
    if whose:
        record("tag.taken", tag, by=by, number=len(whose))
    return len(whose)


@transaction.atomic
def give_back_tag(tag: Tag, taken: Iterable[Tagging], *, by: Member) -> int:
    """What untag_people took; who has the tag again, was merged or erased keeps things as they are now."""
    _take_turns(tag)
    rows = list(taken)
    people = {each.person_id for each in rows}
    has = CandidateTag.objects.filter(tag=tag, candidate__in=people).values("candidate")
    without = Candidate.objects.present().filter(pk__in=people).exclude(pk__in=has)
    back = set(without.values_list("pk", flat=True))
    leads_to = survivors_of({each.candidate_id for each in rows})
    CandidateTag.objects.bulk_create(
        CandidateTag(
            tag=tag,
            candidate_id=each.candidate_id,
            origin_id=each.origin_id,
            by_id=each.by_id,
            at=datetime.fromisoformat(each.at),
        )
        for each in rows
        if each.person_id in back and leads_to.get(each.candidate_id) == each.person_id
    )
    record_activities(sorted(back), ActivityKind.TAGGED, by=by, tag=tag.name)
    if back:
        record("tag.given", tag, by=by, number=len(back))
    return len(back)


def _take_turns(tag: Tag) -> None:
    """Two who give or take one tag wait for each other, so that each knows exactly whom she changed."""
    list(Tag.objects.select_for_update(no_key=True).filter(pk=tag.pk))


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
