from django.http import HttpResponse
from django.utils import timezone

from crm.home import HomePage, cards_for
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page

LAST_ORGANISATION = "rapport_organisation"


@require(Permission.VIEW_HOME)
def home(request: MemberRequest) -> HttpResponse:
    request.session[LAST_ORGANISATION] = request.tenant.slug
    now = timezone.now()
    cards = cards_for(HomePage(tenant=request.tenant, member=request.member, now=now))
    hour = timezone.localtime(now).hour
    return render_page(
        request,
        "crm/home.html",
        {
            "cards": cards,
            "waiting": sum(card.needs_you for card in cards),
            "now": now,
            "greeting": "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening",
            "first_name": "" if "@" in request.member.name else request.member.name.split()[0],
        },
    )


@require(Permission.VIEW_CANDIDATES)
def sourcing(request: MemberRequest) -> HttpResponse:
    return render_page(request, "crm/sourcing.html")


@require(Permission.VIEW_HOME)
def network(request: MemberRequest) -> HttpResponse:
    return render_page(request, "crm/network.html")
