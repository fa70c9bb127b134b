"""The lines of a person's story, written by the actions that make them happen, in their transaction."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import timezone

from crm.models import Member
from talentpool.actions.bulk_insert import insert_rows
from talentpool.actions.warmth import refresh_warmth
from talentpool.models import Activity, ActivityKind
from talentpool.relationship import WEIGHTS


def record_activity(
    candidate_id: int, kind: ActivityKind, *, by: Member | None = None, at: datetime | None = None, **data: Any
) -> Activity:
    """`data` is JSON, with names as they are now, so that the line stays true when they change."""
    activity = Activity.objects.create(
        candidate_id=candidate_id, origin_id=candidate_id, kind=kind, by=by, at=at or timezone.now(), data=data
    )
    if kind in WEIGHTS:
        refresh_warmth([candidate_id])
    return activity


def record_activities(
    candidate_ids: Collection[int],
    kind: ActivityKind,
    *,
    by: Member | None = None,
    at: datetime | None = None,
    **data: Any,
) -> None:
    """The same line for many people, in one insert."""
    at = at or timezone.now()
    insert_rows(Activity(candidate_id=pk, origin_id=pk, kind=kind, by=by, at=at, data=data) for pk in candidate_ids)
    if kind in WEIGHTS:
        refresh_warmth(candidate_ids)


def untell(candidate_id: int, kind: ActivityKind, **data: Any) -> None:
    """Takes a line back that was no truth: what seemed a person's doing was a machine's."""
    if Activity.objects.filter(candidate=candidate_id, kind=kind, data__contains=data).delete()[0]:
        refresh_warmth([candidate_id])
