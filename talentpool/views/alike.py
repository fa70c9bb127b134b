from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import org_reverse, render_page
from talentpool.forms.people import SearchForm
from talentpool.models import Candidate
from talentpool.queries.people import lines_of
from talentpool.search.alike import like_person, near_in_meaning
from talentpool.search.find import QueryError
from talentpool.search.meaning.nearest import is_on

PAGE = "talentpool/alike.html"
BY_MEANING = " and by what their careers mean"


@require(Permission.VIEW_CANDIDATES)
def candidate_alike(request: MemberRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Candidate.objects.present(), pk=pk)
    context = {
        "heading": f"People like {person}",
        "how": f"By title, skills and job families they have in common{BY_MEANING if is_on() else ''}.",
        "lines": lines_of(like_person(person)),
        "back": "Back to the profile",
        "back_url": org_reverse("talentpool:candidate", pk, slug=request.tenant.slug),
    }
    return render_page(request, PAGE, context)


@require(Permission.VIEW_CANDIDATES)
def people_by_meaning(request: MemberRequest) -> HttpResponse:
    """A search's people and those who are alike; a search that can't be read, or no likeness kept, leads back to it."""
    form = SearchForm(request.GET, sees_restricted=may(request.member, Permission.VIEW_RESTRICTED_FIELDS))
    back_url = f"{org_reverse('talentpool:people', slug=request.tenant.slug)}?{form.query}"
    try:
        hits = near_in_meaning(form.request) if is_on() and form.text else None
    except QueryError:
        hits = None
    if hits is None:
        return redirect(back_url)
    context = {
        "heading": f"Near in meaning to “{form.text}”",
        "how": "Whom the words find, and whom they don’t but whose career means the same; the fifty nearest.",
        "lines": lines_of(hits),
        "back": "Back to the search",
        "back_url": back_url,
    }
    return render_page(request, PAGE, context)
