from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from campaigns.forms import CampaignListForm
from campaigns.models import Campaign
from campaigns.queries.reports import campaigns_for_list, figures_for_list
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page

PAGE = 25


@require(Permission.VIEW_CAMPAIGNS)
def campaigns(request: MemberRequest) -> HttpResponse:
    form = CampaignListForm(request.GET)
    state = form.asked("state")
    rows = list(campaigns_for_list(state, before=form.number("before"))[: PAGE + 1])
    figures = figures_for_list(rows)
    context = {
        "form": form,
        "state": state,
        "lines": [{"campaign": row, "figures": figures.get(row.pk)} for row in rows[:PAGE]],
        "next_before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "is_first": not form.number("before"),
    }
    return render_page(request, "campaigns/campaigns.html", context, partials=["campaign-list"])


@require(Permission.VIEW_CAMPAIGNS)
def campaign(request: MemberRequest, pk: int) -> HttpResponse:
    """Where one works on it now: the message while it is written, the check while it waits, then the report."""
    found = get_object_or_404(Campaign, pk=pk)
    place = "report" if found.has_left else "message" if found.is_editable else "check"
    return redirect(f"campaigns:{place}", request.tenant.slug, pk)
