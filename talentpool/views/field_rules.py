"""By which rules values are shown where sources differ: chosen, tried on a sample, counted for everybody, put back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.models import BulkRun
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.field_rules import change_rules, put_rules_back, start_preview
from talentpool.forms.field_rules import RulesForm
from talentpool.models import FieldRules
from talentpool.queries.field_rules import earlier_rules, preview_of
from talentpool.queries.statements import current_rules


@require(Permission.MANAGE_ORGANISATION)
def rules(request: MemberRequest) -> HttpResponse:
    """The rules; with `preview` in the address what those in it would change."""
    asked = request.POST if request.method == "POST" else request.GET if "preview" in request.GET else None
    form = RulesForm(asked, rules=current_rules())
    chosen = form.rules if form.is_valid() else None
    if request.method == "POST" and chosen:
        if "count" in request.POST:
            return redirect("crm:run", request.tenant.slug, start_preview(chosen, by=request.member).pk)
        return _changed(request, change_rules(chosen, by=request.member))
    context = {"form": form, "preview": preview_of(chosen) if chosen else None, "earlier": earlier_rules()}
    return render_page(request, "talentpool/rules.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_ORGANISATION)
@require_POST
def rules_put_back(request: MemberRequest, pk: int) -> HttpResponse:
    return _changed(request, put_rules_back(get_object_or_404(FieldRules, pk=pk), by=request.member))


def _changed(request: MemberRequest, run: BulkRun | None) -> HttpResponse:
    if run:
        return redirect("crm:run", request.tenant.slug, run.pk)
    messages.success(request, "These are the rules already.")
    return redirect("talentpool:rules", request.tenant.slug)
