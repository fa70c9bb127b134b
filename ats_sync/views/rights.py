"""Who is right where the ATS and somebody here have both changed a fact."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from ats_sync.actions.rights import change_rights, settle_conflict
from ats_sync.forms.log import AfterForm
from ats_sync.forms.rights import RightsForm, SideForm
from ats_sync.models import Conflict, ConflictState, Connection
from ats_sync.queries.rights import AT_ONCE, open_questions
from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import render_page


@require(Permission.VIEW_ATS)
def rights(request: MemberRequest, pk: int) -> HttpResponse:
    """Whoever may look sees it; saving needs more."""
    found = get_object_or_404(Connection.objects.select_related("source"), pk=pk)
    is_saved = request.method == "POST" and may(request.member, Permission.MANAGE_ATS)
    form = RightsForm(request.POST if is_saved else None, rights=found.source.conflicts)
    if is_saved and form.is_valid():
        try:
            run = change_rights(found, form.rights, by=request.member)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, "Saved. Everybody is worked out anew." if run else "It was so already.")
        return redirect("ats_sync:rights", request.tenant.slug, pk)
    context = {"connection": found, "form": form}
    return render_page(request, "ats_sync/rights.html", context, status=422 if form.errors else 200)


@require(Permission.VIEW_ATS)
def conflicts(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Connection, pk=pk)
    questions = open_questions(found, after=AfterForm(request.GET).row)
    context = {"connection": found, "questions": questions[:AT_ONCE], "more": len(questions) > AT_ONCE}
    return render_page(request, "ats_sync/conflicts.html", context)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def conflict_settle(request: MemberRequest, pk: int, conflict_pk: int) -> HttpResponse:
    conflict = get_object_or_404(
        Conflict.objects.select_related("connection", "candidate"), pk=conflict_pk, connection=pk
    )
    form = SideForm(request.POST)
    if form.is_valid():
        try:
            settle_conflict(conflict, ConflictState(form.cleaned_data["side"]), by=request.member)
            messages.success(request, "It is settled.")
        except ValidationError as error:
            messages.error(request, error.messages[0])
    return redirect("ats_sync:conflicts", request.tenant.slug, pk)
