"""People of the pool go to the ATS: one, or many in the background."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.urls import reverse

from ats_sync.actions.pushes import push
from ats_sync.models import Connection, Push, PushKind
from ats_sync.queries.forecast import Forecast, Outcome, forecasts, numbers
from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.models import BulkRun, Member
from talentpool.actions.selections import next_ids
from talentpool.models import Selection

SLICE = 100
KIND = "add_to_ats"


def add_people(
    connection: Connection, candidate_ids: Sequence[int], *, job: str, source: str, by: Member
) -> tuple[list[Push], list[Forecast]]:
    """Those who can be added are; what becomes of each is in the forecasts. Raises a ValidationError when it is off."""
    found = forecasts(connection, candidate_ids, job)
    content = {name: value for name, value in (("job", job), ("source", source)) if value}
    pushes = [
        push(connection, each.person, PushKind.ADD if each.outcome is Outcome.NEW else PushKind.APPLY, content, by=by)
        for each in found
        if each.happens
    ]
    return pushes, found


def add_selection(
    connection: Connection, selection: Selection, *, job: str, source: str, total: int, by: Member
) -> BulkRun:
    if not connection.is_on:
        raise ValidationError(f"“{connection}” is not running, so nothing can be sent there.")
    return start_bulk_run(
        KIND,
        {"selection": selection.pk, "connection": connection.pk, "job": job, "source": source},
        by=by,
        title=f"Adding people to {connection}",
        total=total,
        back_url=reverse("ats_sync:log", args=[by.tenant.slug, connection.pk]) + "?show=went",
    )


@bulk_kind(KIND)
def _add_slice(run: BulkRun) -> int:
    ids, connection = next_ids(run, SLICE), Connection.objects.get(pk=run.params["connection"])
    _, found = add_people(connection, ids, job=run.params["job"], source=run.params["source"], by=run.by)
    counted = run.result.get("counts", {})
    for words, number in numbers(found):
        counted[words] = counted.get(words, 0) + number
    run.result |= {"counts": counted, "sentences": [f"{words}: {number:,}." for words, number in counted.items()]}
    return len(ids)
