"""People in a pipeline: moved, removed, put back, written to."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.pipeline_entries import change_entry, comment_on, remove_comment
from talentpool.actions.pipelines import add_to_pipeline, move_entries, move_entry, remove_entries
from talentpool.actions.selections import select_people
from talentpool.forms.pipelines import CommentForm, EntriesForm, EntryForm, MoveForm, PutBackForm
from talentpool.models import Pipeline, PipelineComment, PipelineEntry, Stage
from talentpool.queries.entry_rules import sentence_of
from talentpool.queries.pipelines import Step, column_of_stage, step_of_move, step_of_removal


@dataclass(frozen=True)
class Override:
    """A move that a stage's rules forbid, and that a reason would allow."""

    entry: PipelineEntry
    stage: Stage


@require(Permission.VIEW_PIPELINES)
def entry(request: MemberRequest, pk: int, entry_pk: int) -> HttpResponse:
    """One person in a pipeline, as a page or a small dialog on the board."""
    found = _entry(pk, entry_pk)
    said = PipelineComment.objects.filter(pipeline=pk, candidate=found.candidate).select_related("by", "guest")
    context: dict[str, Any] = {"entry": found, "stages": found.pipeline.stages.all(), "pipeline": found.pipeline}
    context |= {"comments": said, "form": EntryForm(entry=found), "comment_form": CommentForm()}
    return render_page(request, "talentpool/pipeline_entry.html", context, partials=["entry"])


@require(Permission.EDIT_PIPELINES)
@require_POST
def entry_change(request: MemberRequest, pk: int, entry_pk: int) -> HttpResponse:
    found = _entry(pk, entry_pk)
    form = EntryForm(request.POST, entry=found)
    if form.is_valid():
        change_entry(found, **form.cleaned_data, by=request.member)
    else:
        messages.error(request, next(str(error) for errors in form.errors.values() for error in errors))
    if request.htmx:
        return _board_parts(request, found.pipeline, [found.stage])
    return redirect("talentpool:pipeline_entry", request.tenant.slug, pk, entry_pk)


@require(Permission.VIEW_PIPELINES)
@require_POST
def comment(request: MemberRequest, pk: int, entry_pk: int) -> HttpResponse:
    found, form = _entry(pk, entry_pk), CommentForm(request.POST)
    if form.is_valid():
        comment_on(found.pipeline, found.candidate, form.cleaned_data["text"], by=request.member)
    if request.htmx:
        return _board_parts(request, found.pipeline, [found.stage])
    return redirect("talentpool:pipeline_entry", request.tenant.slug, pk, entry_pk)


@require(Permission.VIEW_PIPELINES)
@require_POST
def comment_remove(request: MemberRequest, pk: int, comment_pk: int) -> HttpResponse:
    found = get_object_or_404(PipelineComment.objects.select_related("candidate"), pipeline=pk, pk=comment_pk)
    try:
        remove_comment(found, by=request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:pipeline", request.tenant.slug, pk)


@require(Permission.EDIT_PIPELINES)
@require_POST
def move(request: MemberRequest, pk: int) -> HttpResponse:
    pipeline = get_object_or_404(Pipeline, pk=pk)
    form = MoveForm(request.POST, pipeline=pipeline)
    if not form.is_valid():
        return _refused(request, pipeline, form.first_error, list(pipeline.stages.all()))
    moved, before, after = form.cleaned_data["entry"], form.cleaned_data["entry"].stage, form.cleaned_data["stage"]
    version, because = form.cleaned_data["version"], form.cleaned_data["because"]
    try:
        move_entry(moved, after, version=version, by=request.member, because=because)
    except ValidationError as error:
        asked = Override(moved, after) if error.code == "held_back" else None
        return _refused(request, pipeline, error.messages[0], list(pipeline.stages.all()), asked)
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
    back = "Put back where they were."
    add_to_pipeline(pipeline, [form.cleaned_data["candidate"]], stage=stage, by=request.member, because=back)
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
        _move(request, pipeline, **form.cleaned_data)
    else:
        removed = remove_entries(pipeline, form.cleaned_data["selected"], by=request.member)
        messages.success(request, f"{len(removed)} removed. They stay in the pool.")
    return redirect("talentpool:pipeline_list", request.tenant.slug, pk)


def _move(
    request: MemberRequest, pipeline: Pipeline, *, selected: list[int], stage: Stage, because: str, **_: Any
) -> None:
    done = move_entries(pipeline, selected, stage, by=request.member, because=because)
    if done.number or not done.held_back:
        messages.success(request, f"{done.number} moved to {stage.name}.")
    if done.held_back:
        messages.warning(request, sentence_of(stage, done.held_back))


def _entry(pk: int, entry_pk: int) -> PipelineEntry:
    entries = PipelineEntry.objects.shown().select_related("stage", "candidate", "pipeline__owner", "owner")
    found: PipelineEntry = get_object_or_404(entries.filter(pipeline_id=pk), pk=entry_pk)
    return found


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
    asked: Override | None = None,
) -> HttpResponse:
    """The columns that changed and the line that says so, each swapped where it stands."""
    columns = [column_of_stage(stage) for stage in {stage.pk: stage for stage in stages}.values()]
    context = {"pipeline": pipeline, "columns": columns, "step": step, "error": error, "asked": asked}
    return render_page(request, "talentpool/_board_parts.html", context, status=422 if error else 200)


def _refused(
    request: MemberRequest, pipeline: Pipeline, sentence: str, stages: list[Stage], asked: Override | None = None
) -> HttpResponse:
    """The refusal, with the board as it is now: what the member saw was no longer true, or a rule forbids it."""
    if request.htmx:
        return _board_parts(request, pipeline, stages, error=sentence, asked=asked)
    if asked is not None:
        context = {"pipeline": pipeline, "error": sentence, "asked": asked}
        return render_page(request, "talentpool/pipeline_override.html", context, status=422)
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
