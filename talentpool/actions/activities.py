"""The lines of a person's story, written by the actions that make them happen, in their transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from crm.models import Member
from talentpool.actions.bulk_insert import insert_values
from talentpool.actions.warmth import refresh_warmth
from talentpool.models import Activity, ActivityKind
from talentpool.relationship import WEIGHTS


def record_activity(
    candidate_id: int,
    kind: ActivityKind,
    *,
    by: Member | None = None,
    at: datetime | None = None,
    origin_id: int | None = None,
    **data: Any,
) -> Activity:
    """`data` is JSON, with names as they are now, so that the line stays true when they change.

    A line about a row of the person has that row's origin, so that it goes where the row goes.
    """
    activity = Activity.objects.create(
        candidate_id=candidate_id,
        origin_id=origin_id or candidate_id,
        kind=kind,
        by=by,
        at=at or timezone.now(),
        data=data,
    )
    if kind in WEIGHTS:
        refresh_warmth([candidate_id])
    return activity


def record_activities(
    whose: Iterable[int | tuple[int, int]],
    kind: ActivityKind,
    *,
    by: Member | None = None,
    at: datetime | None = None,
    **data: Any,
) -> None:
    """The same line for many people, in one insert; each by id, or as (candidate, origin) of the row it is about."""
    at = at or timezone.now()
    pairs = [each if isinstance(each, tuple) else (each, each) for each in whose]
    rows = [f'{{"candidate_id": {pk}, "origin_id": {origin}}}' for pk, origin in pairs]
    by_id = by.pk if by else None
    insert_values(Activity, ["candidate_id", "origin_id"], rows, kind=kind, by_id=by_id, at=at, data=data)
    if kind in WEIGHTS:
        refresh_warmth([pk for pk, _ in pairs])


def record_lines(lines: Iterable[Activity]) -> None:
    """Lines of many people, each its own, in one insert."""
    made = Activity.objects.bulk_create(lines)
    if weighing := {line.candidate_id for line in made if line.kind in WEIGHTS}:
        refresh_warmth(weighing)


def untell(candidate_id: int, kind: ActivityKind, **data: Any) -> None:
    """Takes a line back that was no truth: what seemed a person's doing was a machine's."""
    if Activity.objects.filter(candidate=candidate_id, kind=kind, data__contains=data).delete()[0]:
        refresh_warmth([candidate_id])
