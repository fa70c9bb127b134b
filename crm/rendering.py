"""Answering with a page, or with the part of it that htmx asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from crm.permissions import ROLE_PERMISSIONS
from crm.tenancy.scope import tenant_id_or_none


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    partials: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """The page, or for htmx the partial whose name is the request's target.

    A partial's name is the id of the element it fills, so `HX-Target` says which one is wanted; a target that is not
    among `partials` gets the whole page.
    """
    htmx = getattr(request, "htmx", None)
    target = htmx.target if htmx and not htmx.boosted and not htmx.history_restore_request else None
    name = f"{template}#{target}" if target in partials else template
    response = HttpResponse(render_to_string(name, dict(context or {}), request), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def org_reverse(name: str, *args: Any, slug: str, **kwargs: Any) -> str:
    """The address of a page inside an organisation."""
    if args:
        return reverse(name, args=[slug, *args])
    return reverse(name, kwargs={"organisation": slug, **kwargs})


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: where we are and what this member may do there (`may.edit_candidates`)."""
    member = getattr(request, "member", None)
    if member is None or tenant_id_or_none() is None:
        return {"tenant": None, "member": None, "may": {}}
    may = {permission.value: True for permission in ROLE_PERMISSIONS[member.role]}
    return {"tenant": request.tenant, "member": member, "may": may}  # type: ignore[attr-defined]
