from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.sources import create_source, update_source
from talentpool.forms.sources import SourceForm
from talentpool.models import DropKind, Source
from talentpool.queries.drops import drops_of, mappings_of
from talentpool.queries.sources import sources_with_people


@require(Permission.MANAGE_SOURCES)
def sources(request: MemberRequest) -> HttpResponse:
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            source = create_source(**form.cleaned_data, by=request.member)
            messages.success(request, f"“{source.name}” can be chosen now when people are brought in.")
            return redirect("talentpool:sources", request.tenant.slug)
        except ValidationError as error:
            form.add_error("name", error)
    context = {"form": form, "sources": sources_with_people()}
    return render_page(request, "talentpool/sources.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_SOURCES)
def source(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Source, pk=pk)
    form = SourceForm(request.POST or None, source=found)
    if request.method == "POST" and form.is_valid():
        try:
            run = update_source(found, **form.cleaned_data, by=request.member)
            if run:
                return redirect("crm:run", request.tenant.slug, run.pk)
            messages.success(request, "Saved.")
            return redirect("talentpool:sources", request.tenant.slug)
        except ValidationError as error:
            form.add_error("name", error)
    context = {"form": form, "source": found, "drops": drops_of(found), "mappings": mappings_of(found)}
    context["drop_kinds"] = DropKind.choices
    return render_page(request, "talentpool/source.html", context, status=422 if form.errors else 200)
