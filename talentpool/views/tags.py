"""Tags in the settings: their names and colours, two made one, and one taken from everybody."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.tags import change_tag, delete_tag, merge_tags
from talentpool.forms.tags import TagMergeForm, TagSettingForm
from talentpool.models import Tag
from talentpool.queries.tags import searches_for, tags_with_people


@require(Permission.MANAGE_TAGS)
def tags(request: MemberRequest) -> HttpResponse:
    return render_page(request, "talentpool/tags.html", {"tags": tags_with_people()[:1000]})


@require(Permission.MANAGE_TAGS)
def tag(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(tags_with_people(), pk=pk)
    shown = {"name": found.name, "colour": found.colour}
    form = TagSettingForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            change_tag(found, **form.cleaned_data, by=request.member)
            return redirect("talentpool:tags", request.tenant.slug)
        except ValidationError as error:
            form.add_error("name", error)
    return _tag_page(request, found, form, TagMergeForm(tag=found))


@require(Permission.MANAGE_TAGS)
@require_POST
def tag_merge(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(tags_with_people(), pk=pk)
    form = TagMergeForm(request.POST, tag=found)
    if not form.is_valid():
        return _tag_page(request, found, TagSettingForm(initial={"name": found.name, "colour": found.colour}), form)
    name, into = found.name, form.cleaned_data["into"]
    try:
        merge_tags(found, into, by=request.member)
        messages.success(request, f"Whoever had “{name}” has “{into.name}” now.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:tags", request.tenant.slug)


@require(Permission.MANAGE_TAGS)
@require_POST
def tag_delete(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Tag, pk=pk)
    number = delete_tag(found, by=request.member)
    messages.success(
        request, f"The tag “{found.name}” is gone; {number:,} {'person' if number == 1 else 'people'} had it."
    )
    return redirect("talentpool:tags", request.tenant.slug)


def _tag_page(request: MemberRequest, found: Tag, form: TagSettingForm, merge_form: TagMergeForm) -> HttpResponse:
    context = {"tag": found, "form": form, "merge_form": merge_form, "searches": searches_for(found)}
    status = 422 if form.errors or merge_form.errors else 200
    return render_page(request, "talentpool/tag.html", context, status=status)
