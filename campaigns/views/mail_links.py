"""Public addresses in mail. GET never changes anything but counts, for scanners follow every link."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions.tracking import Visitor, record_click, record_open, record_trap
from campaigns.actions.unsubscribing import Wish, resubscribe, unsubscribe, wishes_of
from campaigns.forms import WishForm
from campaigns.models import Message
from campaigns.tracking.tokens import Claim, WrongToken, claim_of
from crm.languages import in_language_of
from crm.models import Tenant
from crm.permissions import public
from crm.rendering import render_page
from crm.tenancy.scope import tenant_scope

PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
TRAP = 0

View = Callable[..., HttpResponse]


def for_recipient(view: View) -> View:
    """The token says which organisation and message it is about; a wrong one finds nothing."""

    @wraps(view)
    def verified(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            claim = claim_of(token)
        except WrongToken:
            return _gone(request)
        tenant = Tenant.objects.filter(pk=claim.tenant_id).first()
        if tenant is None:
            return _gone(request)
        with tenant_scope(tenant.pk), in_language_of(request, tenant.language):
            response = view(request, claim, tenant, **kwargs)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "no-referrer"  # the token stays between us and its recipient
        return response

    return verified


@public("the picture in a message; its token says which")
@require_safe
@for_recipient
def open_pixel(request: HttpRequest, claim: Claim, tenant: Tenant) -> HttpResponse:
    if not claim.is_test:
        record_open(claim.message_id, _visitor(request))
    return HttpResponse(PIXEL, content_type="image/gif")


@public("a link in a message; it leads only where the campaign's author said")
@require_safe
@for_recipient
def follow_link(request: HttpRequest, claim: Claim, tenant: Tenant, number: int) -> HttpResponse:
    if claim.is_test:
        return render_page(request, "campaigns/public_test.html", {"organisation": tenant})
    if number == TRAP:
        record_trap(claim.message_id, _visitor(request))
        return HttpResponse(status=204)
    url = record_click(claim.message_id, number, _visitor(request))
    if url is None:
        return _gone(request, tenant)
    return HttpResponseRedirect(url)


@public("unsubscribing needs no sign-in (RFC 8058, CAN-SPAM); the token says who asks")
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@for_recipient
def unsubscribe_page(request: HttpRequest, claim: Claim, tenant: Tenant) -> HttpResponse:
    """POST by a mail program or the form; GET shows where one stands."""
    form = WishForm(request.POST or None)
    if request.method == "POST":
        return _wished(request, claim, tenant, form)
    return _standing(request, claim, tenant, form)


def _wished(request: HttpRequest, claim: Claim, tenant: Tenant, form: WishForm) -> HttpResponse:
    if request.POST.get("List-Unsubscribe") == "One-Click":
        if not claim.is_test:
            unsubscribe(claim.message_id, Wish.STOP, how="one click")
        return HttpResponse(gettext("You are unsubscribed."), content_type="text/plain; charset=utf-8")
    if not form.is_valid():
        return _standing(request, claim, tenant, form, status=422)
    if not claim.is_test:
        if form.cleaned_data["wish"] == "undo":
            resubscribe(claim.message_id)
        else:
            unsubscribe(claim.message_id, Wish(form.cleaned_data["wish"]), how="page")
    return HttpResponseRedirect(request.path)


def _standing(request: HttpRequest, claim: Claim, tenant: Tenant, form: WishForm, *, status: int = 200) -> HttpResponse:
    message = Message.objects.select_related("candidate").filter(pk=claim.message_id).first()
    wishes = wishes_of(message) if message else []
    context = {
        "organisation": tenant,
        "form": form,
        "is_test": claim.is_test,
        "is_gone": message is None and not claim.is_test,
        "stopped": next((wish for wish in wishes if wish.until is None), None),
        "paused": next((wish for wish in wishes if wish.until is not None), None),
    }
    return render_page(request, "campaigns/public_unsubscribe.html", context, status=status)


def _gone(request: HttpRequest, tenant: Tenant | None = None) -> HttpResponse:
    with in_language_of(request, tenant.language if tenant else "en"):
        return render_page(request, "campaigns/public_gone.html", {"organisation": tenant}, status=404)


def _visitor(request: HttpRequest) -> Visitor:
    address = structlog.contextvars.get_contextvars().get("ip") or request.META.get("REMOTE_ADDR", "")
    return Visitor(
        method=request.method or "",
        agent=request.headers.get("User-Agent", "")[:500],
        address=str(address),
        headers={name: value[:200] for name, value in request.headers.items()},
    )
