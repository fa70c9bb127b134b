from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.search import check_search, rebuild_search
from talentpool.queries.search import search_indexes


@require(Permission.MANAGE_ORGANISATION)
def search_index(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        check_search(by=request.member)
        messages.success(request, "Every person is compared with the index now. What differs is repaired.")
        return redirect("talentpool:search_index", request.tenant.slug)
    return render_page(request, "talentpool/search_index.html", {"indexes": search_indexes()})


@require(Permission.MANAGE_ORGANISATION)
@require_POST
def search_rebuild(request: MemberRequest) -> HttpResponse:
    rebuild_search(by=request.member)
    messages.success(request, "The index is built anew in the background. Search goes on meanwhile.")
    return redirect("talentpool:search_index", request.tenant.slug)
