"""Undoing an import: what would go and who would stay, before anything is done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from crm.charts import Bar
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.import_undo import may_be_undone, undo_import
from talentpool.forms.imports import ImportKeptForm
from talentpool.models import ImportRun
from talentpool.queries.import_undoing import PAGE, kept_of, undoing_of


@require(Permission.IMPORT_CANDIDATES)
def import_undo(request: MemberRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.select_related("file", "source", "by"), pk=pk)
    if request.method == "POST" or not may_be_undone(run):
        try:
            undo_import(run, by=request.member)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return redirect("talentpool:import", request.tenant.slug, run.pk)
    undoing = undoing_of(run)
    kept = reverse("talentpool:import_kept", args=[request.tenant.slug, pk])
    keepers = [Bar(capfirst(word), number, f"{kept}?{urlencode({'reason': word})}") for word, number in undoing.reasons]
    return render_page(request, "talentpool/import_undo.html", {"run": run, "undoing": undoing, "keepers": keepers})


@require(Permission.IMPORT_CANDIDATES)
@require_safe
def import_kept(request: MemberRequest, pk: int) -> HttpResponse:
    """Before anything is done: the people behind the numbers of the page that asks."""
    run = get_object_or_404(ImportRun.objects.select_related("file"), pk=pk)
    form = ImportKeptForm(request.GET)
    people = kept_of(run, form.word, after=form.row)
    context = {"run": run, "reason": form.word, "people": people[:PAGE], "more": len(people) > PAGE}
    return render_page(request, "talentpool/import_kept.html", context)
