"""New matches of a segment: told by mail, or put into a pipeline by themselves."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.schedules import make_schedule, pause_schedule, remove_schedule, resume_schedule
from talentpool.actions.segment_alerts import change_alert
from talentpool.forms.segments import AlertForm, ScheduleForm
from talentpool.models import Schedule, ScheduledPerson
from talentpool.views.segments import segment_or_404

RUNS, PEOPLE = 30, 100


@require(Permission.VIEW_CANDIDATES)
@require_POST
def alert(request: MemberRequest, pk: int) -> HttpResponse:
    found, form = segment_or_404(request, pk), AlertForm(request.POST)
    if form.is_valid():
        change_alert(found, form.cleaned_data["every"], by=request.member)
    return redirect("talentpool:segment", request.tenant.slug, pk)


@require(Permission.EDIT_PIPELINES)
def schedule_new(request: MemberRequest, pk: int) -> HttpResponse:
    found = segment_or_404(request, pk)
    form = ScheduleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = make_schedule(found, **form.cleaned_data, by=request.member)
        return redirect("talentpool:schedule", request.tenant.slug, pk, made.pk)
    context = {"form": form, "segment": found}
    return render_page(request, "talentpool/schedule_form.html", context, status=422 if form.errors else 200)


@require(Permission.VIEW_PIPELINES)
def schedule(request: MemberRequest, pk: int, schedule_pk: int) -> HttpResponse:
    found = _schedule_or_404(request, pk, schedule_pk)
    people = ScheduledPerson.objects.filter(schedule=found, candidate__erased_at=None).select_related(
        "candidate", "run"
    )
    context = {
        "segment": found.segment,
        "schedule": found,
        "runs": found.runs.all()[:RUNS],
        "people": people.order_by("-pk")[:PEOPLE],
    }
    return render_page(request, "talentpool/schedule.html", context)


@require(Permission.EDIT_PIPELINES)
@require_POST
def schedule_pause(request: MemberRequest, pk: int, schedule_pk: int) -> HttpResponse:
    pause_schedule(_schedule_or_404(request, pk, schedule_pk), by=request.member)
    return redirect("talentpool:schedule", request.tenant.slug, pk, schedule_pk)


@require(Permission.EDIT_PIPELINES)
@require_POST
def schedule_resume(request: MemberRequest, pk: int, schedule_pk: int) -> HttpResponse:
    resume_schedule(_schedule_or_404(request, pk, schedule_pk), by=request.member)
    return redirect("talentpool:schedule", request.tenant.slug, pk, schedule_pk)


@require(Permission.EDIT_PIPELINES)
@require_POST
def schedule_remove(request: MemberRequest, pk: int, schedule_pk: int) -> HttpResponse:
    remove_schedule(_schedule_or_404(request, pk, schedule_pk), by=request.member)
    return redirect("talentpool:segment", request.tenant.slug, pk)


def _schedule_or_404(request: MemberRequest, pk: int, schedule_pk: int) -> Schedule:
    rows = Schedule.objects.select_related("segment", "pipeline", "tag", "by")
    return get_object_or_404(rows, pk=schedule_pk, segment=segment_or_404(request, pk))
