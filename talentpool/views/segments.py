"""Segments: searches that are kept, listed, looked into, changed, shared, removed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from crm.charts import Series
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.segments import change_query, change_segment, delete_segment, save_search, show_segment
from talentpool.forms.people import SearchForm
from talentpool.forms.segments import AlertForm, MembersForm, SegmentForm, SharingForm, search_query
from talentpool.models import Segment
from talentpool.queries.segments import (
    alert_of,
    chosen_in_words,
    history_of,
    lines_of,
    may_change,
    members_of,
    segment_for,
    segments_for,
    trouble_of,
)
from talentpool.search.find import QueryError, count
from talentpool.segment_uses import uses_of


@require(Permission.VIEW_CANDIDATES)
def segments(request: MemberRequest) -> HttpResponse:
    today = timezone.now().astimezone(request.tenant.zone).date()
    lines = [(line, search_query(line.segment)) for line in lines_of(segments_for(request.member), today=today)]
    own = [each for each in lines if not each[0].segment.ready_made]
    made = [each for each in lines if each[0].segment.ready_made]
    hidden = Segment.objects.exclude(hidden_at=None).exclude(ready_made="")
    return render_page(request, "talentpool/segments.html", {"own": own, "made": made, "hidden": hidden})


@require(Permission.VIEW_CANDIDATES)
def segment(request: MemberRequest, pk: int) -> HttpResponse:
    found = segment_or_404(request, pk)
    today = timezone.now().astimezone(request.tenant.zone).date()
    days, form = history_of(found, today=today), MembersForm(request.GET)
    context: dict[str, Any] = {
        "segment": found,
        "query": search_query(found),
        "chosen": chosen_in_words([found])[found.pk],
        "trouble": trouble_of(found),
        "days": days,
        "series": [Series("In the segment", [day.size for day in days])],
        "labels": [f"{day.day:%-d %b}" for day in days],
        "page": members_of(found, cursor=form.cursor),
        "cursor": form.cursor,
        "uses": uses_of(found, request.member),
        "schedules": found.schedules.select_related("pipeline", "tag", "by"),
        "alert": AlertForm(initial={"every": alert_of(found, request.member)}),
        "may_change": may_change(found, request.member),
    }
    return render_page(request, "talentpool/segment.html", context, partials=["members", "counting"])


@require(Permission.EDIT_CANDIDATES)
def segment_new(request: MemberRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    form = SegmentForm(request.POST if request.method == "POST" else None, by=request.member)
    try:
        size = count(search.request)
    except QueryError:  # the list of people says where the fault is
        return redirect(org_reverse("talentpool:people", slug=request.tenant.slug) + "?" + search.query)
    if request.method == "POST" and form.is_valid():
        saved = _save(request, form, search)
        messages.success(request, f"“{saved.name}” is saved. Who is in it is being counted.")
        return redirect("talentpool:segment", request.tenant.slug, saved.pk)
    context = {"form": form, "search": search, "size": size}
    return render_page(request, "talentpool/segment_form.html", context, status=422 if form.errors else 200)


def _save(request: MemberRequest, form: SegmentForm, search: SearchForm) -> Segment:
    said = form.cleaned_data
    if said["instead"]:
        change_query(said["instead"], **search.stored, by=request.member)
        return said["instead"]  # type: ignore[no-any-return]
    shared = {"sharing": said["sharing"], "shared_with": said["shared_with"]}
    return save_search(said["name"], **search.stored, **shared, by=request.member)


@require(Permission.EDIT_CANDIDATES)
def segment_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = _changeable_or_403(request, pk)
    form = SharingForm(request.POST if request.method == "POST" else None, instance=found, by=request.member)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        stored = segment_or_404(request, pk)  # the form has written its values onto the other
        try:
            change_segment(
                stored, name=said["name"], sharing=said["sharing"], shared_with=said["shared_with"], by=request.member
            )
            messages.success(request, f"“{said['name']}” is saved.")
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return redirect("talentpool:segment", request.tenant.slug, pk)
    context = {"form": form, "segment": found}
    return render_page(request, "talentpool/segment_edit.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def segment_delete(request: MemberRequest, pk: int) -> HttpResponse:
    found = _changeable_or_403(request, pk)
    try:
        delete_segment(found, by=request.member)
        done = "is hidden" if found.ready_made else "is removed. Its people stay"
        messages.success(request, f"“{found.name}” {done}.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:segments", request.tenant.slug)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def segment_show(request: MemberRequest, pk: int) -> HttpResponse:
    show_segment(_changeable_or_403(request, pk), by=request.member)
    return redirect("talentpool:segment", request.tenant.slug, pk)


def segment_or_404(request: MemberRequest, pk: int) -> Segment:
    found = segment_for(request.member, pk)
    if found is None:
        raise Http404
    return found


def _changeable_or_403(request: MemberRequest, pk: int) -> Segment:
    found = segment_or_404(request, pk)
    if not may_change(found, request.member):
        raise PermissionDenied("Only who made this segment may change it.")
    return found
