"""Tasks: what members are to do about people or besides; done, put off, and reminded of once when they are due."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.permissions import Permission, may
from talentpool.actions.activities import record_activity
from talentpool.actions.bulk_insert import insert_rows
from talentpool.dates import NEVER, Due
from talentpool.models import ActivityKind, Candidate, Task

MOST_AT_ONCE = 1000

_LOCK = 0x5E311D00  # the advisory locks of PostgreSQL that are this module's: one per member


@transaction.atomic
def add_task(
    text: str,
    *,
    assignee: Member,
    by: Member,
    candidate: Candidate | None = None,
    due: Due = NEVER,
    now: datetime | None = None,
) -> Task:
    _check(assignee)
    task = Task.objects.create(
        **_values(text, assignee, by, due, now or timezone.now()), candidate=candidate, origin=candidate
    )
    about: dict[str, Any] = {"candidate_id": candidate.pk} if candidate else {}
    record("task.added", task, by=by, assignee=assignee.name, **about)
    return task


@transaction.atomic
def remind_about(
    candidate_ids: Sequence[int], text: str, *, assignee: Member, by: Member, due: Due, now: datetime | None = None
) -> int:
    """The same task about each of these people; returns about how many."""
    _check(assignee)
    if len(candidate_ids) > MOST_AT_ONCE:
        raise ValidationError(
            f"{len(candidate_ids):,} reminders would bury the others: choose {MOST_AT_ONCE:,} people at the most."
        )
    people = Candidate.objects.present().filter(pk__in=candidate_ids).order_by("pk").values_list("pk", flat=True)
    values = _values(text, assignee, by, due, now or timezone.now())
    tasks = [Task(**values, candidate_id=pk, origin_id=pk) for pk in people]
    insert_rows(tasks)
    if tasks:
        record("task.added_for_many", None, by=by, assignee=assignee.name, number=len(tasks))
    return len(tasks)


@transaction.atomic
def change_task(task: Task, *, text: str, assignee: Member, due: Due, by: Member) -> None:
    """A new time is reminded of anew."""
    locked = _open(task)
    _check(assignee)
    before = {"assignee": locked.assignee.name}
    if locked.due_at != due.due_at or locked.assignee_id != assignee.pk:
        locked.reminded_at = None
    locked.text, locked.assignee = text, assignee
    locked.due_at, locked.overdue_at, locked.whole_day = due.due_at, due.overdue_at, due.whole_day
    locked.save()
    record("task.changed", locked, by=by, before=before, after={"assignee": assignee.name})


@transaction.atomic
def snooze_task(task: Task, due: Due, *, by: Member) -> None:
    changed = Task.objects.open().filter(pk=task.pk)
    values = {"due_at": due.due_at, "overdue_at": due.overdue_at, "whole_day": due.whole_day, "reminded_at": None}
    if changed.update(**values):
        record("task.snoozed", task, by=by, until=due.due_at.isoformat() if due.due_at else "")


@transaction.atomic
def finish_task(task: Task, *, by: Member, now: datetime | None = None) -> None:
    """Doing it twice is doing it once; a task about a person is a line of their story."""
    now = now or timezone.now()
    if Task.objects.open().filter(pk=task.pk).update(done_at=now, done_by=by):
        record("task.done", task, by=by)
        if task.candidate_id:
            record_activity(task.candidate_id, ActivityKind.TASK_DONE, by=by, at=now, task_id=task.pk, text=task.text)


@transaction.atomic
def reopen_task(task: Task, *, by: Member) -> None:
    """Not done after all; its reminder is not sent again."""
    if Task.objects.filter(pk=task.pk, done_at__isnull=False).update(done_at=None, done_by=None):
        record("task.reopened", task, by=by)


def assignees_due(*, now: datetime) -> list[int]:
    """Ids of the members with tasks that became due and of which nobody was reminded."""
    due = Task.objects.open().filter(reminded_at=None, due_at__lte=now).order_by("assignee")
    return list(due.values_list("assignee_id", flat=True).distinct())


@contextmanager
def reminding(member_id: int, *, now: datetime) -> Iterator[list[int]]:
    """The tasks to remind a member of; none where another worker is at it. Within, the letter is handed over.

    One transaction under a lock of the member's: who is killed before its end has reminded of nothing, and the next
    round does. Only one who is killed between the mail server's yes and the end, some milliseconds, sends two. The
    tasks themselves are not locked while the mail server takes its time.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK, member_id % 2**31])
        (is_free,) = cursor.fetchone()
        due = Task.objects.open().filter(assignee=member_id, reminded_at=None, due_at__lte=now)
        ids = list(due.values_list("pk", flat=True)) if is_free else []
        yield ids
        due.filter(pk__in=ids).update(reminded_at=now)


def tenants_with_due_tasks() -> list[int]:
    """Asked outside any scope; tells nothing but ids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenants_with_due_tasks()")
        return [tenant_id for (tenant_id,) in cursor.fetchall()]


def _values(text: str, assignee: Member, by: Member, due: Due, now: datetime) -> dict[str, object]:
    return {
        "text": text,
        "assignee": assignee,
        "by": by,
        "created_at": now,
        "due_at": due.due_at,
        "overdue_at": due.overdue_at,
        "whole_day": due.whole_day,
    }


def _check(assignee: Member) -> None:
    if assignee.removed_at is not None or not may(assignee, Permission.VIEW_CANDIDATES):
        raise ValidationError(f"{assignee.name} may not see candidates, and so can't be given this.")


def _open(task: Task) -> Task:
    locked: Task = Task.objects.select_for_update(of=("self",)).select_related("assignee").get(pk=task.pk)
    if locked.done_at is not None:
        raise ValidationError("It is done. Mark it as not done to change it.")
    return locked
