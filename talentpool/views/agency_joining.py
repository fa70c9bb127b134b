from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.actions.invitations import tenant_id_of
from crm.languages import in_language_of
from crm.models import Tenant, User
from crm.permissions import public
from crm.rendering import render_page
from crm.tenancy.scope import tenant_scope
from crm.views.joining import BACKEND
from talentpool.actions.agency_users import (
    accept_agency_invitation,
    join_agency_as_new_user,
    open_agency_invitation,
)
from talentpool.forms.agencies import AgencyJoinForm
from talentpool.models import AgencyInvitation, AgencyUser


@public("Whoever an organisation invited into its agency portal joins here; the secret in the link lets her in.")
def agency_join(request: HttpRequest, secret: str) -> HttpResponse:
    tenant = Tenant.objects.filter(pk=tenant_id_of(secret) or 0).first()
    if tenant is None:
        with in_language_of(request):
            return render_page(request, "crm/join_void.html", status=404)
    with tenant_scope(tenant.pk), in_language_of(request, tenant.language):
        invitation = open_agency_invitation(secret)
        if invitation is None:
            return render_page(request, "crm/join_void.html", status=404)
        return _join(request, tenant, invitation)


def _join(request: HttpRequest, tenant: Tenant, invitation: AgencyInvitation) -> HttpResponse:
    user, form = request.user, None
    context: dict[str, object] = {"invitation": invitation, "organisation": tenant}
    if isinstance(user, User):
        if request.method == "POST" and user.email.lower() == invitation.email.lower():
            return _enter(request, tenant, lambda: accept_agency_invitation(invitation, user))
        context["other"] = user.email.lower() != invitation.email.lower()
    elif User.objects.who_sign_in().filter(email__iexact=invitation.email).exists():
        context["known"] = True
    else:
        form = AgencyJoinForm(request.POST or None, invitation=invitation)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            return _enter(request, tenant, lambda: join_agency_as_new_user(invitation, **given))
        context["form"] = form
    status = 422 if form is not None and form.errors else 200
    return render_page(request, "talentpool/agency_join.html", context, status=status)


def _enter(request: HttpRequest, tenant: Tenant, joined: Callable[[], AgencyUser]) -> HttpResponse:
    try:
        agency_user = joined()
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(request.path)
    if not request.user.is_authenticated:
        login(request, agency_user.user, backend=BACKEND)
    return redirect("talentpool:portal", tenant.slug)
