"""The list of people: searching, a look at one of them, choosing some or all."""

from dataclasses import asdict, replace

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.bulk_acts import MOST_ERASED
from talentpool.actions.selections import select_people, write_out
from talentpool.forms.builder import BuildForm
from talentpool.forms.people import FindForm, SearchForm, SelectionForm, SuggestForm
from talentpool.models import Candidate
from talentpool.people_notices import must_answer, people_notices
from talentpool.queries.builder import builder_for, read_rows
from talentpool.queries.columns import chosen_set, sets_for, table_of
from talentpool.queries.facets import facet_found, facet_label, facets_found
from talentpool.queries.match_pairs import waiting_number
from talentpool.queries.people import people_found, why_found
from talentpool.queries.stories import last_note, tags_of
from talentpool.queries.suggestions import suggestions_for
from talentpool.search.builder import text_of
from talentpool.search.meaning.nearest import is_on
from talentpool.search.own_fields import own_fields
from talentpool.signals import people_searched, person_opened
from talentpool.tracking import may_add

NEXT_PAGES = {
    "pipeline": "talentpool:selection_pipeline",
    "tag": "talentpool:selection_tag",
    "untag": "talentpool:selection_untag",
    "owner": "talentpool:selection_owner",
    "erase": "talentpool:selection_erase",
    "remind": "talentpool:selection_remind",
    "export": "talentpool:selection_export",
    "merge": "talentpool:selection_merge",
    "ats": "ats_sync:selection_add",
}


@require(Permission.VIEW_CANDIDATES)
def people(request: MemberRequest) -> HttpResponse:
    form = _search(request)
    more = bool(request.htmx) and request.htmx.target == "more"
    listing = people_found(replace(form.request, with_facets=not more), may_follow=True)
    first = listing.lines[0] if listing.lines else None
    if listing.page and form.is_narrowed:
        people_searched.send(sender=Candidate, by=request.member, asked=form.request, page=listing.page)
    context = {"form": form, "listing": listing, "first": first, "terms": form.terms(listing.facets)}
    context["other_names"] = form.other_names(listing.page.other_names if listing.page else ())
    context["note"] = last_note(first.person) if first and not more else None
    sets = list(sets_for(request.member))
    if chosen := chosen_set(sets, form.columns_asked):
        context["table"] = table_of(chosen, listing.lines, restricted=form.sees_restricted)
    context |= {"column_sets": sets, "chosen_columns": chosen}
    if form.builds:
        sees, begin = form.sees_restricted, form.begun
        context["builder"] = builder_for(form.text, restricted=sees, begin=begin, address=form.query_with)
    context["notices"] = people_notices(request.member) if form.is_narrowed and not more else []
    context["may_add_to_ats"], context["means"] = may_add(request.member), is_on() and bool(form.text)
    if may(request.member, Permission.MERGE_CANDIDATES):
        context["duplicates"] = waiting_number()
    status = 422 if listing.error and request.htmx else 200
    return render_page(request, "talentpool/people.html", context, partials=["people", "more"], status=status)


@require(Permission.VIEW_CANDIDATES)
def people_narrow(request: MemberRequest) -> HttpResponse:
    """The facets as a page of their own, for narrow screens."""
    form = _search(request)
    context = {"form": form, "listing": people_found(form.request)}
    return render_page(request, "talentpool/people_narrow.html", context)


@require(Permission.VIEW_CANDIDATES)
def people_facets(request: MemberRequest) -> HttpResponse:
    """The facets beside people who are shown already; without a script, the page of them."""
    form = _search(request)
    if not request.htmx:
        return redirect(org_reverse("talentpool:people_narrow", slug=request.tenant.slug) + "?" + form.query)
    return render_page(request, "talentpool/_facets.html", {"form": form, "listing": facets_found(form.request)})


@require(Permission.VIEW_CANDIDATES)
def people_facet(request: MemberRequest) -> HttpResponse:
    """All values of one facet, to be looked for by name."""
    form, box = _search(request), FindForm(request.GET)
    label = facet_label(form.request, box.facet)
    if label is None:
        raise Http404
    context = {"form": form, "box": box, "label": label, "kept": form.kept_without(box.facet)}
    context["facet"] = facet_found(form.request, box.facet, box.text)
    return render_page(request, "talentpool/people_facet.html", context, partials=["values"])


@require(Permission.VIEW_CANDIDATES)
@require_safe
def people_build(request: MemberRequest) -> HttpResponse:
    """The search with a condition changed; what only text can say stays as it is."""
    form = BuildForm(request.GET, sees_restricted=may(request.member, Permission.VIEW_RESTRICTED_FIELDS))
    own = own_fields(restricted=form.sees_restricted)
    rows = read_rows(form.text, own)
    text = form.text if rows is None else text_of(form.changed(rows, own))
    return redirect(org_reverse("talentpool:people", slug=request.tenant.slug) + "?" + form.query_with(text))


@require(Permission.VIEW_CANDIDATES)
@require_safe
def people_suggest(request: MemberRequest) -> HttpResponse:
    """What can stand where somebody types, for the script that offers it."""
    form = SuggestForm(request.GET)
    found = suggestions_for(form.text, form.place, restricted=may(request.member, Permission.VIEW_RESTRICTED_FIELDS))
    offered = [asdict(each) for each in found.offered]
    return JsonResponse({"start": found.start, "end": found.end, "suggestions": offered})


@require(Permission.VIEW_CANDIDATES)
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Candidate.objects.present().select_related("owner"), pk=pk)
    if not request.htmx:
        return redirect("talentpool:candidate", request.tenant.slug, pk)
    person_opened.send(sender=Candidate, by=request.member, candidate_id=pk, act="preview")
    context = {"person": found, "tags": tags_of(found), "note": last_note(found)}
    context["reasons"] = why_found(_search(request).request, pk)
    return render_page(request, "talentpool/_preview.html", context)


@require(Permission.VIEW_CANDIDATES)
@require_POST
def people_select(request: MemberRequest) -> HttpResponse:
    """Remember who was chosen, and go where something is done with them."""
    form = SelectionForm(request.POST)
    refusal = must_answer(request.member)
    if not form.is_valid() or refusal:
        messages.error(request, refusal or " ".join(map(str, form.non_field_errors())) or "That can't be done.")
        return redirect(org_reverse("talentpool:people", slug=request.tenant.slug) + "?" + form.search.query)
    search = form.search.stored if form.cleaned_data["everyone"] else None
    selected = [] if search else form.cleaned_data["selected"]
    act = form.cleaned_data["then"]
    selection = select_people(candidate_ids=selected, search=search, by=request.member, act=act)
    if search and act == "erase":
        write_out(selection, most=MOST_ERASED)
    if act == "write":
        return redirect(org_reverse("campaigns:new", slug=request.tenant.slug) + f"?selection={selection.pk}")
    return redirect(NEXT_PAGES[act], request.tenant.slug, selection.pk)


def _search(request: MemberRequest) -> SearchForm:
    return SearchForm(request.GET, sees_restricted=may(request.member, Permission.VIEW_RESTRICTED_FIELDS))
