from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from crm.actions.organisations import update_organisation
from crm.forms import AuditFilterForm, OrganisationForm
from crm.models import Tenant
from crm.permissions import MemberRequest, Permission, may, require
from crm.queries import AUDIT_KINDS, audit_page
from crm.rendering import render_page


@require(Permission.VIEW_HOME)
def settings(request: MemberRequest) -> HttpResponse:
    """What the organisation says of itself; those who may not change it can read it."""
    if not may(request.member, Permission.MANAGE_ORGANISATION):
        return render_page(request, "crm/settings_read.html", {"language": _language_name(request.tenant.language)})
    form = OrganisationForm(request.POST or None, instance=Tenant.objects.get(pk=request.tenant.pk))
    if request.method == "POST" and form.is_valid():
        changed = update_organisation(request.tenant, form.cleaned_data, by=request.member)
        messages.success(request, "Saved." if changed else "Nothing was different.")
        return redirect("crm:settings", request.tenant.slug)
    return render_page(request, "crm/settings.html", {"form": form}, status=422 if form.errors else 200)


def _language_name(code: str) -> str:
    return dict(django_settings.LANGUAGES).get(code, code)


@require(Permission.VIEW_AUDIT)
def audit(request: MemberRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET, kinds=list(AUDIT_KINDS))
    if not form.is_valid():
        return render_page(request, "crm/audit.html", {"form": form}, partials=["entries"], status=422)
    asked = form.cleaned_data
    before = int(asked.pop("before") or 0) or None
    page = audit_page(before=before, **asked)
    context = {"form": form, "page": page, "later": before is not None, "filtered": any(asked.values())}
    return render_page(request, "crm/audit.html", context, partials=["entries"])
