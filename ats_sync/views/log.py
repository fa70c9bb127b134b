"""What came from an ATS and what went there, and what can be done about what failed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from ats_sync.actions.pushes import cancel_push, retry_push
from ats_sync.forms.log import LogForm
from ats_sync.models import Connection, Push
from ats_sync.queries import log as queries
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page


@require(Permission.VIEW_ATS)
def log(request: MemberRequest, pk: int) -> HttpResponse:
    connection = get_object_or_404(Connection, pk=pk)
    form = LogForm(request.GET)
    form.is_valid()
    show, state = form.cleaned_data.get("show") or "came", form.cleaned_data.get("state") or ""
    before = form.cleaned_data.get("before")
    here = org_reverse("ats_sync:log", pk, slug=request.tenant.slug)
    rows: Any
    rows, following = (queries.went if show == "went" else queries.came)(connection, state, before)
    about = queries.names_in(connection, rows) if show == "went" else {}
    context = {
        "connection": connection,
        "show": show,
        "state": state,
        "states": [("", "All"), *((name, name.capitalize()) for name in queries.STATES)],
        "rows": [(row, about.get(row.pk, "")) for row in rows],
        "next_url": here + "?" + urlencode({"show": show, "state": state, "before": following}) if following else "",
        "first_url": here + "?" + urlencode({"show": show, "state": state}) if before else "",
    }
    return render_page(request, "ats_sync/log.html", context)


@require(Permission.PUSH_TO_ATS)
@require_POST
def push_retry(request: MemberRequest, pk: int, push_pk: int) -> HttpResponse:
    return _act(request, pk, push_pk, retry_push, "It is tried again.")


@require(Permission.PUSH_TO_ATS)
@require_POST
def push_cancel(request: MemberRequest, pk: int, push_pk: int) -> HttpResponse:
    return _act(request, pk, push_pk, cancel_push, "It is cancelled: nothing goes to the ATS.")


def _act(request: MemberRequest, pk: int, push_pk: int, act: Callable[..., None], done: str) -> HttpResponse:
    push = get_object_or_404(Push, pk=push_pk, connection=pk)
    try:
        act(push, by=request.member)
        messages.success(request, done)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(org_reverse("ats_sync:log", pk, slug=request.tenant.slug) + "?show=went")
