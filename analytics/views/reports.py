from django.http import HttpResponse
from django.utils import timezone

from analytics.queries.growth import growth_of_pool
from analytics.queries.hiring import hiring_in, period_until
from campaigns.queries.reports import campaigns_for_list, figures_for_list
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page

CAMPAIGNS = 20  # the latest; the others are on the campaigns' own page


@require(Permission.VIEW_REPORTS)
def report_list(request: MemberRequest) -> HttpResponse:
    today = timezone.localdate(timezone=request.tenant.zone)
    growth = growth_of_pool(today=today, months=12, zone=request.tenant.time_zone)
    period = period_until(today, 12, request.tenant.zone)
    campaigns = list(campaigns_for_list("sent")[:CAMPAIGNS])
    figures = figures_for_list(campaigns)
    page = {
        "growth": growth,
        "hiring": hiring_in(period).total,
        "campaigns": [(one, figures.get(one.pk, {})) for one in campaigns],
    }
    return render_page(request, "analytics/report_list.html", page)
