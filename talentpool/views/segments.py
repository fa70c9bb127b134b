"""Saved searches: kept, listed, removed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.segments import delete_segment, save_search
from talentpool.forms.people import SearchForm, SegmentForm, search_query
from talentpool.models import Segment
from talentpool.search.find import QueryError, count


@require(Permission.VIEW_CANDIDATES)
def segments(request: MemberRequest) -> HttpResponse:
    found = [(each, search_query(each), f"drop-{each.pk}") for each in Segment.objects.select_related("by")]
    return render_page(request, "talentpool/segments.html", {"segments": found})


@require(Permission.EDIT_CANDIDATES)
def segment_new(request: MemberRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    form = SegmentForm(request.POST if request.method == "POST" else None)
    try:
        size = count(search.request)
    except QueryError:  # the list of people says where the fault is
        return redirect(org_reverse("talentpool:people", slug=request.tenant.slug) + "?" + search.query)
    if request.method == "POST" and form.is_valid():
        save_search(form.cleaned_data["name"], **search.stored, by=request.member)
        messages.success(request, f"“{form.cleaned_data['name']}” is saved.")
        return redirect("talentpool:segments", request.tenant.slug)
    context = {"form": form, "search": search, "size": size}
    return render_page(request, "talentpool/segment_form.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_CANDIDATES)
@require_POST
def segment_delete(request: MemberRequest, pk: int) -> HttpResponse:
    segment = get_object_or_404(Segment, pk=pk)
    try:
        delete_segment(segment, by=request.member)
        messages.success(request, f"“{segment.name}” is removed. Its people stay.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:segments", request.tenant.slug)
