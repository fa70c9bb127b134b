"""“Not the same”: said once of two people, it holds for whoever either of them is merged with."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.models import Apart, Candidate, MatchPair, PairState
from talentpool.queries.merges import survivors_of


@transaction.atomic
def keep_apart(one: Candidate, other: Candidate, *, by: Member | None, now: datetime | None = None) -> Apart:
    """Saying it twice changes nothing. Who is merged already has to be parted first."""
    now = now or timezone.now()
    low, high = sorted((one.pk, other.pk))
    if low == high:
        raise ValidationError("That is one person; two are needed.")
    list(Candidate.objects.filter(pk__in=(low, high)).order_by("pk").select_for_update(no_key=True).values("pk"))
    leads_to = survivors_of([low, high])
    if leads_to.get(low) == leads_to.get(high):
        raise ValidationError("These two were merged. Undo the merge first.")
    apart, created = Apart.objects.get_or_create(low_id=low, high_id=high, defaults={"by": by, "at": now})
    if not created and apart.withdrawn_at:
        apart.withdrawn_at, apart.by, apart.at, created = None, by, now, True
        apart.save(update_fields=["withdrawn_at", "by", "at"])
    MatchPair.objects.filter(low=low, high=high).exclude(state=PairState.APART).update(
        state=PairState.APART, decided_by=by, decided_at=now, later_until=None
    )
    if created:
        record("candidate.kept_apart", one, by=by, other=other.pk)
    return apart


@transaction.atomic
def withdraw_apart(apart: Apart, *, by: Member | None, now: datetime | None = None) -> bool:
    """False when it was withdrawn before."""
    if not Apart.objects.holding().filter(pk=apart.pk).update(withdrawn_at=now or timezone.now()):
        return False
    record("candidate.apart_withdrawn", apart.low, by=by, other=apart.high_id)
    return True


def withdraw_between(ones: list[int], others: list[int], *, by: Member | None, now: datetime) -> None:
    between = Q(low__in=ones, high__in=others) | Q(low__in=others, high__in=ones)
    for apart in Apart.objects.holding().filter(between).select_related("low"):
        withdraw_apart(apart, by=by, now=now)
