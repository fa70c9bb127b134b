"""The search log: its searches, and one of them with whom it led to."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import render_page
from sourcing.forms.log import LogFilterForm
from sourcing.models import EntryKind, SearchLogEntry
from sourcing.queries.log import found_by, log_page, searches, with_words


@require(Permission.VIEW_CANDIDATES)
def search_log(request: MemberRequest) -> HttpResponse:
    """Everybody's for whoever may see that; her own for every other member."""
    sees_all = may(request.member, Permission.VIEW_SEARCH_LOG)
    form = LogFilterForm(request.GET, sees_all=sees_all)
    context: dict[str, Any] = {"form": form, "sees_all": sees_all}
    if not form.is_valid():
        return render_page(request, "sourcing/log.html", context, partials=["entries"], status=422)
    asked = {name: value for name, value in form.cleaned_data.items() if name != "before"}
    before = int(form.cleaned_data["before"] or 0) or None
    found = searches(**(asked if sees_all else asked | {"member": request.member}))
    context |= {"page": log_page(found, before=before), "later": before is not None}
    return render_page(request, "sourcing/log.html", context, partials=["entries"])


@require(Permission.VIEW_CANDIDATES)
def logged_search(request: MemberRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(_seen_by(request).select_related("member"), pk=pk)
    [search] = with_words([entry])
    return render_page(request, "sourcing/search.html", {"search": search, "people": found_by(entry)})


def _seen_by(request: MemberRequest) -> QuerySet[SearchLogEntry]:
    entries = SearchLogEntry.objects.filter(kind=EntryKind.SEARCHED)
    return entries if may(request.member, Permission.VIEW_SEARCH_LOG) else entries.filter(member=request.member)
