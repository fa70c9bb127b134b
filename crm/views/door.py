from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.permissions import signed_in
from crm.queries import memberships_of_user
from crm.rendering import render_page

LAST_ORGANISATION = "rapport_organisation"


@signed_in
def front(request: HttpRequest) -> HttpResponse:
    """To the organisation last worked in, to the only one, or to a choice of several."""
    memberships = memberships_of_user(request.user)  # type: ignore[arg-type]
    slugs = [membership.slug for membership in memberships]
    last = request.session.get(LAST_ORGANISATION)
    if last in slugs or len(slugs) == 1:
        return redirect("crm:home", last if last in slugs else slugs[0])
    return render_page(request, "crm/organisations.html", {"memberships": memberships})
