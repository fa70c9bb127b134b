"""Pipelines as a whole: the list of them, a board, a list of people, their stages."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.job_pipelines import change_pipeline_setting
from talentpool.actions.pipelines import (
    archive_pipeline,
    change_pipeline,
    create_pipeline,
    restore_pipeline,
    set_stages,
)
from talentpool.forms.pipelines import (
    ListForm,
    NewPipelineForm,
    PipelineForm,
    PipelinesForm,
    SettingForm,
    StageFormSet,
    StepForm,
    stages_in_order,
    stages_initial,
)
from talentpool.models import Pipeline
from talentpool.queries.job_pipelines import pipeline_setting
from talentpool.queries.pipeline_list import Group, pipelines_page
from talentpool.queries.pipelines import Only, board_of_pipeline, column_of_stage, page_of_entries


@require(Permission.VIEW_PIPELINES)
def pipelines(request: MemberRequest) -> HttpResponse:
    form = PipelinesForm(request.GET)
    wanted = form.wanted
    found = pipelines_page(wanted)
    context = {"form": form, "wanted": wanted, "found": found, "groups": found.numbers.items(), "all": Group}
    return render_page(request, "talentpool/pipelines.html", context, partials=["pipelines"])


@require(Permission.EDIT_PIPELINES)
def pipelines_setting(request: MemberRequest) -> HttpResponse:
    """What each open job begins with."""
    form = SettingForm(request.POST or None, initial=SettingForm.initial_of(pipeline_setting()))
    if request.method == "POST" and form.is_valid():
        try:
            run = change_pipeline_setting(**form.cleaned_data, by=request.member)
        except ValidationError as error:
            form.add_error("stages", error)
        else:
            messages.success(request, "Saved.")
            page = ("talentpool:pipelines",) if run is None else ("crm:run", run.pk)
            return redirect(page[0], request.tenant.slug, *page[1:])
    context = {"form": form}
    return render_page(request, "talentpool/pipelines_setting.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_PIPELINES)
def pipeline_new(request: MemberRequest) -> HttpResponse:
    form = NewPipelineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            pipeline = create_pipeline(**form.cleaned_data, by=request.member)
        except ValidationError as error:
            form.add_error("stages", error)
        else:
            return redirect("talentpool:pipeline", request.tenant.slug, pipeline.pk)
    context = {"form": form}
    return render_page(request, "talentpool/pipeline_form.html", context, status=422 if form.errors else 200)


@require(Permission.VIEW_PIPELINES)
def pipeline(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Pipeline.objects.select_related("owner", "job__family"), pk=pk)
    columns = board_of_pipeline(found)
    context = {
        "pipeline": found,
        "columns": columns,
        "stages": [column.stage for column in columns],
        "number": sum(column.number for column in columns),
        "step": StepForm(request.GET).step_in(found),
    }
    return render_page(request, "talentpool/pipeline.html", context)


@require(Permission.VIEW_PIPELINES)
def pipeline_column(request: MemberRequest, pk: int, stage_pk: int) -> HttpResponse:
    """Further cards of one column; without script the list view is where the rest is."""
    found = get_object_or_404(Pipeline, pk=pk)
    stage = get_object_or_404(found.stages.select_related("pipeline"), pk=stage_pk)
    column = column_of_stage(stage, cursor=request.GET.get("after", ""))
    if not request.htmx:
        return redirect(org_reverse("talentpool:pipeline_list", pk, slug=request.tenant.slug) + f"?stage={stage_pk}")
    return render_page(request, "talentpool/_cards.html", {"pipeline": found, "column": column})


@require(Permission.VIEW_PIPELINES)
def pipeline_list(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Pipeline.objects.select_related("owner", "job__family"), pk=pk)
    form = ListForm(request.GET, pipeline=found)
    page = page_of_entries(found, form.at_stage, form.cursor, only=form.shown, member=request.member)
    context = {
        "pipeline": found,
        "page": page,
        "form": form,
        "only": Only,
        "step": StepForm(request.GET).step_in(found),
    }
    return render_page(request, "talentpool/pipeline_list.html", context, partials=["entries"])


@require(Permission.EDIT_PIPELINES)
def pipeline_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Pipeline, pk=pk)
    form = PipelineForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        change_pipeline(get_object_or_404(Pipeline, pk=pk), **form.cleaned_data, by=request.member)
        return redirect("talentpool:pipeline", request.tenant.slug, pk)
    context = {"form": form, "pipeline": found}
    return render_page(request, "talentpool/pipeline_form.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_PIPELINES)
def pipeline_stages(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Pipeline, pk=pk)
    forms = StageFormSet(
        request.POST if request.method == "POST" else None, initial=stages_initial(found), prefix="stages"
    )
    error = ""
    if request.method == "POST" and forms.is_valid():
        try:
            set_stages(found, stages_in_order(forms), by=request.member)
            return redirect("talentpool:pipeline", request.tenant.slug, pk)
        except ValidationError as refused:
            error = refused.messages[0]
    context = {"pipeline": found, "forms": forms, "error": error}
    failed = bool(error) or forms.total_error_count() > 0
    return render_page(request, "talentpool/pipeline_stages.html", context, status=422 if failed else 200)


@require(Permission.EDIT_PIPELINES)
@require_POST
def pipeline_archive(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Pipeline, pk=pk)
    if found.archived_at:
        restore_pipeline(found, by=request.member)
        return redirect("talentpool:pipeline", request.tenant.slug, pk)
    archive_pipeline(found, by=request.member)
    messages.success(request, f"“{found.name}” is put away. Its people stay in the pool.")
    return redirect("talentpool:pipelines", request.tenant.slug)
