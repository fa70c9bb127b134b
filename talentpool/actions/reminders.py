"""Tasks: what members are to do about people or besides; done, put off, and reminded of once when they are due."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.permissions import Permission, may
from crm.tenancy.scope import current_tenant_id
from talentpool.actions.activities import record_activity
from talentpool.actions.bulk_insert import insert_rows
from talentpool.dates import NEVER, Due
from talentpool.models import ActivityKind, Candidate, Task

MOST_AT_ONCE = 1000
BATCH = 500

CLAIM = """
    UPDATE talentpool_task SET reminded_at = %(now)s WHERE tenant_id = %(tenant)s AND id IN (
        SELECT id FROM talentpool_task
        WHERE tenant_id = %(tenant)s AND done_at IS NULL AND reminded_at IS NULL AND due_at <= %(now)s
        ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED
    ) RETURNING id
"""


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


def claim_due(*, now: datetime) -> dict[int, list[int]]:
    """Assignee -> tasks to remind her of. Whoever claims a task alone reminds of it: a worker killed between claim
    and letter costs a letter, and never sends two; Home shows the task all the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "tenant": current_tenant_id(), "most": BATCH})
        ids = [task_id for (task_id,) in cursor.fetchall()]
    found: dict[int, list[int]] = defaultdict(list)
    for task in Task.objects.filter(pk__in=ids).order_by("due_at", "pk"):
        found[task.assignee_id].append(task.pk)
    return found


def give_back(task_ids: Iterable[int], *, claimed_at: datetime) -> None:
    """The letter could not be handed over: the next round tries again."""
    Task.objects.filter(pk__in=list(task_ids), reminded_at=claimed_at).update(reminded_at=None)


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
