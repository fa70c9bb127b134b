"""What is done with people who were chosen together: all of it in the background, with progress."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html

from crm.actions.bulk_undo import undoing_of
from crm.models import BulkRun, Member
from crm.models.leased import WorkState
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.bulk_acts import (
    MOST_ERASED,
    add_selection,
    assign_selection,
    erase_selection,
    tag_selection,
    untag_selection,
)
from talentpool.actions.exports import download_export, start_export
from talentpool.actions.pipelines import create_pipeline
from talentpool.actions.reminders import remind_about
from talentpool.actions.selections import ids_of
from talentpool.actions.tags import tag_named
from talentpool.files import file_response
from talentpool.forms.candidates import OwnerForm
from talentpool.forms.people import EraseManyForm, TagForm, UntagForm
from talentpool.forms.pipelines import MembershipForm
from talentpool.forms.relations import TaskForm
from talentpool.models import Selection, Stage, Tag
from talentpool.queries.selections import erasable_ids, size_of
from talentpool.queries.stories import losses_of_many


@require(Permission.EDIT_PIPELINES)
def selection_pipeline(request: MemberRequest, pk: int) -> HttpResponse:
    selection, size = _selection(request, pk)
    form = MembershipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        stage = form.cleaned_data["stage"] or _stage_of_new_pipeline(form.cleaned_data["name"], request.member)
        return _to_run(request, add_selection(selection, stage, by=request.member, total=size))
    context = {"form": form, "size": size}
    return render_page(request, "talentpool/selection_pipeline.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_CANDIDATES)
def selection_tag(request: MemberRequest, pk: int) -> HttpResponse:
    selection, size = _selection(request, pk)
    form = TagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        tag = tag_named(form.cleaned_data["name"])
        return _to_run(request, tag_selection(selection, tag, by=request.member, total=size))
    context = {"form": form, "size": size, "tags": Tag.objects.all()[:500]}
    return render_page(request, "talentpool/selection_tag.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_CANDIDATES)
def selection_untag(request: MemberRequest, pk: int) -> HttpResponse:
    selection, size = _selection(request, pk)
    form = UntagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _to_run(request, untag_selection(selection, form.cleaned_data["tag"], by=request.member, total=size))
    context = {"form": form, "size": size, "any_tag": Tag.objects.exists()}
    return render_page(request, "talentpool/selection_untag.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_CANDIDATES)
def selection_owner(request: MemberRequest, pk: int) -> HttpResponse:
    selection, size = _selection(request, pk)
    form = OwnerForm(request.POST if request.method == "POST" else None, initial={"owner": request.member.pk})
    if request.method == "POST" and form.is_valid():
        return _to_run(request, assign_selection(selection, form.cleaned_data["owner"], by=request.member, total=size))
    context = {"form": form, "size": size}
    return render_page(request, "talentpool/selection_owner.html", context, status=422 if form.errors else 200)


@require(Permission.ERASE_CANDIDATES)
def selection_erase(request: MemberRequest, pk: int) -> HttpResponse:
    """What will be lost, and for how many people; the number is typed before it begins."""
    selection = get_object_or_404(Selection, pk=pk, by=request.member)
    ids = erasable_ids(selection)
    form = EraseManyForm(request.POST if request.method == "POST" else None, size=len(ids))
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            return _to_run(request, erase_selection(selection, reason=reason, by=request.member, total=len(ids)))
        except ValidationError as error:
            form.add_error(None, error)
    too_many = selection.search is not None
    context = {"form": form, "size": len(ids), "losses": losses_of_many(ids), "too_many": too_many, "most": MOST_ERASED}
    return render_page(request, "talentpool/selection_erase.html", context, status=422 if form.errors else 200)


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


def _to_run(request: MemberRequest, run: BulkRun) -> HttpResponse:
    """Where an act goes on: what was done at once is said on the page it leads to, with the way to take it back."""
    if run.state != WorkState.DONE or not run.back_url:
        return redirect("crm:run", request.tenant.slug, run.pk)
    sentences = " ".join(run.result.get("sentences", []))
    if undoing_of(run, request.member).until:
        address = org_reverse("crm:run", run.pk, slug=request.tenant.slug)
        messages.success(request, format_html('{} <a href="{}">Undo…</a>', sentences, address))
    else:
        messages.success(request, sentences)
    return redirect(run.back_url)


def _stage_of_new_pipeline(name: str, by: Member) -> Stage:
    stage: Stage = create_pipeline(name=name, by=by).stages.select_related("pipeline")[0]
    return stage
