"""The API's door: reads the token, enters its organisation's scope, counts, and lets the request through.

A token's text carries the tenant (`rap_<tenant id>_<random>`), for row security lets nobody look a token up before a
scope is entered.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from crm.models import ApiToken, Tenant
from crm.models.api_token import Scope, secret_hash
from crm.permissions import MemberRequest, Permission, may
from crm.rest.idempotency import HEADER, answer_once
from crm.rest.limits import take_one
from crm.rest.problems import Refusal, as_problem, problem
from crm.tenancy.scope import current_tenant_id, tenant_scope

PREFIX = "/api/"
OPEN_PATHS = frozenset({"/api/v1/openapi.json", "/api/v1/docs"})
_SECRET = re.compile(r"rap_([1-9]\d{0,17})_([A-Za-z0-9_-]{20,100})")
_UNASKED = "Send your token in the header “Authorization: Bearer …”. A member makes one in the settings."
_UNKNOWN = "This token is unknown, has ended or was revoked."

GetResponse = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])


class TokenRequest(MemberRequest):
    token: ApiToken


def api(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        try:
            return as_problem(_enter(request, get_response))
        except Refusal as refusal:
            return problem(refusal.status, refusal.detail, headers=refusal.headers)
        except RequestDataTooBig:
            return problem(413, "The request is larger than this address takes.")

    return middleware


def needs(scope: Scope, permission: Permission) -> Callable[[View], View]:
    """Let the operation run only with a token of this scope whose member's role has the permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: TokenRequest, *args: Any, **kwargs: Any) -> Any:
            if scope not in request.token.scopes:
                raise PermissionDenied(f"This token lacks the scope “{scope.value}”.")
            if not may(request.member, permission):
                raise PermissionDenied(f"Your role here, {request.member.get_role_display()}, does not include this.")
            return view(request, *args, **kwargs)

        guarded.required_scope, guarded.required_permission = scope, permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _enter(request: HttpRequest, get_response: GetResponse) -> HttpResponse:
    if request.path_info in OPEN_PATHS:
        return get_response(request)
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise Refusal(401, _UNASKED, {"WWW-Authenticate": "Bearer"})
    named = _SECRET.fullmatch(secret.strip())
    if named is None:
        raise _bad_token()
    with tenant_scope(int(named[1])):
        return _let_in(request, _live_token(secret.strip()), get_response)


def _live_token(secret: str) -> ApiToken:
    token = ApiToken.objects.select_related("member").filter(secret_hash=secret_hash(secret)).first()
    if token is None or not token.is_live or token.member.removed_at is not None:
        raise _bad_token()
    return token


def _let_in(request: HttpRequest, token: ApiToken, get_response: GetResponse) -> HttpResponse:
    allowance = take_one(token)
    if allowance.remaining < 0:
        sentence = f"More than {allowance.limit} requests in a minute. Wait {allowance.reset_seconds} s."
        raise Refusal(429, sentence, allowance.headers | {"Retry-After": str(allowance.reset_seconds)})
    request.tenant = Tenant.objects.get(pk=current_tenant_id())  # type: ignore[attr-defined]
    request.member, request.token = token.member, token  # type: ignore[attr-defined]
    structlog.contextvars.bind_contextvars(
        tenant_id=token.tenant_id, member_id=token.member_id, api_token=f"{token.name} …{token.hint}"
    )
    _note_use(token)
    try:
        once = request.method == "POST" and HEADER in request.headers
        response = answer_once(request, token, get_response) if once else get_response(request)
    except Refusal as refusal:
        response = problem(refusal.status, refusal.detail, headers=refusal.headers)
    for name, value in allowance.headers.items():
        response.headers[name] = value
    return response


def _note_use(token: ApiToken) -> None:
    """To the minute, so that a busy token is not a busy row."""
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(minutes=1))
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def _bad_token() -> Refusal:
    return Refusal(401, _UNKNOWN, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
