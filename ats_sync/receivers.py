"""News from below: somebody was erased, or edited."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from ats_sync.actions.rights import look_for_conflicts
from ats_sync.models import AtsRecord, Conflict, ConflictState, Connection, Push
from talentpool.signals import candidate_edited, candidate_erased


@receiver(candidate_erased)
def _forget(sender: Any, candidate_id: int, **kwargs: Any) -> None:
    """Ids of a person in an ATS are data about her. She stays out by the hash of that id."""
    AtsRecord.objects.filter(candidate_id=candidate_id).delete()
    Push.objects.filter(candidate_id=candidate_id).delete()


@receiver(candidate_edited)
def _ask_no_more(sender: Any, candidate_id: int, **kwargs: Any) -> None:
    """Who edits a field anew has seen what the ATS says of it."""
    asked = Conflict.objects.filter(candidate_id=candidate_id, state=ConflictState.OPEN)
    for connection in Connection.objects.filter(pk__in=asked.values("connection")):
        look_for_conflicts(connection, [candidate_id], now=timezone.now())
