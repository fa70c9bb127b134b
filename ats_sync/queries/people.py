"""Who of the pool is in the ATS."""

from collections.abc import Sequence

from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import Kind


def ats_id_of(connection: Connection, candidate_id: int) -> str:
    """The person's id there; of somebody who is there twice the newer one, and nothing for who isn't."""
    theirs = AtsRecord.objects.filter(
        connection=connection, kind=Kind.PERSON, candidate=candidate_id, gone_at=None
    ).order_by("-pk")
    return theirs.values_list("external_id", flat=True).first() or ""


def known_in(connection: Connection, candidate_ids: Sequence[int]) -> set[int]:
    theirs = AtsRecord.objects.filter(
        connection=connection, kind=Kind.PERSON, candidate__in=candidate_ids, gone_at=None
    )
    return {pk for pk in theirs.values_list("candidate_id", flat=True) if pk}
