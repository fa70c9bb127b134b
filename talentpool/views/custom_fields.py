"""An organisation's own fields: made, changed with a look at what that would do, put in order, archived."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.models import BulkRun
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.custom_fields import archive_field, change_field, create_field, move_field, restore_field
from talentpool.forms.custom_fields import CustomFieldForm, MoveFieldForm
from talentpool.models import CustomField
from talentpool.queries.custom_fields import fields_with_people, readable_as


@require(Permission.MANAGE_ORGANISATION)
def custom_fields(request: MemberRequest) -> HttpResponse:
    form = CustomFieldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = create_field(
                kind=form.chosen_kind, key=said["key"], choices=said["choices"], by=request.member, **form.described
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"“{made.label}” is on everybody’s page now.")
            return redirect("talentpool:custom_fields", request.tenant.slug)
    context = {"form": form, "fields": fields_with_people()}
    return render_page(request, "talentpool/custom_fields.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_ORGANISATION)
def custom_field(request: MemberRequest, pk: int) -> HttpResponse:
    """Changing one; another kind asks first, with what could be read by it and what could not."""
    found = get_object_or_404(CustomField, pk=pk)
    form = CustomFieldForm(request.POST if request.method == "POST" else None, field=found)
    readable = None
    if request.method == "POST" and form.is_valid():
        is_another = form.chosen_kind != found.kind
        readable = readable_as(found, form.chosen_kind, form.cleaned_data["choices"]) if is_another else None
        if readable is None or readable.is_empty or "sure" in request.POST:
            if answer := _changed(request, found, form):
                return answer
            readable = None
    context = {"form": form, "field": found, "readable": readable}
    return render_page(request, "talentpool/custom_field.html", context, status=422 if form.errors else 200)


def _changed(request: MemberRequest, found: CustomField, form: CustomFieldForm) -> HttpResponse | None:
    try:
        run = change_field(
            found, kind=form.chosen_kind, choices=form.cleaned_data["choices"], by=request.member, **form.described
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None
    return _gone_on(request, run)


@require(Permission.MANAGE_ORGANISATION)
@require_POST
def custom_field_archive(request: MemberRequest, pk: int) -> HttpResponse:
    return _gone_on(request, archive_field(get_object_or_404(CustomField, pk=pk), by=request.member))


@require(Permission.MANAGE_ORGANISATION)
@require_POST
def custom_field_restore(request: MemberRequest, pk: int) -> HttpResponse:
    return _gone_on(request, restore_field(get_object_or_404(CustomField, pk=pk), by=request.member))


@require(Permission.MANAGE_ORGANISATION)
@require_POST
def custom_field_move(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(CustomField, pk=pk)
    form = MoveFieldForm(request.POST)
    if form.is_valid():
        move_field(found, up=form.cleaned_data["to"] == "up", by=request.member)
    return redirect("talentpool:custom_fields", request.tenant.slug)


def _gone_on(request: MemberRequest, run: BulkRun | None) -> HttpResponse:
    if run:
        return redirect("crm:run", request.tenant.slug, run.pk)
    return redirect("talentpool:custom_fields", request.tenant.slug)
