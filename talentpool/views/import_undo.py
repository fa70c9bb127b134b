"""Undoing an import: what would go and who would stay, before anything is done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.import_undo import may_be_undone, undo_import
from talentpool.models import ImportRun
from talentpool.queries.import_undoing import undoing_of


@require(Permission.IMPORT_CANDIDATES)
def import_undo(request: MemberRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.select_related("file", "source", "by"), pk=pk)
    if request.method == "POST" or not may_be_undone(run):
        try:
            undo_import(run, by=request.member)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return redirect("talentpool:import", request.tenant.slug, run.pk)
    return render_page(request, "talentpool/import_undo.html", {"run": run, "undoing": undoing_of(run)})
