from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.actions.bulk_runs import cancel_bulk_run
from crm.actions.bulk_undo import undo_bulk_run, undoing_of
from crm.models import BulkRun
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page


@require(Permission.VIEW_HOME)
def run(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(BulkRun.objects.filter(by=request.member), pk=pk)
    context = {"run": found, "undoing": undoing_of(found, request.member)}
    return render_page(request, "crm/run.html", context, partials=["progress"])


@require(Permission.VIEW_HOME)
@require_POST
def run_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(BulkRun.objects.filter(by=request.member), pk=pk)
    try:
        cancel_bulk_run(found, by=request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("crm:run", request.tenant.slug, pk)


@require(Permission.VIEW_HOME)
@require_POST
def run_undo(request: MemberRequest, pk: int) -> HttpResponse:
    """What its maker may still do, she may take back."""
    found = get_object_or_404(BulkRun.objects.filter(by=request.member), pk=pk)
    try:
        return redirect("crm:run", request.tenant.slug, undo_bulk_run(found, by=request.member).pk)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("crm:run", request.tenant.slug, pk)
