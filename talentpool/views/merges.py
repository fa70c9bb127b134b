"""Merging somebody with another person that one looks for, and undoing merges."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.merges import KeptApart, merge_candidates, unmerge
from talentpool.forms.merges import FindOtherForm, MergeForm, UnmergeForm
from talentpool.models import Candidate, Merge, Selection
from talentpool.queries.match_pairs import comparison_of, people_like
from talentpool.queries.merges import present_ids, survivor_of
from talentpool.queries.staying import staying_of
from talentpool.views.candidate import person_or_404

View = Callable[..., HttpResponse]


def leads_to_survivor(view: View) -> View:
    """Whoever was merged into somebody: their addresses go on to the survivor's, what is sent to them reaches her."""

    @wraps(view)
    def following(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            merged = Candidate.objects.filter(pk=kwargs["pk"], merged_into__isnull=False)
            if not may(request.member, Permission.VIEW_CANDIDATES) or not merged.exists():
                raise
            survivor = survivor_of(kwargs["pk"])
            if request.method != "GET":
                return view(request, *args, **{**kwargs, "pk": survivor})
            match = request.resolver_match
            assert match is not None
            address = org_reverse(match.view_name, slug=request.tenant.slug, **{**kwargs, "pk": survivor})
            return HttpResponseRedirect(address)

    return following


@require(Permission.MERGE_CANDIDATES)
def candidate_merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Looking for the other one; once found, both side by side and who is kept."""
    person, form = person_or_404(pk), FindOtherForm(request.GET)
    form.full_clean()
    found = Candidate.objects.filter(pk=form.cleaned_data.get("other") or 0).first()
    other = person_or_404(survivor_of(found.pk)) if found else None
    if other is None or other.pk == person.pk:
        query = form.cleaned_data.get("q", "")
        context = {"person": person, "form": form, "query": query, "found": people_like(query, besides=person)}
        return render_page(request, "talentpool/merge_find.html", context)
    chosen = MergeForm(request.POST if request.method == "POST" else None, people=(person.pk, other.pk))
    if request.method == "POST" and chosen.is_valid() and _merged(request, person, other, chosen):
        return redirect("talentpool:candidate", request.tenant.slug, chosen.cleaned_data["survivor"].pk)
    comparison = comparison_of(person, other, restricted=may(request.member, Permission.VIEW_RESTRICTED_FIELDS))
    context = {"person": person, "other": other, "form": chosen, "comparison": comparison}
    return render_page(request, "talentpool/merge.html", context, status=422 if chosen.errors else 200)


def _merged(request: MemberRequest, person: Candidate, other: Candidate, form: MergeForm) -> bool:
    survivor = form.cleaned_data["survivor"]
    absorbed = other if survivor.pk == person.pk else person
    try:
        merge_candidates(survivor, absorbed, by=request.member, despite_apart=form.cleaned_data["despite"])
    except KeptApart as error:
        form.add_error("despite", error)
    except ValidationError as error:
        form.add_error(None, error)
    else:
        messages.success(request, "They are one person now. It can be undone below, under Merged from.")
        return True
    return False


@require(Permission.MERGE_CANDIDATES)
def merge_undo(request: MemberRequest, pk: int, merge_pk: int) -> HttpResponse:
    """What stays with whom, before it is done."""
    person = person_or_404(pk)
    merges = Merge.objects.live().select_related("absorbed", "survivor", "by")
    merge = get_object_or_404(merges, pk=merge_pk)
    if survivor_of(merge.absorbed_id) != person.pk:
        raise Http404
    form = UnmergeForm(request.POST if request.method == "POST" else None, initial={"apart": merge.automatic})
    if request.method == "POST" and form.is_valid():
        try:
            parted = unmerge(merge, by=request.member, apart=form.cleaned_data["apart"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{parted.absorbed} is a person of their own again.")
            return redirect("talentpool:candidate", request.tenant.slug, parted.absorbed.pk)
    context = {"person": person, "merge": merge, "form": form, "stays": staying_of(merge, person)}
    return render_page(request, "talentpool/merge_undo.html", context, status=422 if form.errors else 200)


@require(Permission.MERGE_CANDIDATES)
def selection_merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Two people ticked in a result."""
    selection = get_object_or_404(Selection, pk=pk, by=request.member)
    chosen = present_ids(selection.candidate_ids)
    if selection.search is not None or len(chosen) != 2:
        messages.error(request, "Choose the two people that are one; two at a time.")
        return redirect("talentpool:people", request.tenant.slug)
    address = org_reverse("talentpool:candidate_merge", chosen[0], slug=request.tenant.slug)
    return HttpResponseRedirect(f"{address}?other={chosen[1]}")
