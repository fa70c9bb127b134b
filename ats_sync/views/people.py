"""From a person's page to the ATS: adding, moving, rejecting, sending notes and files."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from ats_sync.actions.adding import add_people
from ats_sync.actions.sending import move_in_ats, reject_in_ats, send_along
from ats_sync.forms.pushes import AddForm, ConnectionChoiceForm, MoveForm, RejectForm, SendForm
from ats_sync.models import AtsRecord, Connection
from ats_sync.providers.base import Ability
from ats_sync.queries.choices import application_record, connections_with, likely_source
from ats_sync.queries.connections import provider_known
from ats_sync.queries.forecast import forecasts
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.models import Candidate


@require(Permission.PUSH_TO_ATS)
def person_add(request: MemberRequest, pk: int) -> HttpResponse:
    """First what would happen, then it happens."""
    person = _person(pk)
    running = list(Connection.objects.on())
    connection = _connection(request, running)
    if connection is None:
        return render_page(request, "ats_sync/not_running.html", {"person": person})
    data = request.POST if request.method == "POST" else None
    form = AddForm(data, connection=connection, initial={"source": likely_source(connection, person)})
    forecast = None
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("job", "source")}
        forecast = forecasts(connection, [person.pk], said["job"])[0]
        if "yes" in request.POST and forecast.happens:
            return _done(request, person, lambda: add_people(connection, [person.pk], **said, by=request.member))
    context = {"person": person, "form": form, "connection": connection, "running": running, "forecast": forecast}
    context |= {"provider": provider_known(connection)}
    return render_page(request, "ats_sync/person_add.html", context, status=422 if form.errors else 200)


@require(Permission.PUSH_TO_ATS)
def application_move(request: MemberRequest, pk: int, application_pk: int) -> HttpResponse:
    person, record = _person(pk), _record(pk, application_pk, Ability.MOVE)
    form = MoveForm(request.POST if request.method == "POST" else None, record=record)
    if request.method == "POST" and form.is_valid():
        stage = form.cleaned_data["stage"]
        return _done(request, person, lambda: move_in_ats(record, person, stage, by=request.member))
    context = {"person": person, "form": form, "record": record, "act": "Move"}
    return render_page(request, "ats_sync/application_act.html", context, status=422 if form.errors else 200)


@require(Permission.PUSH_TO_ATS)
def application_reject(request: MemberRequest, pk: int, application_pk: int) -> HttpResponse:
    person, record = _person(pk), _record(pk, application_pk, Ability.REJECT)
    form = RejectForm(request.POST if request.method == "POST" else None, record=record)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _done(request, person, lambda: reject_in_ats(record, person, reason, by=request.member))
    context = {"person": person, "form": form, "record": record, "act": "Reject"}
    return render_page(request, "ats_sync/application_act.html", context, status=422 if form.errors else 200)


@require(Permission.PUSH_TO_ATS)
def person_send(request: MemberRequest, pk: int) -> HttpResponse:
    person = _person(pk)
    running = connections_with(person)
    connection = _connection(request, running)
    if connection is None:
        return render_page(request, "ats_sync/not_running.html", {"person": person, "is_unknown": True})
    form = SendForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        return _done(request, person, lambda: send_along(connection, person, said, by=request.member))
    context = {"person": person, "form": form, "connection": connection, "running": running}
    return render_page(request, "ats_sync/person_send.html", context, status=422 if form.errors else 200)


def _person(pk: int) -> Candidate:
    return get_object_or_404(Candidate.objects.present(), pk=pk)


def _connection(request: MemberRequest, running: Sequence[Connection]) -> Connection | None:
    return ConnectionChoiceForm(request.POST or request.GET).chosen(running)


def _record(pk: int, application_pk: int, ability: Ability) -> AtsRecord:
    """404 for what the ATS doesn't hold, or doesn't let us do."""
    record = application_record(_person(pk), application_pk)
    provider = provider_known(record.connection) if record else None
    if record is None or provider is None or ability not in provider.abilities:
        raise Http404
    return record


def _done(request: MemberRequest, person: Candidate, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
        messages.success(request, "It is on its way to the ATS. Until it has left you can cancel it there.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:candidate_applications", request.tenant.slug, person.pk)
