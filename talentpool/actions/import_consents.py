"""On what ground the people of an import may be written to, as their uploader said."""

from collections.abc import Collection, Mapping
from datetime import datetime

from talentpool.actions.activities import record_activities
from talentpool.actions.arrivals import as_json
from talentpool.actions.bulk_insert import insert_values
from talentpool.models import ActivityKind, Basis, Consent, ImportRun, Purpose


def grant_basis(run: ImportRun, rows: Mapping[int, int], *, new: Collection[int] = (), now: datetime) -> None:
    """`rows` is candidate id → row number; of `new` people it is known that nobody has said anything yet.

    Who has the same basis already keeps the older proof; who has withdrawn one is not overruled by a file.
    """
    basis = run.options.get("basis", "")
    if not basis or not rows:
        return
    known = rows.keys() - set(new)
    said = Consent.objects.filter(candidate__in=known, purpose=Purpose.JOBS).values_list(
        "candidate_id", "basis", "withdrawn_at"
    )
    settled = {candidate_id for candidate_id, theirs, withdrawn_at in said if theirs == basis or withdrawn_at}
    granted = {pk: number for pk, number in rows.items() if pk not in settled}
    proof = as_json({"import": run.pk, "file": run.file.name, "sha256": run.file.sha256})[:-1]
    insert_values(
        Consent,
        ["candidate_id", "origin_id", "proof"],
        [
            f'{{"candidate_id": {pk}, "origin_id": {pk}, "proof": {proof}, "row": {number}}}}}'
            for pk, number in granted.items()
        ],
        basis=basis,
        text=run.options.get("basis_text", ""),
        granted_at=now,
        by_id=run.by_id,
    )
    if basis == Basis.CONSENT:
        given = {"source": run.source.name, "import": run.pk}
        record_activities(granted, ActivityKind.CONSENT_GIVEN, by=run.by, at=now, **given)
