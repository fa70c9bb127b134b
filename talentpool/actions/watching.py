"""Following a person: added by oneself or by a colleague; what happens with the person is then news on Home."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.permissions import Permission, may
from talentpool.models import Candidate, Mention, Watcher
from talentpool.queries.merges import group_of


@transaction.atomic
def watch(candidate: Candidate, member: Member, *, by: Member, now: datetime | None = None) -> bool:
    """False when the member follows this person already."""
    if member.removed_at is not None or not may(member, Permission.VIEW_CANDIDATES):
        raise ValidationError(f"{member.name} may not see candidates, and so can't follow one.")
    if Watcher.objects.filter(candidate=candidate, member=member).exists():
        return False
    now = now or timezone.now()
    values = {"by": by, "at": now, "seen_at": now}
    _, created = Watcher.objects.get_or_create(candidate=candidate, origin=candidate, member=member, defaults=values)
    if created:
        record("candidate.watched", candidate, by=by, member=member.name)
    return created


@transaction.atomic
def unwatch(candidate: Candidate, member: Member, *, by: Member) -> bool:
    """False when the member did not follow this person."""
    removed, _ = Watcher.objects.filter(candidate__in=group_of(candidate.pk), member=member).delete()
    if removed:
        record("candidate.unwatched", candidate, by=by, member=member.name)
    return bool(removed)


def mark_seen(candidate: Candidate, member: Member, *, now: datetime | None = None) -> None:
    """The member looks at the person: mentions are read, and what happened until now is no news any more."""
    now = now or timezone.now()
    Mention.objects.filter(candidate=candidate, member=member, seen_at=None).update(seen_at=now)
    Watcher.objects.filter(candidate=candidate, member=member).update(seen_at=now)


@transaction.atomic
def mark_all_seen(member: Member, *, now: datetime | None = None) -> None:
    now = now or timezone.now()
    Mention.objects.filter(member=member, seen_at=None).update(seen_at=now)
    Watcher.objects.filter(member=member).update(seen_at=now)
