"""Agencies as members see them: the list, one agency, the people of it, and what it may submit for."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from crm.templatetags.rapport import number
from talentpool.actions.agencies import (
    close_to_agency,
    create_agency,
    end_agency,
    open_to_agency,
    resume_agency,
    update_agency,
)
from talentpool.actions.agency_users import invite_to_agency, remove_agency_user, withdraw_agency_invitation
from talentpool.actions.submissions import move_submission
from talentpool.forms.agencies import AgencyForm, AgencyInvitationForm, OpeningForm, SubmissionStateForm
from talentpool.models import Agency, AgencyInvitation, AgencyJob, AgencyUser, Submission, SubmissionState
from talentpool.queries.agencies import agencies_with_counts, figures_of, openings_of
from talentpool.queries.search_first import own_matches

LATEST = 100


@require(Permission.VIEW_AGENCIES)
@require_GET
def agencies(request: MemberRequest) -> HttpResponse:
    return render_page(request, "talentpool/agencies.html", {"agencies": agencies_with_counts()})


@require(Permission.MANAGE_AGENCIES)
def agency_new(request: MemberRequest) -> HttpResponse:
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agency = create_agency(form.cleaned_data, by=request.member)
            return redirect("talentpool:agency", request.tenant.slug, agency.pk)
        except ValidationError as error:
            form.add_error(None, error)
    return render_page(request, "talentpool/agency_form.html", {"form": form}, status=422 if form.errors else 200)


@require(Permission.VIEW_AGENCIES)
@require_GET
def agency(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, _agency(pk))


@require(Permission.MANAGE_AGENCIES)
def agency_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = _agency(pk)
    form = AgencyForm(request.POST or None, instance=_agency(pk))
    if request.method == "POST" and form.is_valid():
        try:
            update_agency(found, form.cleaned_data, by=request.member)
            return redirect("talentpool:agency", request.tenant.slug, pk)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "agency": found}
    return render_page(request, "talentpool/agency_form.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_AGENCIES)
@require_POST
def agency_end(request: MemberRequest, pk: int) -> HttpResponse:
    found = _agency(pk)
    act = end_agency if found.ended_at is None else resume_agency
    return _then(request, pk, lambda: act(found, by=request.member))


@require(Permission.MANAGE_AGENCIES)
@require_POST
def agency_invite(request: MemberRequest, pk: int) -> HttpResponse:
    found, form = _agency(pk), AgencyInvitationForm(request.POST)
    if form.is_valid():
        try:
            asked = invite_to_agency(found, form.cleaned_data["email"], by=request.member)
        except ValidationError as error:
            form.add_error("email", error)
        else:
            messages.success(request, f"A letter to {asked.email} is on its way. It works for seven days.")
            return redirect("talentpool:agency", request.tenant.slug, pk)
    return _page(request, found, invitation_form=form, status=422)


@require(Permission.MANAGE_AGENCIES)
@require_POST
def agency_invitation_withdraw(request: MemberRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitation = get_object_or_404(AgencyInvitation.objects.select_related("agency"), pk=invitation_pk, agency=pk)
    return _then(request, pk, lambda: withdraw_agency_invitation(invitation, by=request.member))


@require(Permission.MANAGE_AGENCIES)
@require_POST
def agency_user_remove(request: MemberRequest, pk: int, user_pk: int) -> HttpResponse:
    found = get_object_or_404(AgencyUser.objects.select_related("agency"), pk=user_pk, agency=pk)
    return _then(request, pk, lambda: remove_agency_user(found, by=request.member))


@require(Permission.MANAGE_JOBS)
@require_GET
def agency_search_first(request: MemberRequest, pk: int) -> HttpResponse:
    """Who of the pool might do, before a job is opened to the agency."""
    found = _agency(pk)
    return _own_people_first(request, found, OpeningForm(request.GET, agency=found))


@require(Permission.MANAGE_JOBS)
@require_POST
def agency_open(request: MemberRequest, pk: int) -> HttpResponse:
    found = _agency(pk)
    form = OpeningForm(request.POST, agency=found)
    if not form.is_valid():
        return _own_people_first(request, found, form, status=422)
    return _then(request, pk, lambda: open_to_agency(found, **form.cleaned_data, by=request.member))


@require(Permission.MANAGE_JOBS)
@require_POST
def agency_close(request: MemberRequest, pk: int, opening_pk: int) -> HttpResponse:
    opening = get_object_or_404(AgencyJob.objects.select_related("agency", "job"), pk=opening_pk, agency=pk)
    return _then(request, pk, lambda: close_to_agency(opening, by=request.member))


@require(Permission.EDIT_CANDIDATES)
@require_POST
def submission_move(request: MemberRequest, pk: int, submission_pk: int) -> HttpResponse:
    submission = get_object_or_404(Submission, pk=submission_pk, agency=pk)
    form = SubmissionStateForm(request.POST)
    if not form.is_valid():
        messages.error(request, "There is no such state.")
        return redirect("talentpool:agency", request.tenant.slug, pk)
    state = SubmissionState(form.cleaned_data["state"])
    return _then(request, pk, lambda: move_submission(submission, state, by=request.member))


def _agency(pk: int) -> Agency:
    return get_object_or_404(Agency, pk=pk)


def _then(request: MemberRequest, pk: int, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:agency", request.tenant.slug, pk)


def _own_people_first(request: MemberRequest, agency: Agency, form: OpeningForm, *, status: int = 200) -> HttpResponse:
    form.is_valid()
    job = form.cleaned_data.get("job")
    if job is None:
        messages.error(request, "Choose a job that is open and that this agency does not have yet.")
        return redirect("talentpool:agency", request.tenant.slug, agency.pk)
    context = {"agency": agency, "job": job, "form": form, "matches": own_matches(job, agency, number)}
    context["pipelines"] = job.pipelines.filter(archived_at=None)
    return render_page(request, "talentpool/agency_search_first.html", context, status=status)


def _page(
    request: MemberRequest,
    found: Agency,
    *,
    invitation_form: AgencyInvitationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "agency": found,
        "figures": figures_of(found),
        "openings": openings_of(found),
        "submissions": Submission.objects.filter(agency=found).for_list().select_related("candidate")[:LATEST],
        "states": SubmissionState,
        "users": AgencyUser.objects.filter(agency=found, removed_at=None).select_related("user").order_by("name"),
        "invitations": AgencyInvitation.objects.filter(agency=found, accepted_at=None, withdrawn_at=None),
        "invitation_form": invitation_form or AgencyInvitationForm(),
        "opening_form": OpeningForm(agency=found),
        "now": timezone.now(),
    }
    return render_page(request, "talentpool/agency.html", context, status=status)
