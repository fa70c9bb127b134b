"""Following people, and what of it is mailed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from crm.models import Member
from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import render_page
from talentpool.actions.notices import change_notices
from talentpool.actions.watching import mark_all_seen, unwatch, watch
from talentpool.forms.relations import NoticeForm, WatchForm
from talentpool.presence import note_presence, others_present
from talentpool.queries.conversations import talks_with
from talentpool.queries.members import mentionable_members, notices_for
from talentpool.queries.news import news_for, unread_mentions
from talentpool.views.candidate import person_or_404


@require(Permission.VIEW_CANDIDATES)
@require_POST
def candidate_watch(request: MemberRequest, pk: int) -> HttpResponse:
    """Oneself, or the member that the form names."""
    person = person_or_404(pk)
    member = _meant(request)
    try:
        watch(person, member, by=request.member)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _back(request, pk, member)


@require(Permission.VIEW_CANDIDATES)
@require_POST
def candidate_unwatch(request: MemberRequest, pk: int) -> HttpResponse:
    member = _meant(request)
    unwatch(person_or_404(pk), member, by=request.member)
    return _back(request, pk, member)


def _meant(request: MemberRequest) -> Member:
    form = WatchForm(request.POST)
    member: Member = (form.cleaned_data["member"] if form.is_valid() else None) or request.member
    if member != request.member and not may(request.member, Permission.EDIT_CANDIDATES):
        raise PermissionDenied("Your role here does not include choosing followers.")
    return member


def _back(request: MemberRequest, pk: int, member: Member) -> HttpResponse:
    page = "candidate" if member == request.member else "candidate_owner"
    return redirect(f"talentpool:{page}", request.tenant.slug, pk)


@require(Permission.VIEW_CANDIDATES)
def news(request: MemberRequest) -> HttpResponse:
    member = request.member
    context = {"mentions": unread_mentions(member, limit=100), "news": news_for(member, limit=100)}
    return render_page(request, "talentpool/news.html", context)


@require(Permission.VIEW_CANDIDATES)
@require_POST
def all_seen(request: MemberRequest) -> HttpResponse:
    mark_all_seen(request.member)
    return redirect("talentpool:news", request.tenant.slug)


@require(Permission.VIEW_CANDIDATES)
@require_safe
def mentionable(request: MemberRequest) -> HttpResponse:
    """Whom an @ may name, for the script that offers them."""
    members = [{"name": each.name, "email": each.email} for each in mentionable_members()]
    return JsonResponse({"members": members})


@require(Permission.VIEW_CANDIDATES)
@require_safe
def presence(request: MemberRequest, pk: int) -> HttpResponse:
    """Who else is here and who is talking with the person; the page asks for it while it is open."""
    person = person_or_404(pk)
    note_presence(pk, request.member.pk)
    others = others_present(pk, but=request.member.pk)
    context = {"person": person, "others": others, "talks": talks_with(person, but=request.member)}
    return render_page(request, "talentpool/_presence.html", context)


@require(Permission.VIEW_CANDIDATES)
def notices(request: MemberRequest) -> HttpResponse:
    now = notices_for(request.member.pk)
    shown = {"mentions": now.mentions, "tasks": now.tasks, "digest": now.digest}
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid():
        change_notices(request.member, **form.cleaned_data)
        messages.success(request, "That is how it will be.")
        return redirect("talentpool:notices", request.tenant.slug)
    return render_page(request, "talentpool/notices.html", {"form": form}, status=422 if form.errors else 200)
