"""Sets of columns: whoever sees people keeps her own, and may let the team use them."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import org_reverse, render_page
from talentpool.actions.column_sets import begin_with, delete_columns, save_columns
from talentpool.forms.columns import ColumnSetForm
from talentpool.models import ColumnSet
from talentpool.queries.columns import columns_known, sets_for

BEGIN = ["title", "employer", "location", "state", "contacted"]  # what a new set offers


@require(Permission.VIEW_CANDIDATES)
def columns(request: MemberRequest) -> HttpResponse:
    sets = list(sets_for(request.member))
    context = {"sets": sets, "begins": any(each.is_first for each in sets)}  # type: ignore[attr-defined] # annotated
    return render_page(request, "talentpool/columns.html", context)


@require(Permission.VIEW_CANDIDATES)
def columns_new(request: MemberRequest) -> HttpResponse:
    return _edit(request, None)


@require(Permission.VIEW_CANDIDATES)
def columns_edit(request: MemberRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(ColumnSet, pk=pk, by=request.member))


@require(Permission.VIEW_CANDIDATES)
@require_POST
def columns_delete(request: MemberRequest, pk: int) -> HttpResponse:
    delete_columns(get_object_or_404(ColumnSet, pk=pk, by=request.member), by=request.member)
    return redirect("talentpool:columns", request.tenant.slug)


@require(Permission.VIEW_CANDIDATES)
@require_POST
def columns_begin(request: MemberRequest, pk: int) -> HttpResponse:
    begin_with(get_object_or_404(sets_for(request.member), pk=pk), by=request.member)
    return redirect("talentpool:people", request.tenant.slug)


@require(Permission.VIEW_CANDIDATES)
@require_POST
def columns_list(request: MemberRequest) -> HttpResponse:
    """The list of people begins as a list again."""
    begin_with(None, by=request.member)
    return redirect("talentpool:people", request.tenant.slug)


def _edit(request: MemberRequest, found: ColumnSet | None) -> HttpResponse:
    known = columns_known(restricted=may(request.member, Permission.VIEW_RESTRICTED_FIELDS))
    initial = {"name": found.name, "is_shared": found.is_shared} if found else {}
    chosen = found.columns if found else BEGIN
    form = ColumnSetForm(
        request.POST if request.method == "POST" else None, initial=initial, columns=known, chosen=chosen
    )
    if request.method == "POST" and form.is_valid():
        try:
            said = {"name": form.cleaned_data["name"], "is_shared": form.cleaned_data["is_shared"]}
            saved = save_columns(found, names=form.names, **said, by=request.member)
            return redirect(org_reverse("talentpool:people", slug=request.tenant.slug) + f"?columns={saved.pk}")
        except ValidationError as error:
            form.add_error("name", error)
    context = {"form": form, "found": found}
    return render_page(request, "talentpool/columns_form.html", context, status=422 if form.errors else 200)
