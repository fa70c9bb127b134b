"""Doors of an organisation for people who are no members: each opens one part of its addresses, and nothing else.

An app registers a portal under the first part of its addresses, /o/<slug>/<name>/…; its views are `@guests_only`. A
guest has no role: every other address is the same 404 as for a stranger. Members don't enter a portal either.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponseBase

from crm.languages import in_language_of
from crm.models import Tenant, User
from crm.queries import Membership

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class Portal:
    """`guest_for` answers who the user is there, in the organisation's scope, or None; `places_of` in which
    organisations the user is a guest, looking across them; `home` names the first page."""

    name: str
    home: str
    guest_for: Callable[[User], Any]
    places_of: Callable[[User], list[Membership]]


PORTALS: dict[str, Portal] = {}


class GuestRequest(HttpRequest):
    """A request inside an organisation by somebody who is no member of it."""

    tenant: Tenant
    guest: Any


def register(portal: Portal) -> None:
    PORTALS[portal.name] = portal


def guest_at(path: str, user: User) -> Any:
    """Who the user is at this address below /o/<slug>/; None where no portal is or the user has no place in it."""
    portal = PORTALS.get(path.partition("/")[0])
    return portal.guest_for(user) if portal else None


def guest_places(user: User) -> list[tuple[str, Membership]]:
    """(name of the first page, organisation) of every portal that the user may enter."""
    return [(portal.home, place) for portal in PORTALS.values() for place in portal.places_of(user)]


def guests_only(name: str) -> Callable[[View], View]:
    """Let the view run only for guests of this portal."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if getattr(request, "guest", None) is None:
                raise Http404
            with in_language_of(request, request.tenant.language):
                return view(request, *args, **kwargs)

        guarded.portal = name  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
