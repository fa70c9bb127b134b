"""Tasks: the page of them, a person's, and the steps of one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import render_page
from talentpool.actions.reminders import add_task, change_task, finish_task, reopen_task, snooze_task
from talentpool.dates import snoozed
from talentpool.forms.relations import TaskFilterForm, TaskForm, TaskStepForm
from talentpool.models import Candidate, Task
from talentpool.queries.reminders import PAGE, tasks_for_page
from talentpool.views.candidate import panel_now, person_or_404, profile_page


@require(Permission.VIEW_CANDIDATES)
def tasks(request: MemberRequest) -> HttpResponse:
    """The list, and a task about nobody in particular."""
    form = TaskForm(request.POST if request.method == "POST" else None, initial={"assignee": request.member.pk})
    if request.method == "POST" and _added(request, form, None):
        return redirect("talentpool:tasks", request.tenant.slug)
    return _tasks_page(request, form, status=422 if form.errors else 200)


def _tasks_page(request: MemberRequest, form: TaskForm, *, status: int = 200) -> HttpResponse:
    asked = TaskFilterForm(request.GET, member=request.member)
    number = asked.page_number
    found = tasks_for_page(request.member, who=asked.who_value, state=asked.state_value, now=timezone.now())
    lines = list(found[(number - 1) * PAGE : number * PAGE + 1])
    context = {
        "form": form,
        "asked": asked,
        "tasks": lines[:PAGE],
        "next_page": number + 1 if len(lines) > PAGE else None,
        "number": number,
    }
    return render_page(request, "talentpool/tasks.html", context, partials=["tasks"], status=status)


@require(Permission.VIEW_CANDIDATES)
def task(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Task.objects.for_list(), pk=pk)
    form = TaskForm(request.POST if request.method == "POST" else None, initial=TaskForm.shown(found))
    if request.method == "POST":
        _check(request, found)
        if form.is_valid() and _changed(request, found, form):
            return redirect("talentpool:tasks", request.tenant.slug)
    context = {"task": found, "form": form}
    return render_page(request, "talentpool/task.html", context, status=422 if form.errors else 200)


@require(Permission.VIEW_CANDIDATES)
@require_POST
def task_step(request: MemberRequest, pk: int) -> HttpResponse:
    _take_step(request, get_object_or_404(Task.objects.for_list(), pk=pk))
    if request.htmx:
        return _tasks_page(request, TaskForm(initial={"assignee": request.member.pk}))
    return redirect("talentpool:tasks", request.tenant.slug)


@require(Permission.VIEW_CANDIDATES)
@require_POST
def candidate_task_new(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    form = TaskForm(request.POST)
    if not _added(request, form, person):
        return profile_page(request, person, task_form=form, status=422)
    return panel_now(request, pk, "tasks")


@require(Permission.VIEW_CANDIDATES)
@require_POST
def candidate_task_step(request: MemberRequest, pk: int, task_pk: int) -> HttpResponse:
    person = person_or_404(pk)
    _take_step(request, get_object_or_404(Task.objects.for_list(), pk=task_pk, candidate=person))
    return panel_now(request, pk, "tasks")


def _added(request: MemberRequest, form: TaskForm, person: Candidate | None) -> bool:
    if not form.is_valid():
        return False
    values = form.cleaned_data
    try:
        add_task(values["text"], assignee=values["assignee"], by=request.member, candidate=person, due=form.due)
    except ValidationError as error:
        form.add_error("assignee", error)
        return False
    return True


def _changed(request: MemberRequest, found: Task, form: TaskForm) -> bool:
    values = form.cleaned_data
    try:
        change_task(found, text=values["text"], assignee=values["assignee"], due=form.due, by=request.member)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _take_step(request: MemberRequest, found: Task) -> None:
    _check(request, found)
    form = TaskStepForm(request.POST)
    step = form.cleaned_data["do"] if form.is_valid() else ""
    if step == "done":
        finish_task(found, by=request.member)
    elif step == "reopen":
        reopen_task(found, by=request.member)
    elif step:
        due = snoozed(step, timezone.now(), timezone.get_current_timezone())
        snooze_task(found, due, by=request.member)
    else:
        messages.error(request, "That can't be done with a task.")


def _check(request: MemberRequest, found: Task) -> None:
    """Who was given it, who gave it, and whoever may change people."""
    if request.member.pk in (found.assignee_id, found.by_id) or may(request.member, Permission.EDIT_CANDIDATES):
        return
    raise PermissionDenied("It is a colleague's task, and your role does not include changing it.")
