"""One connection: how it stands, and what can be done with it."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from ats_sync.actions.connections import (
    change_connection,
    change_credentials,
    make_hooks,
    pause_connection,
    start_connection,
)
from ats_sync.actions.looks import ask_for_sweep, ask_to_settle
from ats_sync.actions.removal import may_be_removed
from ats_sync.forms.connections import ConnectionForm, CredentialsForm
from ats_sync.guides import guide_of
from ats_sync.models import Connection, ConnectionState, Remainder
from ats_sync.providers.base import Ability
from ats_sync.queries import connections as queries
from ats_sync.views.connections import try_out
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page

MOST_DIFFERENCES = 50


@require(Permission.VIEW_ATS)
def connection(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.with_queues(Connection.objects.select_related("source", "removal")), pk=pk)
    return render_page(request, "ats_sync/connection.html", _page_of(found), partials=["state"])


def _page_of(found: Connection) -> dict[str, Any]:
    now, sweep, provider = timezone.now(), queries.last_sweep(found), queries.provider_known(found)
    sweeping, readings = queries.is_sweeping(sweep), queries.readings_of(found, now)
    people, applications = queries.numbers_here(found)
    is_loading = found.is_on and (found.loaded_at is None or any(each.is_going for each in readings))
    return {
        "connection": found,
        "provider": provider,
        "people": people,
        "applications": applications,
        "chip": queries.chip_of(found, now),
        "is_stale": queries.is_stale(found, now),
        "came": queries.lag_of_events(found),
        "went": queries.lag_of_pushes(found),
        "requests": queries.requests_of(found),
        "readings": readings,
        "is_loading": is_loading,
        "is_sweeping": sweeping,
        "changes_by_itself": is_loading or sweeping or _is_at_work(found),
        "sweep": sweep,
        "sweep_says": queries.sweep_in_words(sweep),
        "both_sides": queries.both_sides(sweep) if sweep else [],
        "differences": queries.differences_of(found, MOST_DIFFERENCES),
        "hears": provider is not None and Ability.WEBHOOKS in provider.abilities,
        "webhook_url": queries.webhook_url(found),
        "guide": guide_of(found.provider),
        **_removal(found),
    }


def _is_at_work(found: Connection) -> bool:
    waiting = found.events_waiting or found.pushes_waiting  # type: ignore[attr-defined]
    return bool(waiting or (found.removal and not found.removal.is_over))


def _removal(found: Connection) -> dict[str, Any]:
    """Of one that was ended: what takes away what came by it, and how many stayed."""
    if found.state != ConnectionState.ENDED:
        return {}
    is_going = found.removal is not None and not found.removal.is_over
    stayed = Remainder.objects.filter(connection=found, candidate__erased_at=None).count()
    rest = not is_going and may_be_removed(found)
    return {"is_removing": is_going, "stayed": stayed, "may_be_removed": rest}


@require(Permission.MANAGE_ATS)
def credentials(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Connection, pk=pk)
    provider = queries.provider_known(found)
    if provider is None or found.state == "ended":
        messages.error(request, "Its credentials can’t be changed any more. Connect it anew.")
        return redirect("ats_sync:connection", request.tenant.slug, pk)
    data = request.POST if request.method == "POST" else None
    form = CredentialsForm(data, provider=provider, known=json.loads(found.credentials))
    if request.method == "POST" and form.is_valid():
        change_credentials(found, form.credentials, by=request.member)
        try_out(request, found)
        return redirect("ats_sync:connection", request.tenant.slug, pk)
    context = {"form": form, "connection": found, "provider": provider, "guide": guide_of(found.provider)}
    return render_page(request, "ats_sync/credentials.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_ATS)
def settings(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Connection, pk=pk)
    form = ConnectionForm(
        request.POST if request.method == "POST" else None, instance=get_object_or_404(Connection, pk=pk)
    )
    if request.method == "POST" and form.is_valid():
        change_connection(found, form.settings, by=request.member)
        messages.success(request, "Saved.")
        return redirect("ats_sync:connection", request.tenant.slug, pk)
    context = {"form": form, "connection": found}
    return render_page(request, "ats_sync/connection_settings.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_ATS)
@require_POST
def check(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Connection, pk=pk)
    if queries.provider_known(found):
        try_out(request, found)
    else:
        messages.error(request, "This version of Rapport does not know that ATS any more.")
    return redirect("ats_sync:connection", request.tenant.slug, pk)


@require(Permission.MANAGE_ATS)
@require_POST
def start(request: MemberRequest, pk: int) -> HttpResponse:
    """The first time with its webhooks, where the ATS lets a program make them; it runs without them, too."""
    is_first = Connection.objects.filter(pk=pk, state=ConnectionState.SETTING_UP).exists()
    answer = _act(request, pk, start_connection, "It runs. What happened there meanwhile is read first.")
    found = Connection.objects.filter(pk=pk, state=ConnectionState.ON).first()
    provider = queries.provider_known(found) if found else None
    if is_first and found and provider and provider.makes_hooks:
        _make_hooks(request, found)
    return answer


@require(Permission.MANAGE_ATS)
@require_POST
def hooks(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Connection, pk=pk)
    if queries.provider_known(found):
        _make_hooks(request, found)
    return redirect("ats_sync:connection", request.tenant.slug, pk)


def _make_hooks(request: MemberRequest, found: Connection) -> None:
    try:
        made = make_hooks(found, by=request.member)
    except ValidationError as error:
        messages.warning(request, f"Its webhooks were not made: {error.messages[0]}")
    else:
        messages.success(request, f"{made} webhooks were made there." if made else "All its webhooks are there.")


@require(Permission.MANAGE_ATS)
@require_POST
def pause(request: MemberRequest, pk: int) -> HttpResponse:
    return _act(request, pk, pause_connection, "It is paused: nothing is read or sent until you start it again.")


@require(Permission.MANAGE_ATS)
@require_POST
def sweep(request: MemberRequest, pk: int) -> HttpResponse:
    return _act(request, pk, ask_for_sweep, "Both sides are being compared. Nothing is changed by that.")


@require(Permission.MANAGE_ATS)
@require_POST
def settle(request: MemberRequest, pk: int) -> HttpResponse:
    return _act(request, pk, ask_to_settle, "What differs is being taken over from the ATS.")


def _act(request: MemberRequest, pk: int, act: Any, done: str) -> HttpResponse:
    try:
        act(get_object_or_404(Connection, pk=pk), by=request.member)
        messages.success(request, done)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("ats_sync:connection", request.tenant.slug, pk)
