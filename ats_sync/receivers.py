"""News from below: somebody was erased."""

from typing import Any

from django.dispatch import receiver

from ats_sync.models import AtsRecord, Push
from talentpool.signals import candidate_erased


@receiver(candidate_erased)
def _forget(sender: Any, candidate_id: int, **kwargs: Any) -> None:
    """Ids of a person in an ATS are data about her. She stays out by the hash of that id."""
    AtsRecord.objects.filter(candidate_id=candidate_id).delete()
    Push.objects.filter(candidate_id=candidate_id).delete()
