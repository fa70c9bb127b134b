"""What came from an ATS and what went there, newest first."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from ats_sync.models import AtsRecord, Connection, Event, Push
from ats_sync.vocabulary import Kind
from crm.models.leased import WorkState

PAGE = 50
STATES: Mapping[str, tuple[str, ...]] = {
    "waiting": (WorkState.QUEUED, WorkState.RUNNING),
    "failed": (WorkState.FAILED,),
    "done": (WorkState.DONE,),
    "cancelled": (WorkState.CANCELLED,),
}


def came(connection: Connection, state: str, before: int | None) -> tuple[list[Event], int | None]:
    rows = Event.objects.filter(connection=connection).defer("body", "headers")
    return _page(rows, state, before)


def went(connection: Connection, state: str, before: int | None) -> tuple[list[Push], int | None]:
    rows = Push.objects.filter(connection=connection).select_related("candidate", "by")
    return _page(rows, state, before)


def _page(rows: QuerySet[Any], state: str, before: int | None) -> tuple[list[Any], int | None]:
    """The rows of a page, and the id before which the next one begins."""
    if state in STATES:
        rows = rows.filter(state__in=STATES[state])
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def names_in(connection: Connection, pushes: Sequence[Push]) -> dict[int, str]:
    """What each push is about, by the ATS's own words: a job, a stage, a reason."""
    wanted = {(Kind.JOB, "job"), (Kind.STAGE, "stage"), (Kind.REASON, "reason")}
    ids = {str(push.content[name]) for push in pushes for _, name in wanted if push.content.get(name)}
    if not ids:
        return {push.pk: _about(push, {}) for push in pushes}
    records = AtsRecord.objects.filter(
        connection=connection, kind__in=[kind for kind, _ in wanted], external_id__in=ids
    )
    names = {(each.kind, each.external_id): each.name for each in records}
    return {push.pk: _about(push, names) for push in pushes}


def _about(push: Push, names: Mapping[tuple[str, str], str]) -> str:
    said = [names.get((kind, str(push.content.get(kind, ""))), "") for kind in ("job", "stage", "reason")]
    return ", ".join([*filter(None, said), *map(str, push.content.get("tags", ()))])
