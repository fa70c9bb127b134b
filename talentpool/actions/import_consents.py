"""On what ground the people of an import may be written to, as their uploader said."""

from collections.abc import Mapping
from datetime import datetime

from talentpool.actions.activities import record_activities
from talentpool.actions.bulk_insert import insert_rows
from talentpool.models import ActivityKind, Basis, Consent, ImportRun, Purpose


def grant_basis(run: ImportRun, rows: Mapping[int, int], *, now: datetime) -> None:
    """`rows` is candidate id → row number.

    Who has the same basis already keeps the older proof; who has withdrawn one is not overruled by a file.
    """
    basis = run.options.get("basis", "")
    if not basis or not rows:
        return
    said = Consent.objects.filter(candidate__in=rows, purpose=Purpose.JOBS).values_list(
        "candidate_id", "basis", "withdrawn_at"
    )
    settled = {candidate_id for candidate_id, theirs, withdrawn_at in said if theirs == basis or withdrawn_at}
    granted = {pk: number for pk, number in rows.items() if pk not in settled}
    insert_rows(
        Consent(
            candidate_id=pk,
            origin_id=pk,
            basis=basis,
            text=run.options.get("basis_text", ""),
            proof={"import": run.pk, "file": run.file.name, "sha256": run.file.sha256, "row": number},
            granted_at=now,
            by=run.by,
        )
        for pk, number in granted.items()
    )
    if basis == Basis.CONSENT:
        record_activities(granted, ActivityKind.CONSENT_GIVEN, by=run.by, at=now, source=run.source.name)
