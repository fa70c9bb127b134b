"""Why somebody is or isn't in the result of a search."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.search import index_anew
from talentpool.forms.people import WhyNotForm
from talentpool.models import Candidate
from talentpool.queries.merges import survivor_of
from talentpool.queries.people import pool_size
from talentpool.queries.why_not import judged, people_meant
from talentpool.search.find import QueryError


@require(Permission.VIEW_CANDIDATES)
def why_not(request: MemberRequest) -> HttpResponse:
    """Asked for by a name; a single person of that name, or the one picked, is judged."""
    sees = may(request.member, Permission.VIEW_RESTRICTED_FIELDS)
    form = WhyNotForm(request.GET, sees_restricted=sees)
    context: dict[str, object] = {"form": form, "pool": pool_size()}
    meant = people_meant(form.who, sees_restricted=sees) if form.who else []
    person_id = (meant[0].pk if len(meant) == 1 else None) if form.who else form.person_id
    if person_id is None:
        return render_page(request, "talentpool/why_not.html", context | {"meant": meant})
    asked = get_object_or_404(Candidate, pk=person_id)
    person = get_object_or_404(Candidate.objects.with_contact_state(), pk=survivor_of(asked.pk))
    context |= {"asked": asked, "person": person}
    try:
        context["found"] = None if person.erased_at else judged(form.request, person)
    except QueryError as error:
        context["error"] = error.message
    return render_page(request, "talentpool/why_not.html", context)


@require(Permission.VIEW_CANDIDATES)
@require_POST
def person_index(request: MemberRequest, pk: int) -> HttpResponse:
    """The person's documents made anew, for who sees that an index is behind."""
    person = get_object_or_404(Candidate, pk=pk)
    index_anew(person, by=request.member)
    messages.success(request, f"{person} is taken into the index anew. That takes a second or two.")
    query = WhyNotForm(request.GET).query
    return redirect(org_reverse("talentpool:why_not", slug=request.tenant.slug) + f"?{query}&person={person.pk}")
