from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from crm.actions.invitations import invite, resend_invitation, withdraw_invitation
from crm.actions.members import change_role, remove_member
from crm.forms import InvitationForm, RoleForm
from crm.models import Invitation, Member, Role
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from crm.role_words import ROLE_WORDS


@require(Permission.MANAGE_MEMBERS)
def members(request: MemberRequest) -> HttpResponse:
    return _page(request, InvitationForm())


@require(Permission.MANAGE_MEMBERS)
@require_POST
def member_invite(request: MemberRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if form.is_valid():
        try:
            asked = invite(form.cleaned_data["email"], Role(form.cleaned_data["role"]), by=request.member)
        except ValidationError as error:
            form.add_error("email", error)
        else:
            messages.success(request, f"A letter to {asked.email} is on its way. It works for seven days.")
            return redirect("crm:members", request.tenant.slug)
    return _page(request, form, status=422)


@require(Permission.MANAGE_MEMBERS)
@require_POST
def member_role(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Member.objects.active(), pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "There is no such role.")
        return redirect("crm:members", request.tenant.slug)
    try:
        change_role(member, Role(form.cleaned_data["role"]), by=request.member)
        messages.success(request, f"{member.name} is {member.get_role_display().lower()} now.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("crm:members", request.tenant.slug)


@require(Permission.MANAGE_MEMBERS)
@require_POST
def member_remove(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Member.objects.active(), pk=pk)
    try:
        remove_member(member, by=request.member)
        messages.success(request, f"{member.name} is no member any more.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("crm:members", request.tenant.slug)
    return redirect("door:front") if member == request.member else redirect("crm:members", request.tenant.slug)


@require(Permission.MANAGE_MEMBERS)
@require_POST
def invitation_resend(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    try:
        resend_invitation(invitation, by=request.member)
        messages.success(request, f"A new letter to {invitation.email} is on its way; the link in the old one is void.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("crm:members", request.tenant.slug)


@require(Permission.MANAGE_MEMBERS)
@require_POST
def invitation_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    try:
        withdraw_invitation(invitation, by=request.member)
        messages.success(request, f"The invitation of {invitation.email} is withdrawn; its link is void.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("crm:members", request.tenant.slug)


def _page(request: MemberRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "members": Member.objects.active().select_related("user"),
        "invitations": Invitation.objects.filter(accepted_at=None, withdrawn_at=None).order_by("-created_at", "-id"),
        "roles": ROLE_WORDS,
        "now": timezone.now(),
    }
    return render_page(request, "crm/members.html", context, status=status)
