from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.jobs import close_job, open_job, reopen_job
from talentpool.forms.agencies import JobForm
from talentpool.models import Job


@require(Permission.MANAGE_JOBS)
def jobs(request: MemberRequest) -> HttpResponse:
    form = JobForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        open_job(**form.cleaned_data, by=request.member)
        return redirect("talentpool:jobs", request.tenant.slug)
    counted = Job.objects.annotate(submitted=Count("submissions", distinct=True)).order_by("-is_open", "title", "pk")
    context = {"form": form, "jobs": counted}
    return render_page(request, "talentpool/jobs.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_JOBS)
@require_POST
def job_close(request: MemberRequest, pk: int) -> HttpResponse:
    """Closes an open job, and opens a closed one again."""
    job = get_object_or_404(Job, pk=pk)
    act = close_job if job.is_open else reopen_job
    try:
        act(job, by=request.member)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("talentpool:jobs", request.tenant.slug)
