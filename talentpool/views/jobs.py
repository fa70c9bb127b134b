from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.job_families import put_into_family
from talentpool.actions.job_pipelines import put_into_pipeline_of, set_own_pipeline
from talentpool.actions.jobs import close_job, open_job, reopen_job
from talentpool.forms.jobs import FamilyForm, JobForm, OwnPipelineForm
from talentpool.forms.people import SelectedForm
from talentpool.models import Job, OwnPipeline
from talentpool.queries.applications import people_in_process, phases_of
from talentpool.queries.jobs import in_process, suggested_for, title_search
from talentpool.queries.medalists import medalists_for

MOST_JOBS = 1_000
MOST_IN_PROCESS = 200


@require(Permission.MANAGE_JOBS)
def jobs(request: MemberRequest) -> HttpResponse:
    form = JobForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        open_job(**form.cleaned_data, by=request.member)
        return redirect("talentpool:jobs", request.tenant.slug)
    narrowed = FamilyForm(request.GET)
    family = narrowed.cleaned_data.get("family") if narrowed.is_valid() else None
    counted = Job.objects.annotate(submitted=Count("submissions", distinct=True)).select_related("source", "family")
    if family:
        counted = counted.filter(family=family)
    rows = list(counted.order_by("-is_open", "title", "pk")[:MOST_JOBS])
    process = people_in_process(rows)
    lines = [{"job": job, "phases": phases_of(process.get(job.pk, {}))} for job in rows]
    context = {"form": form, "lines": lines, "narrowed": narrowed, "family": family}
    return render_page(request, "talentpool/jobs.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_JOBS)
def job(request: MemberRequest, pk: int) -> HttpResponse:
    """One job, who is in process for it, and whom a pipeline for it might begin with."""
    found = get_object_or_404(Job.objects.select_related("source", "family"), pk=pk)
    if request.method == "POST":
        chosen = SelectedForm(request.POST)
        ids = chosen.cleaned_data["selected"] if chosen.is_valid() else []
        pipeline = put_into_pipeline_of(found, ids, by=request.member)
        return redirect("talentpool:pipeline", request.tenant.slug, pipeline.pk)
    people = list(in_process(found)[:MOST_IN_PROCESS])
    medalists = medalists_for(found) if found.is_open else []
    known = {each.person.pk for each in medalists}
    context = {
        "job": found,
        "phases": phases_of(people_in_process([found]).get(found.pk, {})),
        "people": people,
        "pipelines": found.pipelines.filter(archived_at=None),
        "medalists": medalists,
        "suggested": suggested_for(found, without=known) if found.is_open else [],
        "search": title_search(found.title),
        "family_form": FamilyForm(initial={"family": found.family_id}),
        "own_form": OwnPipelineForm(initial={"own_pipeline": found.own_pipeline}),
    }
    return render_page(request, "talentpool/job.html", context)


@require(Permission.MANAGE_JOBS)
@require_POST
def job_close(request: MemberRequest, pk: int) -> HttpResponse:
    """Closes an open job, and opens a closed one again."""
    found = get_object_or_404(Job, pk=pk)
    act = close_job if found.is_open else reopen_job
    try:
        act(found, by=request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:jobs", request.tenant.slug)


@require(Permission.MANAGE_JOBS)
@require_POST
def job_put_into_family(request: MemberRequest, pk: int) -> HttpResponse:
    found, form = get_object_or_404(Job, pk=pk), FamilyForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError("There is no such job family any more. Choose again.")
        put_into_family(found, form.cleaned_data["family"], by=request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:job", request.tenant.slug, found.pk)


@require(Permission.MANAGE_JOBS)
@require_POST
def job_own_pipeline(request: MemberRequest, pk: int) -> HttpResponse:
    found, form = get_object_or_404(Job, pk=pk), OwnPipelineForm(request.POST)
    if form.is_valid():
        set_own_pipeline(found, OwnPipeline(form.cleaned_data["own_pipeline"]), by=request.member)
    return redirect("talentpool:job", request.tenant.slug, found.pk)
