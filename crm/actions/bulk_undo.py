"""Taking background acts back: a run remembers what each of its slices changed, and undoing them is a run itself.

A kind that can be undone calls `remember` in each slice and registers what puts a slice back with `@undo_of(kind)`.
What somebody changed since is left as it is, and counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.models import BulkChange, BulkRun, Member
from crm.models.leased import WorkState
from crm.permissions import Permission, may

UNDO = "undo"
UNDONE_WITHIN = timedelta(days=7)

PutBack = Callable[[BulkRun, Any, Member], int]  # the run, what a slice remembered, who takes it back; how many were


@dataclass(frozen=True)
class Undo:
    permission: Permission
    put_back: PutBack


@dataclass(frozen=True)
class Undoing:
    """What a run's page says of taking it back: until when it can be, or the run that does."""

    until: datetime | None = None
    run: BulkRun | None = None


UNDOS: dict[str, Undo] = {}


def undo_of(kind: str, permission: Permission) -> Callable[[PutBack], PutBack]:
    def register(put_back: PutBack) -> PutBack:
        UNDOS[kind] = Undo(permission, put_back)
        return put_back

    return register


def remember(run: BulkRun, number: int, was: Any) -> None:
    """How it was before this slice, of `number` people; nothing is remembered of nobody."""
    if number:
        BulkChange.objects.create(run=run, number=number, was=was)


def undoing_of(run: BulkRun, member: Member) -> Undoing:
    undo = UNDOS.get(run.kind)
    if undo is None or not run.is_over or not may(member, undo.permission):
        return Undoing()
    if taken_back := _undo_run(run):
        return Undoing(run=taken_back)
    until = (run.ended_at or run.created_at) + UNDONE_WITHIN
    return Undoing(until=until if until > timezone.now() and run.changes.exists() else None)


@transaction.atomic
def undo_bulk_run(run: BulkRun, *, by: Member) -> BulkRun:
    """Puts back what the run changed, as a run of its own; one that was stopped or failed can be tried again."""
    locked: BulkRun = BulkRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    undoing = undoing_of(locked, by)
    if undoing.run:
        return undoing.run
    if undoing.until is None:
        raise ValidationError("That can't be undone, or no longer.")
    total = locked.changes.aggregate(total=Sum("number"))["total"]
    return start_bulk_run(
        UNDO, {"run": locked.pk}, by=by, title=f"Undoing: {locked.title}"[:200], total=total, back_url=locked.back_url
    )


def forget_changes(now: datetime) -> int:
    """Of runs too old to be undone; an undo that goes on keeps what it still needs."""
    going = BulkRun.objects.filter(kind=UNDO, state__in=[WorkState.QUEUED, WorkState.RUNNING]).values("params__run")
    old = BulkChange.objects.filter(run__ended_at__lt=now - UNDONE_WITHIN)
    return int(old.exclude(run__in=[each["params__run"] for each in going]).delete()[0])


@bulk_kind(UNDO)
def _undo_slice(run: BulkRun) -> int:
    undone = BulkRun.objects.select_related("by", "tenant").get(pk=run.params["run"])
    change = undone.changes.filter(pk__gt=run.cursor.get("after", 0)).order_by("pk").first()
    if change is None:
        return 0
    back = UNDOS[undone.kind].put_back(undone, change.was, run.by)
    run.cursor = {"after": change.pk}
    counted = run.result.get("back", 0) + back, run.result.get("left", 0) + max(0, change.number - back)
    run.result |= {"back": counted[0], "left": counted[1], "sentences": _sentences(*counted)}
    return int(change.number)


def _sentences(back: int, left: int) -> list[str]:
    said = [f"{back:,} {'is' if back == 1 else 'are'} as before."]
    if left:
        said.append(f"{left:,} {'was' if left == 1 else 'were'} changed since, and left so.")
    return said


def _undo_run(run: BulkRun) -> BulkRun | None:
    found: BulkRun | None = (
        BulkRun.objects.filter(kind=UNDO, params__run=run.pk)
        .exclude(state__in=[WorkState.CANCELLED, WorkState.FAILED])
        .order_by("-pk")
        .first()
    )
    return found
