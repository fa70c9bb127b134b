"""Settings, Status messages: what candidates are told when their application comes to a phase."""

from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions.status import problems_of_rule, save_rule, take_back
from campaigns.actions.trying_out import rendered_status, send_status_test
from campaigns.composing.merge_fields import MERGE_FIELDS, STATUS_FIELDS
from campaigns.forms import PhaseForm, StatusRuleForm
from campaigns.models import StatusMessage, StatusRule
from campaigns.queries.own_fields import own_merge_fields
from campaigns.queries.status import latest_messages, lines_of_rules, reader_of_rule, rule_for
from campaigns.views.previews import POLICY_OF_MAIL
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page


@require(Permission.VIEW_CAMPAIGNS)
def status(request: MemberRequest) -> HttpResponse:
    lines = lines_of_rules(request.tenant)
    page = {
        "lines": lines,
        "has_any": any(line.rule.is_on or line.rule.pk for line in lines),
        "latest": latest_messages(),
    }
    return render_page(request, "campaigns/status.html", page)


@require(Permission.SEND_CAMPAIGNS)
def status_rule(request: MemberRequest) -> HttpResponse:
    found = _found(request)
    form = StatusRuleForm(request.POST if request.method == "POST" else None, instance=found, tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        try:
            save_rule(found, by=request.member, changed=form.changed_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"Saved. Candidates are {'told from now on' if found.is_on else 'not told'}.")
            return redirect("campaigns:status", request.tenant.slug)
    page = {
        "rule": found,
        "form": form,
        "reader": reader_of_rule(found),
        "problems": problems_of_rule(found, request.tenant) if not form.errors else [],
        "fields": [*STATUS_FIELDS.values(), *MERGE_FIELDS.values(), *own_merge_fields().values()],
    }
    return render_page(request, "campaigns/status_rule.html", page, status=422 if form.errors else 200)


@require(Permission.VIEW_CAMPAIGNS)
@require_safe
@xframe_options_sameorigin
@csp_replace(POLICY_OF_MAIL)  # type: ignore[arg-type]  # its stubs know plain requests alone
def status_preview(request: MemberRequest) -> HttpResponse:
    found = _found(request)
    try:
        return HttpResponse(rendered_status(found, request.tenant, reader_of_rule(found)).html)
    except ValidationError as problem:
        page = '<!doctype html><html lang="en"><title>Not yet</title><p>{}</p></html>'
        return HttpResponse(format_html(page, " ".join(problem.messages)))


@require(Permission.SEND_CAMPAIGNS)
@require_POST
def status_test(request: MemberRequest) -> HttpResponse:
    found = _found(request)
    try:
        address = send_status_test(found, request.tenant, reader_of_rule(found), by=request.member)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, f"A test is on its way to {address}.")
    return redirect(reverse("campaigns:status_rule", args=[request.tenant.slug]) + f"?phase={found.phase}")


@require(Permission.SEND_CAMPAIGNS)
@require_POST
def status_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(StatusMessage.objects.select_related("message"), pk=pk)
    try:
        take_back(found, by=request.member)
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
    else:
        messages.success(request, "Taken back: nothing leaves.")
    return redirect("campaigns:status", request.tenant.slug)


def _found(request: MemberRequest) -> StatusRule:
    phase = PhaseForm(request.GET).asked("phase")
    if not phase:
        raise Http404
    return rule_for(phase, request.tenant)
