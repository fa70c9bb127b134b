"""A message as somebody will see it, and a test to one's own mailbox."""

from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions.trying_out import rendered_for, send_test
from campaigns.forms import PreviewForm
from campaigns.models import Campaign
from campaigns.queries.audiences import reader_of_campaign
from crm.permissions import MemberRequest, Permission, require

# Another document in a frame: mail styles itself inline and loads pictures from anywhere, and may do nothing else.
POLICY_OF_MAIL = {
    "default-src": ["'none'"],
    "script-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["'self'", "https:", "data:"],
    "frame-ancestors": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
}


@require(Permission.VIEW_CAMPAIGNS)
@require_safe
@xframe_options_sameorigin
@csp_replace(POLICY_OF_MAIL)  # type: ignore[arg-type]  # its stubs know plain requests alone
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=pk)
    reader = reader_of_campaign(found, request.tenant, candidate_id=PreviewForm(request.GET).number("person"))
    try:
        rendered = rendered_for(found, request.tenant, reader.candidate.pk if reader else None)
    except ValidationError as problem:
        page = '<!doctype html><html lang="en"><title>Not yet</title><p>{}</p></html>'
        return HttpResponse(format_html(page, " ".join(problem.messages)))
    return HttpResponse(rendered.html)


@require(Permission.EDIT_CAMPAIGNS)
@require_POST
def test(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=pk)
    reader = reader_of_campaign(found, request.tenant, candidate_id=PreviewForm(request.GET).number("person"))
    try:
        address = send_test(
            found, request.tenant, by=request.member, candidate_id=reader.candidate.pk if reader else None
        )
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, f"A test is on its way to {address}.")
    return redirect("campaigns:campaign", request.tenant.slug, pk)
