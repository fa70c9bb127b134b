"""By which way a tenant's mail leaves, and how fast: its own route, or the installation's."""

from dataclasses import dataclass, field
from email.utils import parseaddr

from django.conf import settings

from campaigns.delivery.smtp_session import Security, Server
from campaigns.models import MailRoute, RouteKind
from crm.models import Tenant


@dataclass(frozen=True)
class ProviderAccount:
    """An e-mail service provider as anymail reaches it; `options` are its backend's own, the key among them."""

    backend: str
    options: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Route:
    way: Server | ProviderAccount
    per_minute: int


# The option that holds the key, where it isn't called api_key.
_KEY_OPTION = {"postmark": "server_token", "mailersend": "api_token"}


def route_for(tenant: Tenant) -> Route:
    route = MailRoute.objects.first()
    if route is None:
        return _default_route(tenant)
    if route.kind == RouteKind.PROVIDER:
        key_option = _KEY_OPTION.get(route.provider, "api_key")
        backend = f"anymail.backends.{route.provider}.EmailBackend"
        return Route(ProviderAccount(backend, ((key_option, route.secret),)), route.per_minute)
    server = Server(
        host=route.host,
        port=route.port,
        sender=sender_address(tenant),
        hello=own_host(),
        security=Security(route.encryption),
        user=route.user,
        password=route.secret,
    )
    return Route(server, route.per_minute)


def _default_route(tenant: Tenant) -> Route:
    if settings.MAIL_DELIVERY == "anymail":
        return Route(ProviderAccount(settings.EMAIL_BACKEND), settings.MAIL_PER_MINUTE)
    server = Server(
        host=settings.SMTP_HOST,
        port=settings.SMTP_PORT,
        sender=sender_address(tenant),
        hello=own_host(),
        security=Security(settings.SMTP_TLS),
        user=settings.SMTP_USER,
        password=settings.SMTP_PASSWORD,
    )
    return Route(server, settings.MAIL_PER_MINUTE)


def sender_address(tenant: Tenant) -> str:
    return tenant.sender_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def own_host() -> str:
    """The name Rapport greets mail servers with: its public host."""
    host: str = settings.BASE_URL.split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0]
    return f"[{host}]" if host.replace(".", "").isdigit() else host
