"""Job families in the settings: which there are, one more, another name, none any more."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.job_families import create_family, delete_family, rename_family
from talentpool.forms.jobs import FamilyNameForm
from talentpool.models import JobFamily
from talentpool.queries.job_families import families_with_jobs

MOST = 1_000


@require(Permission.MANAGE_JOBS)
def job_families(request: MemberRequest) -> HttpResponse:
    form = FamilyNameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            create_family(form.cleaned_data["name"], by=request.member)
            return redirect("talentpool:job_families", request.tenant.slug)
        except ValidationError as error:
            form.add_error("name", error)
    context = {"form": form, "families": families_with_jobs()[:MOST]}
    return render_page(request, "talentpool/job_families.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_JOBS)
def job_family(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(families_with_jobs(), pk=pk)
    form = FamilyNameForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_family(found, form.cleaned_data["name"], by=request.member)
            return redirect("talentpool:job_families", request.tenant.slug)
        except ValidationError as error:
            form.add_error("name", error)
    context = {"form": form, "family": found}
    return render_page(request, "talentpool/job_family.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_JOBS)
@require_POST
def job_family_delete(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(JobFamily, pk=pk)
    number = delete_family(found, by=request.member)
    jobs = "job was" if number == 1 else "jobs were"
    messages.success(request, f"The job family “{found.name}” is gone; {number:,} {jobs} in it.")
    return redirect("talentpool:job_families", request.tenant.slug)
