"""Disconnecting an ATS: what becomes of what came by it, counted before anything is done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.views.decorators.http import require_POST, require_safe

from ats_sync.actions.connections import end_connection, left_by_hand
from ats_sync.actions.removal import start_removal
from ats_sync.forms.connections import EndingForm
from ats_sync.forms.log import AfterForm, KeptForm
from ats_sync.models import Connection, ConnectionState
from ats_sync.queries.removal import STAYED_AT_ONCE, kept_of, removal_of, stayed
from crm.charts import Bar
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page


@require(Permission.MANAGE_ATS)
def end(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Connection, pk=pk)
    if found.state == ConnectionState.ENDED:
        messages.error(request, "It was disconnected before.")
        return redirect("ats_sync:connection", request.tenant.slug, pk)
    form = EndingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _end(request, found, removes=form.cleaned_data["what_came"] == "remove")
    removal = removal_of(found)
    kept = reverse("ats_sync:connection_kept", args=[request.tenant.slug, pk])
    context = {
        "connection": found,
        "form": form,
        "removal": removal,
        "left": left_by_hand(found),
        "keepers": [
            Bar(capfirst(word), number, f"{kept}?{urlencode({'reason': word})}")
            for word, number in removal.people.reasons
        ],
    }
    return render_page(request, "ats_sync/connection_end.html", context, status=422 if form.errors else 200)


def _end(request: MemberRequest, found: Connection, *, removes: bool) -> HttpResponse:
    try:
        left = end_connection(found, by=request.member, removes=removes)
        what = "What came by it is being taken away." if removes else "The people who came by it stay."
        messages.success(request, f"It is disconnected. {what}")
        if left:
            messages.warning(request, left)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("ats_sync:connection", request.tenant.slug, found.pk)


@require(Permission.MANAGE_ATS)
@require_POST
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """On from where it was stopped."""
    try:
        start_removal(get_object_or_404(Connection, pk=pk), by=request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("ats_sync:connection", request.tenant.slug, pk)


@require(Permission.MANAGE_ATS)
@require_safe
def who_would_stay(request: MemberRequest, pk: int) -> HttpResponse:
    """Before anything is done: the people behind the numbers of the page that asks."""
    found = get_object_or_404(Connection.objects.exclude(state=ConnectionState.ENDED), pk=pk)
    form = KeptForm(request.GET)
    people = kept_of(found, form.word, after=form.row)
    context = {"connection": found, "reason": form.word, "people": people[:STAYED_AT_ONCE]}
    return render_page(request, "ats_sync/connection_kept.html", context | {"more": len(people) > STAYED_AT_ONCE})


@require(Permission.VIEW_ATS)
def who_stayed(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Connection, pk=pk)
    people = stayed(found, after=AfterForm(request.GET).row)
    context = {"connection": found, "people": people[:STAYED_AT_ONCE], "more": len(people) > STAYED_AT_ONCE}
    return render_page(request, "ats_sync/connection_stayed.html", context)
