"""Saying for which position one searches, over the list of people."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from sourcing.actions.positions import give_position
from sourcing.forms.positions import PositionForm
from sourcing.people_notice import TEMPLATE, position_notice


@require(Permission.VIEW_CANDIDATES)
@require_POST
def position(request: MemberRequest) -> HttpResponse:
    form = PositionForm(request.POST)
    if not form.is_valid():
        return render_page(request, _template(request), {"notice": {"form": form}}, status=422)
    give_position(**form.answer, by=request.member, now=timezone.now())
    if request.htmx:
        notice = position_notice(request.member)
        return render_page(request, TEMPLATE, {"notice": notice.context if notice else {"form": PositionForm()}})
    back = form.cleaned_data["next"]
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if ours else org_reverse("talentpool:people", slug=request.tenant.slug))


def _template(request: MemberRequest) -> str:
    return TEMPLATE if request.htmx else "sourcing/position.html"
