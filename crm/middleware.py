"""The door: finds the organisation in the address and enters its scope; health and metrics beside it."""

import hmac
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils import timezone
from django_prometheus.exports import ExportToDjangoView
from redis.exceptions import RedisError

from crm.languages import in_language_of
from crm.models import Member, Tenant, User
from crm.portals import guest_at
from crm.tenancy.scope import tenant_scope

GetResponse = Callable[[HttpRequest], HttpResponse]


def organisation(get_response: GetResponse) -> GetResponse:
    """`/o/<slug>/…`: sets request.tenant and request.member and runs all that follows in the tenant's scope.

    An organisation that does not exist and one that the user is no member of are the same 404. Who is no member but a
    guest of a portal there (crm.portals) gets in at the portal's own addresses, as request.guest.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        parts = request.path_info.split("/", 3)
        user = request.user
        if len(parts) < 4 or parts[1] != "o" or not user.is_authenticated:
            return get_response(request)
        tenant = Tenant.objects.filter(slug=parts[2]).first()
        if tenant is None:
            raise Http404("No such organisation, or you are no member of it.")
        with tenant_scope(tenant.pk):
            member = Member.objects.active().filter(user=user).first()
            guest = guest_at(parts[3], user) if member is None and isinstance(user, User) else None
            if member is None and guest is None:
                raise Http404("No such organisation, or you are no member of it.")
            request.tenant, request.member, request.guest = tenant, member, guest  # type: ignore[attr-defined]
            who = {"member_id": member.pk} if member else {"guest_id": getattr(guest, "pk", None)}
            structlog.contextvars.bind_contextvars(tenant_id=tenant.pk, **who)
            with timezone.override(user.time_zone or tenant.time_zone):
                return get_response(request)

    def take_slug(request: HttpRequest, view: object, args: object, kwargs: dict[str, object]) -> None:
        kwargs.pop("organisation", None)  # views know it as request.tenant

    middleware.process_view = take_slug  # type: ignore[attr-defined]
    return middleware


def sign_in(get_response: GetResponse) -> GetResponse:
    """Whoever is not signed in may be a member or one of an agency's people, and is answered in her language. A member
    who is signed in has the pages of her account in English, as all others."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/accounts/") or request.user.is_authenticated:
            return get_response(request)
        with in_language_of(request):
            return get_response(request)

    return middleware


def health(get_response: GetResponse) -> GetResponse:
    """/healthz says that the process lives; /readyz that PostgreSQL and Valkey answer it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return JsonResponse({"status": "ok"})
        if request.path_info == "/readyz":
            return _readiness()
        return get_response(request)

    return middleware


def _readiness() -> HttpResponse:
    parts = {"postgresql": "ok", "valkey": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        parts["postgresql"] = "does not answer"
    try:
        cache.get("shared:ready")
    except (RedisError, OSError):
        parts["valkey"] = "does not answer"
    ready = set(parts.values()) == {"ok"}
    return JsonResponse({"status": "ok" if ready else "not ready", **parts}, status=200 if ready else 503)


def metrics(get_response: GetResponse) -> GetResponse:
    """/metrics for Prometheus, behind a token; without a configured token it does not exist."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info != "/metrics":
            return get_response(request)
        if not settings.METRICS_TOKEN:
            raise Http404
        offered = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(offered.encode(), settings.METRICS_TOKEN.encode()):
            return HttpResponseForbidden("The metrics token is missing or wrong.", content_type="text/plain")
        exported: HttpResponse = ExportToDjangoView(request)
        return exported

    return middleware
