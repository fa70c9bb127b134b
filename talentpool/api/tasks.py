"""Tasks: list them, give them, do them."""

from datetime import date, datetime, time
from typing import Literal, Self

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from pydantic import model_validator

from crm.models import Member
from crm.models.api_token import Scope
from crm.permissions import Permission, may
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.reminders import add_task, change_task, finish_task, reopen_task
from talentpool.api.notes import MemberOut
from talentpool.api.words import Id, Line
from talentpool.dates import EARLIEST, LATEST, Due, due_on
from talentpool.models import Candidate, Task
from talentpool.models.task import TaskQuerySet
from talentpool.queries.members import members_who_see_people, zone_of

router = Router()


class TaskOut(Schema):
    id: int
    text: str
    candidate_id: int | None
    due_at: datetime | None
    whole_day: bool = Field(description="Only a day was named; `due_at` is its morning.")
    is_overdue: bool
    assignee: MemberOut
    by: MemberOut
    created_at: datetime
    done_at: datetime | None


class DueIn(Schema):
    due_day: date | None = None
    due_time: time | None = Field(None, description="In the time zone of the token's member.")

    @model_validator(mode="after")
    def time_has_a_day(self) -> Self:
        if self.due_time is not None and self.due_day is None:
            raise ValueError("A time needs a day.")
        return self

    def due(self, member: Member) -> Due:
        if self.due_day is not None and not EARLIEST <= self.due_day <= LATEST:
            raise ValidationError({"due_day": "That day is too far away."})
        return due_on(self.due_day, self.due_time.replace(tzinfo=None) if self.due_time else None, zone_of(member))


class TaskIn(DueIn):
    text: Line = Field(min_length=1)
    candidate_id: Id | None = None
    assignee_id: Id | None = Field(None, description="You, unless you name a colleague.")


class TaskChange(DueIn):
    text: Line | None = Field(None, min_length=1)
    assignee_id: Id | None = None


class TaskQuery(PageQuery):
    state: Literal["open", "done", "all"] = "open"
    assignee_id: Id | None = None
    candidate_id: Id | None = None


@router.get("", response=Page[TaskOut], summary="List tasks")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def task_list(request: TokenRequest, asked: Query[TaskQuery]) -> dict[str, object]:
    tasks = _shown()
    if asked.state != "all":
        tasks = tasks.filter(done_at__isnull=asked.state == "open")
    if asked.assignee_id is not None:
        tasks = tasks.filter(assignee_id=asked.assignee_id)
    if asked.candidate_id is not None:
        tasks = tasks.filter(candidate_id=asked.candidate_id)
    found, cursor = page_by_id(tasks, asked)
    return {"items": found, "next_cursor": cursor}


@router.post("", response={200: TaskOut}, summary="Give a task")
@needs(Scope.WRITE_CANDIDATES, Permission.VIEW_CANDIDATES)
def task_create(request: TokenRequest, payload: TaskIn) -> Task:
    person = None
    if payload.candidate_id is not None:
        person = Candidate.objects.present().filter(pk=payload.candidate_id).first()
        if person is None:
            raise ValidationError({"candidate_id": "Nobody in the pool has this id."})
    assignee = _assignee(payload.assignee_id) or request.member
    due = payload.due(request.member)
    task = add_task(payload.text, assignee=assignee, by=request.member, candidate=person, due=due)
    return _shown().get(pk=task.pk)


@router.get("/{task_id}", response=TaskOut, summary="Read a task")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def task_read(request: TokenRequest, task_id: Id) -> Task:
    return get_object_or_404(_shown(), pk=task_id)


@router.patch("/{task_id}", response=TaskOut, summary="Change a task")
@needs(Scope.WRITE_CANDIDATES, Permission.VIEW_CANDIDATES)
def task_change(request: TokenRequest, task_id: Id, payload: TaskChange) -> Task:
    """Only what you send is changed. A day without a time is a whole day; null as the day takes the date away."""
    task = _own(request, task_id)
    sent = payload.model_fields_set
    due = payload.due(request.member) if "due_day" in sent else Due(task.due_at, task.overdue_at, task.whole_day)
    assignee = _assignee(payload.assignee_id) or task.assignee
    change_task(task, text=payload.text or task.text, assignee=assignee, due=due, by=request.member)
    return _shown().get(pk=task_id)


@router.post("/{task_id}/done", response={200: TaskOut}, summary="Do a task")
@needs(Scope.WRITE_CANDIDATES, Permission.VIEW_CANDIDATES)
def task_done(request: TokenRequest, task_id: Id) -> Task:
    finish_task(_own(request, task_id), by=request.member)
    return _shown().get(pk=task_id)


@router.post("/{task_id}/reopen", response={200: TaskOut}, summary="Mark a task as not done")
@needs(Scope.WRITE_CANDIDATES, Permission.VIEW_CANDIDATES)
def task_reopen(request: TokenRequest, task_id: Id) -> Task:
    reopen_task(_own(request, task_id), by=request.member)
    return _shown().get(pk=task_id)


def _shown() -> TaskQuerySet:
    shown: TaskQuerySet = Task.objects.for_list().filter(candidate__merged_into=None, candidate__erased_at=None)
    return shown


def _own(request: TokenRequest, task_id: int) -> Task:
    task = get_object_or_404(_shown(), pk=task_id)
    if request.member.pk in (task.assignee_id, task.by_id) or may(request.member, Permission.EDIT_CANDIDATES):
        return task
    raise PermissionDenied("It is a colleague's task, and your role does not include changing it.")


def _assignee(member_id: int | None) -> Member | None:
    if member_id is None:
        return None
    member: Member | None = members_who_see_people().filter(pk=member_id).first()
    if member is None:
        raise ValidationError({"assignee_id": "No member who sees people has this id."})
    return member
