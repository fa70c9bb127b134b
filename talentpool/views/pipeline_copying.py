from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.pipeline_copying import copy_pipeline, forecast_merge, merge_pipelines
from talentpool.forms.pipeline_copying import CopyForm, MergeIntoForm, StagesForm
from talentpool.models import Pipeline


@require(Permission.EDIT_PIPELINES)
def pipeline_copy(request: MemberRequest, pk: int) -> HttpResponse:
    pipeline = get_object_or_404(Pipeline, pk=pk)
    form = CopyForm(request.POST or None, initial={"name": f"{pipeline.name[:190]}, copy"})
    if request.method == "POST" and form.is_valid():
        copy = copy_pipeline(pipeline, **form.cleaned_data, by=request.member)
        return redirect("talentpool:pipeline", request.tenant.slug, copy.pk)
    context = {"pipeline": pipeline, "form": form}
    return render_page(request, "talentpool/pipeline_copy.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_PIPELINES)
def pipeline_merge(request: MemberRequest, pk: int) -> HttpResponse:
    """First into which, then stage by stage and with what will come of it."""
    pipeline = get_object_or_404(Pipeline, pk=pk)
    chosen = MergeIntoForm(request.GET if "into" in request.GET else None, pipeline=pipeline)
    if not chosen.is_valid():
        return render_page(request, "talentpool/pipeline_merge.html", {"pipeline": pipeline, "chosen": chosen})
    into = chosen.cleaned_data["into"]
    form = StagesForm(request.POST if request.method == "POST" else None, pipeline=pipeline, into=into)
    if request.method == "POST" and form.is_valid():
        try:
            done = merge_pipelines(pipeline, into, form.stages, by=request.member)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = f"{done.added:,} came into it, {done.further:,} went further, {done.staying:,} stay where they were."
            messages.success(request, f"“{pipeline.name}” is merged and put away. {said}")
            return redirect("talentpool:pipeline", request.tenant.slug, into.pk)
    forecast = forecast_merge(pipeline, into, form.stages if form.is_valid() else form.guessed)
    context = {"pipeline": pipeline, "chosen": chosen, "into": into, "form": form, "forecast": forecast}
    return render_page(request, "talentpool/pipeline_merge.html", context, status=422 if form.errors else 200)
