from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.activities import record_activities, record_activity
from talentpool.models import ActivityKind, Candidate
from talentpool.queries.merges import present_ids


@transaction.atomic
def set_owner(candidate: Candidate, owner: Member | None, *, by: Member) -> None:
    """Who looks after this person; nobody, when None."""
    if candidate.owner_id == (owner.pk if owner else None):
        return
    before = candidate.owner.name if candidate.owner else ""
    Candidate.objects.filter(pk=candidate.pk).update(owner=owner, updated_at=timezone.now())
    candidate.owner = owner
    after = owner.name if owner else ""
    record_activity(candidate.pk, ActivityKind.OWNER_CHANGED, by=by, to=after, **{"from": before})  # type: ignore[arg-type]
    record("candidate.owner_changed", candidate, by=by, before=before, after=after)


@transaction.atomic
def assign_people(candidate_ids: Sequence[int], owner: Member | None, *, by: Member) -> dict[int, int | None]:
    """The same owner for many people; returns whose changed, each with the id of the one before."""
    rows = Candidate.objects.present().filter(pk__in=present_ids(candidate_ids)).order_by("pk")
    owners = dict(rows.select_for_update(of=("self",), no_key=True).values_list("pk", "owner_id"))
    changed: dict[int, int | None] = {
        pk: before for pk, before in owners.items() if before != (owner.pk if owner else None)
    }
    _assign(changed, owner, by=by)
    return changed


@transaction.atomic
def reassign_people(before: Mapping[int, int | None], since: Member | None, *, by: Member) -> int:
    """Back to whose they were, of those who are still `since`'s; returns how many."""
    still = Candidate.objects.present().filter(pk__in=before, owner=since).order_by("pk")
    ids = list(still.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    owners = Member.objects.in_bulk({pk for pk in before.values() if pk})
    by_owner: dict[int | None, list[int]] = defaultdict(list)
    for pk in ids:
        by_owner[before[pk]].append(pk)
    for owner_id, theirs in by_owner.items():
        _assign(dict.fromkeys(theirs, since.pk if since else None), owners.get(owner_id) if owner_id else None, by=by)
    return len(ids)


def _assign(before: Mapping[int, int | None], owner: Member | None, *, by: Member) -> None:
    if not before:
        return
    Candidate.objects.filter(pk__in=before).update(owner=owner, updated_at=timezone.now())
    names = _names({pk for pk in before.values() if pk})
    for owner_id in set(before.values()):
        whose = [pk for pk, theirs in before.items() if theirs == owner_id]
        words = {"from": names.get(owner_id or 0, ""), "to": owner.name if owner else ""}
        record_activities(whose, ActivityKind.OWNER_CHANGED, by=by, **words)  # type: ignore[arg-type]
    record("candidate.owners_changed", owner, by=by, number=len(before))


def _names(member_ids: Iterable[int]) -> dict[int, str]:
    return dict(Member.objects.filter(pk__in=list(member_ids)).values_list("pk", "name"))
