"""How long the search log is kept, legal holds, and whether positions are asked for."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from sourcing.actions.keeping import begin_hold, change_settings, end_hold
from sourcing.forms.log import HoldForm, KeepingForm
from sourcing.models import LegalHold
from sourcing.queries.keeping import holds, log_settings


@require(Permission.VIEW_SEARCH_LOG)
def keeping(request: MemberRequest) -> HttpResponse:
    form = KeepingForm(request.POST or None, instance=log_settings())
    if request.method == "POST" and form.is_valid():
        changed = change_settings(**form.cleaned_data, by=request.member)
        messages.success(request, "Saved." if changed else "Nothing was different.")
        return redirect("sourcing:keeping", request.tenant.slug)
    return _page(request, form=form, hold_form=HoldForm())


@require(Permission.VIEW_SEARCH_LOG)
@require_POST
def hold_begin(request: MemberRequest) -> HttpResponse:
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _page(request, form=KeepingForm(instance=log_settings()), hold_form=form)
    begin_hold(reason=form.cleaned_data["reason"], by=request.member, **form.held)
    messages.success(request, "It is held.")
    return redirect("sourcing:keeping", request.tenant.slug)


@require(Permission.VIEW_SEARCH_LOG)
@require_POST
def hold_end(request: MemberRequest, pk: int) -> HttpResponse:
    end_hold(get_object_or_404(LegalHold, pk=pk), by=request.member, now=timezone.now())
    messages.success(request, "The hold has ended.")
    return redirect("sourcing:keeping", request.tenant.slug)


def _page(request: MemberRequest, **forms: Any) -> HttpResponse:
    wrong = any(form.errors for form in forms.values())
    context = {"holds": holds().select_related("by"), **forms}
    return render_page(request, "sourcing/keeping.html", context, status=422 if wrong else 200)
