"""The buttons that move a campaign from one state to the next."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.actions.campaigns import (
    cancel_campaign,
    copy_campaign,
    delete_campaign,
    pause_campaign,
    resume_campaign,
    schedule_campaign,
    unschedule_campaign,
)
from campaigns.actions.following import stop_following
from campaigns.models import Campaign
from crm.permissions import MemberRequest, Permission, require


def _move(request: MemberRequest, pk: int, act: Callable[[Campaign], object]) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=pk)
    try:
        act(found)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("campaigns:campaign", request.tenant.slug, pk)


@require(Permission.SEND_CAMPAIGNS)
@require_POST
def schedule(request: MemberRequest, pk: int) -> HttpResponse:
    return _move(
        request, pk, lambda found: schedule_campaign(found, send_at=found.send_at or timezone.now(), by=request.member)
    )


@require(Permission.SEND_CAMPAIGNS)
@require_POST
def unschedule(request: MemberRequest, pk: int) -> HttpResponse:
    return _move(request, pk, lambda found: unschedule_campaign(found, by=request.member))


@require(Permission.SEND_CAMPAIGNS)
@require_POST
def pause(request: MemberRequest, pk: int) -> HttpResponse:
    return _move(request, pk, lambda found: pause_campaign(found, by=request.member))


@require(Permission.SEND_CAMPAIGNS)
@require_POST
def resume(request: MemberRequest, pk: int) -> HttpResponse:
    return _move(request, pk, lambda found: resume_campaign(found, by=request.member))


@require(Permission.SEND_CAMPAIGNS)
@require_POST
def unfollow(request: MemberRequest, pk: int) -> HttpResponse:
    return _move(request, pk, lambda found: stop_following(found, by=request.member))


@require(Permission.SEND_CAMPAIGNS)
@require_POST
def cancel(request: MemberRequest, pk: int) -> HttpResponse:
    return _move(request, pk, lambda found: cancel_campaign(found, by=request.member))


@require(Permission.EDIT_CAMPAIGNS)
@require_POST
def copy(request: MemberRequest, pk: int) -> HttpResponse:
    made = copy_campaign(get_object_or_404(Campaign, pk=pk), by=request.member)
    return redirect("campaigns:message", request.tenant.slug, made.pk)


@require(Permission.EDIT_CAMPAIGNS)
@require_POST
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=pk)
    try:
        delete_campaign(found, by=request.member)
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
        return redirect("campaigns:campaign", request.tenant.slug, pk)
    messages.success(request, f"The draft “{found.name}” is gone.")
    return redirect("campaigns:campaigns", request.tenant.slug)
