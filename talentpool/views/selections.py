"""What is done with people who were chosen together: all of it in the background, with progress."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from crm.models import BulkRun, Member
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.exports import download_export, start_export
from talentpool.actions.pipelines import create_pipeline
from talentpool.actions.reminders import remind_about
from talentpool.actions.selections import add_selection, ids_of, tag_selection
from talentpool.actions.tags import tag_named
from talentpool.files import file_response
from talentpool.forms.people import TagForm
from talentpool.forms.pipelines import MembershipForm
from talentpool.forms.relations import TaskForm
from talentpool.models import Selection, Stage, Tag
from talentpool.queries.selections import size_of


@require(Permission.EDIT_PIPELINES)
def selection_pipeline(request: MemberRequest, pk: int) -> HttpResponse:
    selection, size = _selection(request, pk)
    form = MembershipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        stage = form.cleaned_data["stage"] or _stage_of_new_pipeline(form.cleaned_data["name"], request.member)
        run = add_selection(selection, stage, by=request.member, total=size)
        page = ("talentpool:pipeline", stage.pipeline_id) if run is None else ("crm:run", run.pk)
        return redirect(page[0], request.tenant.slug, page[1])
    context = {"form": form, "size": size}
    return render_page(request, "talentpool/selection_pipeline.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_CANDIDATES)
def selection_tag(request: MemberRequest, pk: int) -> HttpResponse:
    selection, size = _selection(request, pk)
    form = TagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        tag = tag_named(form.cleaned_data["name"])
        run = tag_selection(selection, tag, by=request.member, total=size)
        if run is None:
            messages.success(request, f"They have the tag “{tag.name}”.")
            return redirect(org_reverse("talentpool:people", slug=request.tenant.slug) + f"?tag={tag.pk}")
        return redirect("crm:run", request.tenant.slug, run.pk)
    context = {"form": form, "size": size, "tags": Tag.objects.all()[:500]}
    return render_page(request, "talentpool/selection_tag.html", context, status=422 if form.errors else 200)


@require(Permission.VIEW_CANDIDATES)
def selection_remind(request: MemberRequest, pk: int) -> HttpResponse:
    """The same task about each of them."""
    selection, size = _selection(request, pk)
    form = TaskForm(request.POST if request.method == "POST" else None, initial={"assignee": request.member.pk})
    if request.method == "POST" and form.is_valid():
        text, assignee = form.cleaned_data["text"], form.cleaned_data["assignee"]
        try:
            number = remind_about(ids_of(selection), text, assignee=assignee, by=request.member, due=form.due)
            messages.success(request, f"{number:,} {'task is' if number == 1 else 'tasks are'} made.")
            return redirect("talentpool:tasks", request.tenant.slug)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "size": size}
    return render_page(request, "talentpool/selection_remind.html", context, status=422 if form.errors else 200)


@require(Permission.EXPORT_CANDIDATES)
def selection_export(request: MemberRequest, pk: int) -> HttpResponse:
    selection, size = _selection(request, pk)
    if request.method == "POST":
        back = org_reverse("talentpool:people", slug=request.tenant.slug)
        run = start_export(selection, by=request.member, total=size, back_url=back)
        return redirect("crm:run", request.tenant.slug, run.pk)
    return render_page(request, "talentpool/selection_export.html", {"size": size})


@require(Permission.EXPORT_CANDIDATES)
def export_file(request: MemberRequest, pk: int) -> HttpResponse:
    """A finished export, for the member who made it and for as long as it is kept."""
    run = get_object_or_404(BulkRun, pk=pk, by=request.member)
    file = download_export(run, by=request.member)
    if file is None:
        messages.error(request, "That file is not there. Exports are deleted after a day; make it again.")
        return redirect("crm:run", request.tenant.slug, run.pk)
    return file_response(file)


def _selection(request: MemberRequest, pk: int) -> tuple[Selection, int]:
    selection = get_object_or_404(Selection, pk=pk, by=request.member)
    return selection, size_of(selection)


def _stage_of_new_pipeline(name: str, by: Member) -> Stage:
    stage: Stage = create_pipeline(name=name, by=by).stages.select_related("pipeline")[0]
    return stage
