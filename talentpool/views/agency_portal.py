"""The portal: all that an agency's people see of an organisation. Every query begins with their own agency."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.portals import GuestRequest, guests_only
from crm.rendering import render_page
from talentpool.actions.submissions import Sent, submit_person
from talentpool.forms.agencies import SubmissionForm
from talentpool.models import AgencyJob, Submission
from talentpool.queries.agencies import openings_of

LATEST = 200


@guests_only("agency")
@require_GET
def portal(request: GuestRequest) -> HttpResponse:
    agency = request.guest.agency
    context = {
        "openings": openings_of(agency).filter(closed_at=None, job__is_open=True),
        "submissions": Submission.objects.filter(agency=agency).for_list()[:8],
    }
    return render_page(request, "talentpool/portal.html", context)


@guests_only("agency")
def portal_job(request: GuestRequest, pk: int) -> HttpResponse:
    """A job that is open to the agency, and the form that submits somebody for it."""
    opening = get_object_or_404(AgencyJob.objects.open().select_related("job"), job=pk, agency=request.guest.agency)
    form = SubmissionForm(request.POST or None, request.FILES or None, organisation=request.tenant.name)
    if request.method == "POST" and form.is_valid():
        try:
            submission = submit_person(opening, _sent(form), by=request.guest)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Thank you: it is here. What we say to it stands below."))
            return redirect("talentpool:portal_submission", request.tenant.slug, submission.pk)
    context = {"opening": opening, "job": opening.job, "form": form}
    return render_page(request, "talentpool/portal_job.html", context, status=422 if form.errors else 200)


@guests_only("agency")
@require_GET
def portal_submissions(request: GuestRequest) -> HttpResponse:
    submissions = Submission.objects.filter(agency=request.guest.agency).for_list()[:LATEST]
    return render_page(request, "talentpool/portal_submissions.html", {"submissions": submissions})


@guests_only("agency")
@require_GET
def portal_submission(request: GuestRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(Submission.objects.for_list(), pk=pk, agency=request.guest.agency)
    return render_page(request, "talentpool/portal_submission.html", {"submission": submission})


def _sent(form: SubmissionForm) -> Sent:
    said = {name: form.cleaned_data[name] for name in ("name", "email", "phone", "message", "agreed_on")}
    file = form.cleaned_data["file"]
    return Sent(**said, statement=form.statement, file_name=file.name or "resume", content=file.read())
