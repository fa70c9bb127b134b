from django.http import HttpResponse
from django.utils import timezone

from analytics.queries.growth import growth_of_pool
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page


@require(Permission.VIEW_REPORTS)
def report_list(request: MemberRequest) -> HttpResponse:
    today = timezone.localdate(timezone=request.tenant.zone)
    growth = growth_of_pool(today=today, months=12, zone=request.tenant.time_zone)
    return render_page(request, "analytics/report_list.html", {"growth": growth})
