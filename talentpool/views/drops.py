"""The places that are watched for a source's files, and what its columns become."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.drops import approve_host_key, create_drop, look_now, remove_drop, update_drop
from talentpool.actions.saved_columns import forget_columns, rename_columns
from talentpool.forms.drops import DropForm, HostKeyForm, KindForm, SavedColumnsForm
from talentpool.models import Drop, DropKind, SavedColumns, Source
from talentpool.queries.drops import FILES, files_of, shown_key

SOURCE = "talentpool:source"


@require(Permission.MANAGE_SOURCES)
def drop_new(request: MemberRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    asked = KindForm(request.GET)
    if not asked.is_valid():  # the source's page is where one chooses
        return redirect("talentpool:source", request.tenant.slug, source.pk)
    kind = DropKind(asked.cleaned_data["kind"])
    form = DropForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            drop = create_drop(source, kind, form.cleaned_data, by=request.member)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("talentpool:drop", request.tenant.slug, drop.pk)
    context = {"source": source, "form": form, "kind": kind}
    return render_page(request, "talentpool/drop_form.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_SOURCES)
def drop(request: MemberRequest, pk: int) -> HttpResponse:
    found = _drop(pk)
    form = DropForm(request.POST or None, kind=DropKind(found.kind), drop=found)
    if request.method == "POST" and form.is_valid():
        try:
            update_drop(found, form.cleaned_data, by=request.member)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved.")
            return redirect("talentpool:drop", request.tenant.slug, found.pk)
    context: dict[str, Any] = {"drop": found, "source": found.source, "form": form, "files": files_of(found)}
    context |= {"shown_key": shown_key(found.offered_key), "approved_key": shown_key(found.host_key), "most": FILES}
    return render_page(request, "talentpool/drop.html", context, partials=["look"], status=422 if form.errors else 200)


@require(Permission.MANAGE_SOURCES)
@require_POST
def drop_look(request: MemberRequest, pk: int) -> HttpResponse:
    found = _drop(pk)
    try:
        look_now(found, by=request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:drop", request.tenant.slug, found.pk)


@require(Permission.MANAGE_SOURCES)
@require_POST
def drop_approve(request: MemberRequest, pk: int) -> HttpResponse:
    found, form = _drop(pk), HostKeyForm(request.POST)
    try:
        approve_host_key(found, form.cleaned_data["key"] if form.is_valid() else "", by=request.member)
        messages.success(request, "Approved. Rapport looks there with the next round.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:drop", request.tenant.slug, found.pk)


@require(Permission.MANAGE_SOURCES)
@require_POST
def drop_remove(request: MemberRequest, pk: int) -> HttpResponse:
    found = _drop(pk)
    remove_drop(found, by=request.member)
    messages.success(request, "It is not watched any more.")
    return redirect(SOURCE, request.tenant.slug, found.source_id)


@require(Permission.MANAGE_SOURCES)
@require_POST
def columns_rename(request: MemberRequest, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedColumns, pk=pk)
    form = SavedColumnsForm(request.POST)
    if form.is_valid():
        rename_columns(saved, form.cleaned_data["name"], by=request.member)
    else:
        messages.error(request, "Give it a name of at most 120 letters.")
    return redirect(SOURCE, request.tenant.slug, saved.source_id)


@require(Permission.MANAGE_SOURCES)
@require_POST
def columns_forget(request: MemberRequest, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedColumns, pk=pk)
    forget_columns(saved, by=request.member)
    return redirect(SOURCE, request.tenant.slug, saved.source_id)


def _drop(pk: int) -> Drop:
    return get_object_or_404(Drop.objects.select_related("source__tenant", "by"), pk=pk)
