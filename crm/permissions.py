"""Who may do what: one enum, one table, one decorator. A view without `require` or `public` fails the tests."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from crm.models import Member, Role, Tenant


class Permission(StrEnum):
    VIEW_HOME = "view_home"
    VIEW_CANDIDATES = "view_candidates"
    VIEW_RESTRICTED_FIELDS = "view_restricted_fields"
    EDIT_CANDIDATES = "edit_candidates"
    IMPORT_CANDIDATES = "import_candidates"
    EXPORT_CANDIDATES = "export_candidates"
    ERASE_CANDIDATES = "erase_candidates"
    MERGE_CANDIDATES = "merge_candidates"
    VIEW_PIPELINES = "view_pipelines"
    EDIT_PIPELINES = "edit_pipelines"
    VIEW_CAMPAIGNS = "view_campaigns"
    EDIT_CAMPAIGNS = "edit_campaigns"
    SEND_CAMPAIGNS = "send_campaigns"
    VIEW_REPORTS = "view_reports"
    MANAGE_TAGS = "manage_tags"
    MANAGE_TOKENS = "manage_tokens"
    MANAGE_SOURCES = "manage_sources"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_ORGANISATION = "manage_organisation"
    VIEW_AUDIT = "view_audit"
    VIEW_SEARCH_LOG = "view_search_log"
    MOVE_POOL = "move_pool"
    VIEW_AGENCIES = "view_agencies"
    MANAGE_AGENCIES = "manage_agencies"
    MANAGE_JOBS = "manage_jobs"
    VIEW_ATS = "view_ats"
    PUSH_TO_ATS = "push_to_ats"
    MANAGE_ATS = "manage_ats"
    REFER = "refer"


_EMPLOYEE = frozenset({Permission.VIEW_HOME, Permission.REFER})
_VIEWER = _EMPLOYEE | {
    Permission.VIEW_CANDIDATES,
    Permission.VIEW_RESTRICTED_FIELDS,
    Permission.VIEW_PIPELINES,
    Permission.VIEW_CAMPAIGNS,
    Permission.VIEW_REPORTS,
}
_HIRING_MANAGER = _EMPLOYEE | {Permission.VIEW_CANDIDATES, Permission.VIEW_PIPELINES}
_SOURCER = _VIEWER | {
    Permission.EDIT_CANDIDATES,
    Permission.IMPORT_CANDIDATES,
    Permission.MERGE_CANDIDATES,
    Permission.EDIT_PIPELINES,
    Permission.MANAGE_TOKENS,
}
_MARKETER = _VIEWER | {Permission.EDIT_CAMPAIGNS, Permission.SEND_CAMPAIGNS, Permission.MANAGE_TOKENS}
_RECRUITER = _SOURCER | _MARKETER | {Permission.EXPORT_CANDIDATES, Permission.MANAGE_TAGS}
_RECRUITER |= {Permission.VIEW_AGENCIES, Permission.MANAGE_JOBS, Permission.VIEW_ATS, Permission.PUSH_TO_ATS}
_ADMIN = frozenset(Permission)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: _ADMIN,  # differs from admin in one rule: an organisation always keeps an owner
    Role.ADMIN: _ADMIN,
    Role.RECRUITER: _RECRUITER,
    Role.SOURCER: _SOURCER,
    Role.MARKETER: _MARKETER,
    Role.HIRING_MANAGER: _HIRING_MANAGER,
    Role.VIEWER: _VIEWER,
    Role.EMPLOYEE: _EMPLOYEE,
}


def may(member: Member, permission: Permission) -> bool:
    return permission in ROLE_PERMISSIONS[Role(member.role)]


class MemberRequest(HttpRequest):
    """A request inside an organisation, as `crm.middleware.organisation` hands it on."""

    tenant: Tenant
    member: Member
    htmx: HtmxDetails


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def require(permission: Permission) -> Callable[[View], View]:
    """Let the view run only for members whose role has the permission; others are told so with a 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.member, permission):
                raise PermissionDenied(f"Your role here, {request.member.get_role_display()}, does not include this.")
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def signed_in(view: View) -> View:
    """For anyone who is signed in, outside an organisation: switching, joining, one's own settings."""
    view.signed_in_only = True  # type: ignore[attr-defined]
    return view


def public(reason: str) -> Callable[[View], View]:
    """For anyone, signed in or not. The reason is printed by the test that lists public pages."""

    def decorate(view: View) -> View:
        login_not_required(view)
        view.public_reason = reason  # type: ignore[attr-defined]
        return view

    return decorate
