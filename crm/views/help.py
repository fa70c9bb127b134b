from django.http import HttpRequest, HttpResponse

from crm.models import Role
from crm.permissions import ROLE_PERMISSIONS, MemberRequest, Permission, public, require
from crm.rendering import render_page
from crm.role_words import PERMISSION_WORDS, ROLE_WORDS

PAGES = {
    "start": "Getting started",
    "import": "Bringing people in",
    "fields": "Values, rules and your own fields",
    "mail": "E-mail that comes in",
    "clip": "Clipping people from the web",
    "search": "The search language",
    "segments": "Segments",
    "matching": "Who is the same person",
    "duplicates": "Duplicates",
    "pipelines": "Pipelines",
    "relations": "Working with people",
    "campaigns": "Campaigns and the contact gate",
    "roles": "Roles and what they may do",
    "ats": "The ATS, kept in step",
    "agencies": "Agencies",
    "moving": "Moving out and in",
    "api": "The API",
}


@require(Permission.VIEW_HOME)
def help_page(request: MemberRequest, page: str = "start") -> HttpResponse:
    return _help(request, page)


@public("Help holds nothing of anybody, and who can't sign in needs it most.")
def help_outside(request: HttpRequest, page: str = "start") -> HttpResponse:
    return _help(request, page)


def _help(request: HttpRequest, page: str) -> HttpResponse:
    context: dict[str, object] = {"pages": PAGES, "page": page, "page_title": PAGES[page]}
    if page == "roles":
        context |= {"roles": ROLE_WORDS, "rights": _rights()}
    return render_page(request, f"crm/help/{page}.html", context)


def _rights() -> list[tuple[str, list[bool]]]:
    """Each permission in words, and which role has it, in the order of the roles."""
    return [
        (words, [permission in ROLE_PERMISSIONS[role] for role in Role])
        for permission, words in PERMISSION_WORDS.items()
    ]
