"""People in a pipeline: moved, removed, put back, written to."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.pipelines import add_to_pipeline, move_entries, move_entry, remove_entries
from talentpool.actions.selections import select_people
from talentpool.forms.pipelines import EntriesForm, MoveForm, PutBackForm
from talentpool.models import Pipeline, PipelineEntry, Stage
from talentpool.queries.pipelines import Step, column_of_stage, step_of_move, step_of_removal


@require(Permission.EDIT_PIPELINES)
def entry(request: MemberRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Where one person may be moved to: a page, or a small dialog on the board."""
    entries = PipelineEntry.objects.shown().select_related("stage", "candidate", "pipeline")
    found = get_object_or_404(entries.filter(pipeline_id=pk), pk=entry_pk)
    context = {"entry": found, "stages": found.pipeline.stages.all(), "pipeline": found.pipeline}
    return render_page(request, "talentpool/pipeline_entry.html", context, partials=["entry"])


@require(Permission.EDIT_PIPELINES)
@require_POST
def move(request: MemberRequest, pk: int) -> HttpResponse:
    pipeline = get_object_or_404(Pipeline, pk=pk)
    form = MoveForm(request.POST, pipeline=pipeline)
    if not form.is_valid():
        return _refused(request, pipeline, form.first_error, list(pipeline.stages.all()))
    moved, before, after = form.cleaned_data["entry"], form.cleaned_data["entry"].stage, form.cleaned_data["stage"]
    try:
        move_entry(moved, after, version=form.cleaned_data["version"], by=request.member)
    except ValidationError as error:
        return _refused(request, pipeline, error.messages[0], list(pipeline.stages.all()))
    step = step_of_move(moved, before)
    if request.htmx:
        return _board_parts(request, pipeline, [before, after], step=step)
    return _back(request, pipeline, step.query)


@require(Permission.EDIT_PIPELINES)
@require_POST
def remove(request: MemberRequest, pk: int, entry_pk: int) -> HttpResponse:
    pipeline = get_object_or_404(Pipeline, pk=pk)
    removed = remove_entries(pipeline, [entry_pk], by=request.member)
    if not removed:
        return _refused(request, pipeline, "That person was removed before.", list(pipeline.stages.all()))
    step = step_of_removal(removed[0].candidate, removed[0].stage)
    if request.htmx:
        return _board_parts(request, pipeline, [removed[0].stage], step=step)
    return _back(request, pipeline, step.query)


@require(Permission.EDIT_PIPELINES)
@require_POST
def put_back(request: MemberRequest, pk: int) -> HttpResponse:
    pipeline = get_object_or_404(Pipeline, pk=pk)
    form = PutBackForm(request.POST, pipeline=pipeline)
    if not form.is_valid():
        return _refused(request, pipeline, "That can no longer be undone.", list(pipeline.stages.all()))
    stage = form.cleaned_data["stage"]
    add_to_pipeline(pipeline, [form.cleaned_data["candidate"]], stage=stage, by=request.member)
    if request.htmx:
        return _board_parts(request, pipeline, [stage])
    return _back(request, pipeline, "")


@require(Permission.EDIT_PIPELINES)
@require_POST
def entries(request: MemberRequest, pk: int) -> HttpResponse:
    """What was chosen in the list view: everyone to a stage, out, or written to."""
    pipeline = get_object_or_404(Pipeline, pk=pk)
    form = EntriesForm(request.POST, pipeline=pipeline)
    if not form.is_valid():
        messages.error(request, form.first_error)
    elif form.cleaned_data["do"] == "write":
        return _write(request, form.cleaned_data["selected"])
    elif form.cleaned_data["do"] == "move":
        stage = form.cleaned_data["stage"]
        number = move_entries(pipeline, form.cleaned_data["selected"], stage, by=request.member)
        messages.success(request, f"{number} moved to {stage.name}.")
    else:
        removed = remove_entries(pipeline, form.cleaned_data["selected"], by=request.member)
        messages.success(request, f"{len(removed)} removed. They stay in the pool.")
    return redirect("talentpool:pipeline_list", request.tenant.slug, pk)


def _write(request: MemberRequest, entry_ids: list[int]) -> HttpResponse:
    chosen = PipelineEntry.objects.filter(pk__in=entry_ids).values_list("candidate_id", flat=True)
    selection = select_people(candidate_ids=list(chosen), by=request.member)
    return redirect(org_reverse("campaigns:new", slug=request.tenant.slug) + f"?selection={selection.pk}")


def _board_parts(
    request: MemberRequest,
    pipeline: Pipeline,
    stages: list[Stage],
    *,
    step: Step | None = None,
    error: str = "",
) -> HttpResponse:
    """The columns that changed and the line that says so, each swapped where it stands."""
    columns = [column_of_stage(stage) for stage in {stage.pk: stage for stage in stages}.values()]
    context = {"pipeline": pipeline, "columns": columns, "step": step, "error": error}
    return render_page(request, "talentpool/_board_parts.html", context, status=422 if error else 200)


def _refused(request: MemberRequest, pipeline: Pipeline, sentence: str, stages: list[Stage]) -> HttpResponse:
    """The refusal, with the board as it is now: what the member saw was no longer true."""
    if request.htmx:
        return _board_parts(request, pipeline, stages, error=sentence)
    messages.error(request, sentence)
    return _back(request, pipeline, "")


def _back(request: MemberRequest, pipeline: Pipeline, query: str) -> HttpResponse:
    """To the view the form was sent from: the board, or the list with the filter it had."""
    came_from = QueryDict(request.POST.get("list", ""), mutable=True) if "list" in request.POST else None
    name = "talentpool:pipeline" if came_from is None else "talentpool:pipeline_list"
    kept = f"stage={came_from['stage']}" if came_from and came_from.get("stage", "").isdecimal() else ""
    address = org_reverse(name, pipeline.pk, slug=request.tenant.slug)
    joined = "&".join(part for part in (kept, query) if part)
    return redirect(f"{address}?{joined}" if joined else address)
