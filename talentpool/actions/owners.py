from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.activities import record_activity
from talentpool.models import ActivityKind, Candidate


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
