"""What members change about a person: panels edited in place, suggestions answered; and the end of it all."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.edits import answer_suggestion, edit_candidate, withdraw_edit
from talentpool.actions.erasure import erase_candidate
from talentpool.forms.candidates import ENTRIES, PANELS, EraseForm, PeriodForm, SuggestionForm
from talentpool.forms.panels import PanelForm
from talentpool.models import Candidate, FieldEdit, Profile
from talentpool.presence import note_editing
from talentpool.queries.stories import losses_of
from talentpool.views.candidate import frame_of, panel_now, person_or_404


@require(Permission.EDIT_CANDIDATES)
def candidate_edit(request: MemberRequest, pk: int, panel: str) -> HttpResponse:
    person, kind = person_or_404(pk), PANELS[panel]
    form = kind(request.POST if request.method == "POST" else None, initial=kind.shown(person))
    if request.method == "POST" and form.is_valid() and _edited(request, person, form, form.changes(person)):
        return panel_now(request, pk, panel)
    return _edit_page(request, pk, panel, form)


@require(Permission.EDIT_CANDIDATES)
def entry_edit(request: MemberRequest, pk: int, panel: str, number: int | None = None) -> HttpResponse:
    """One post or course of study: a new one when `number` is None."""
    person, kind = person_or_404(pk), ENTRIES[panel]
    before = getattr(person, kind.field)[number : number + 1] if number is not None else []
    if number is not None and not before:
        messages.error(request, "That entry is no longer there; this is how the person looks now.")
        return redirect("talentpool:candidate", request.tenant.slug, pk)
    form = kind(request.POST) if request.method == "POST" else kind(initial=before[0] if before else None)
    if request.method == "POST" and "remove" in request.POST and before:
        edit_candidate(person, {kind.field: {"add": [], "remove": before}}, by=request.member)
        return panel_now(request, pk, panel)
    if request.method == "POST" and form.is_valid() and _edited(request, person, form, form.changes(before)):
        return panel_now(request, pk, panel)
    return _edit_page(request, pk, panel, form, removable=bool(before))


def _edited(request: MemberRequest, person: Candidate, form: Form, changes: dict[str, Any]) -> bool:
    """Whether the edit was taken; where not, the form says why."""
    try:
        edit_candidate(person, changes, by=request.member)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


def _edit_page(
    request: MemberRequest, pk: int, panel: str, form: PanelForm | PeriodForm, *, removable: bool = False
) -> HttpResponse:
    status = 422 if form.errors else 200
    person = person_or_404(pk)
    note_editing(pk, request.member.pk)
    context = {"panel": panel, "form": form, "removable": removable}
    if request.htmx:
        return render_page(request, "talentpool/_panel_edit.html", {"person": person, **context}, status=status)
    page = frame_of(request, person, "profile", **context)
    return render_page(request, "talentpool/candidate_edit.html", page, status=status)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def edit_withdraw(request: MemberRequest, pk: int, edit_pk: int) -> HttpResponse:
    """What sources say is shown again."""
    edit = get_object_or_404(FieldEdit, pk=edit_pk, candidate=person_or_404(pk))
    withdraw_edit(edit, by=request.member)
    messages.success(request, "The edit is taken back.")
    return redirect("talentpool:candidate", request.tenant.slug, pk)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def suggestion(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    form = SuggestionForm(request.POST)
    if form.is_valid():
        profile_pk, number = (int(part) for part in form.cleaned_data["key"].split("-"))
        profile = get_object_or_404(Profile, pk=profile_pk, candidate=person)
        with suppress(ValidationError):  # it is gone; the panel shows what is left
            answer_suggestion(profile, number, accept=form.cleaned_data["do"] == "accept", by=request.member)
    return panel_now(request, pk, "suggestions")


@require(Permission.ERASE_CANDIDATES)
def candidate_erase(request: MemberRequest, pk: int) -> HttpResponse:
    person = person_or_404(pk)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            erase_candidate(person, reason=form.cleaned_data["reason"], by=request.member)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The person is erased.")
            return redirect("talentpool:people", request.tenant.slug)
    context = {"person": person, "form": form, "losses": losses_of(person)}
    return render_page(request, "talentpool/candidate_erase.html", context, status=422 if form.errors else 200)
