from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.actions.invitations import accept_invitation, join_as_new_user, open_invitation, tenant_id_of
from crm.forms import JoinForm
from crm.models import Invitation, Member, Tenant, User
from crm.permissions import public
from crm.rendering import render_page
from crm.tenancy.scope import tenant_scope

BACKEND = "django.contrib.auth.backends.ModelBackend"


@public("Whoever was invited by e-mail joins here; the secret in the link lets her in.")
def join(request: HttpRequest, secret: str) -> HttpResponse:
    tenant = Tenant.objects.filter(pk=tenant_id_of(secret) or 0).first()
    if tenant is None:
        return _void(request)
    with tenant_scope(tenant.pk):
        invitation = open_invitation(secret)
        if invitation is None:
            return _void(request)
        user = request.user
        if isinstance(user, User):
            return _join_as(request, tenant, invitation, user)
        if User.objects.who_sign_in().filter(email__iexact=invitation.email).exists():
            context = {"invitation": invitation, "organisation": tenant, "known": True}
            return render_page(request, "crm/join.html", context)
        return _join_as_new(request, tenant, invitation)


def _join_as(request: HttpRequest, tenant: Tenant, invitation: Invitation, user: User) -> HttpResponse:
    if request.method == "POST" and user.email.lower() == invitation.email.lower():
        return _enter(request, tenant, lambda: accept_invitation(invitation, user))
    context = {
        "invitation": invitation,
        "organisation": tenant,
        "other": user.email.lower() != invitation.email.lower(),
    }
    return render_page(request, "crm/join.html", context)


def _join_as_new(request: HttpRequest, tenant: Tenant, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, invitation=invitation)
    if request.method == "POST" and form.is_valid():
        return _enter(request, tenant, lambda: join_as_new_user(invitation, **form.cleaned_data))
    context = {"invitation": invitation, "organisation": tenant, "form": form}
    return render_page(request, "crm/join.html", context, status=422 if form.errors else 200)


def _enter(request: HttpRequest, tenant: Tenant, joined: Callable[[], Member]) -> HttpResponse:
    try:
        member = joined()
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(request.path)
    if not request.user.is_authenticated:
        login(request, member.user, backend=BACKEND)
    messages.success(request, f"Welcome to {tenant.name}.")
    return redirect("crm:home", tenant.slug)


def _void(request: HttpRequest) -> HttpResponse:
    return render_page(request, "crm/join_void.html", status=404)
