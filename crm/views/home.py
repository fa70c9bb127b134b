from django.http import HttpResponse

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page


@require(Permission.VIEW_HOME)
def home(request: MemberRequest) -> HttpResponse:
    request.session["rapport_organisation"] = request.tenant.slug
    return render_page(request, "crm/home.html")
