"""A pipeline as its guest sees it: a page without an account, opened by the secret in the letter's link."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions.invitations import tenant_id_of
from crm.languages import in_language_of
from crm.models import Tenant
from crm.permissions import public
from crm.rendering import render_page
from crm.tenancy.scope import tenant_scope
from crm.throttle import Meter, wait_for_all
from talentpool.actions.pipeline_guests import comment_as_guest, open_guest
from talentpool.files import file_response, why_closed
from talentpool.forms.pipeline_guests import GuestCommentForm, GuestListForm
from talentpool.models import PipelineComment, PipelineGuest
from talentpool.queries.pipeline_guests import (
    entries_for,
    files_for,
    guest_page,
    posts_of,
    schools_of,
    stages_with_numbers,
)

REASON = "Whom a colleague shares a pipeline with sees it by the secret in her link, and comments."
PER_MINUTE = 60

View = Callable[..., HttpResponse]


def for_guest(view: View) -> View:
    """The secret says which organisation and guest; a wrong one, or one that ended, finds nothing."""

    @wraps(view)
    def verified(request: HttpRequest, secret: str, **kwargs: Any) -> HttpResponse:
        tenant = Tenant.objects.filter(pk=tenant_id_of(secret) or 0).first()
        if tenant is None:
            with in_language_of(request):
                return _closed(render_page(request, "talentpool/shared_void.html", status=404))
        with tenant_scope(tenant.pk), in_language_of(request, tenant.language):
            guest = open_guest(secret)
            if guest is None:
                return _closed(render_page(request, "talentpool/shared_void.html", status=404))
            if wait_for_all([Meter(f"pipeline-guest-{guest.pk}", PER_MINUTE, PER_MINUTE)], 1):
                return _closed(render_page(request, "talentpool/shared_busy.html", status=429))
            frame = {"guest": guest, "pipeline": guest.pipeline, "organisation": tenant, "secret": secret}
            return _closed(view(request, guest, frame, **kwargs))

    return verified


def _closed(response: HttpResponse) -> HttpResponse:
    """Found by no search engine, kept by no cache, and the link's secret goes nowhere else."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    add_never_cache_headers(response)
    return response


@public(REASON)
@require_safe
@for_guest
def shared(request: HttpRequest, guest: PipelineGuest, frame: dict[str, Any]) -> HttpResponse:
    form = GuestListForm(request.GET, pipeline=guest.pipeline)
    page = guest_page(guest, form.at_stage, form.number)
    stages = stages_with_numbers(guest.pipeline)
    context = frame | {"page": page, "stages": stages, "form": form}
    return render_page(request, "talentpool/shared_pipeline.html", context)


@public(REASON)
@for_guest
def shared_person(request: HttpRequest, guest: PipelineGuest, frame: dict[str, Any], *, pk: int) -> HttpResponse:
    entry = get_object_or_404(entries_for(guest), pk=pk)
    form = GuestCommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            comment_as_guest(guest, entry, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Thank you: it is with the team."))
            return redirect("outside:shared_person", frame["secret"], pk)
    mine = PipelineComment.objects.filter(guest=guest, candidate=entry.candidate)
    person = entry.candidate
    context = frame | {"entry": entry, "person": person, "posts": posts_of(person), "schools": schools_of(person)}
    files = [each for each in files_for(guest, person) if not why_closed(each)]
    context |= {"form": form, "files": files, "comments": mine}
    return render_page(request, "talentpool/shared_person.html", context, status=422 if form.errors else 200)


@public(REASON)
@require_safe
@for_guest
def shared_file(
    request: HttpRequest, guest: PipelineGuest, frame: dict[str, Any], *, pk: int, file_pk: int
) -> HttpResponse:
    entry = get_object_or_404(entries_for(guest), pk=pk)
    return file_response(get_object_or_404(files_for(guest, entry.candidate), pk=file_pk), shown=True)
