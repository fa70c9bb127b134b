from datetime import timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from crm.actions.tokens import issue_token, revoke_token
from crm.forms import TokenForm
from crm.models import ApiToken
from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import render_page


@require(Permission.MANAGE_TOKENS)
@never_cache
def tokens(request: MemberRequest) -> HttpResponse:
    """The list, and the form; the answer to the form is the only page that ever shows the secret."""
    form = TokenForm(request.POST or None)
    context: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        expires_at = timezone.now() + timedelta(days=asked["days"]) if asked["days"] else None
        fresh, secret = issue_token(request.member, asked["name"], asked["scopes"], expires_at=expires_at)
        context, form = {"fresh": fresh, "secret": secret}, TokenForm()
    context |= {"form": form, "tokens": _tokens_in_reach(request)}
    return render_page(request, "crm/tokens.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_TOKENS)
@require_POST
def token_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(_tokens_in_reach(request), pk=pk)
    revoke_token(token, by=request.member)
    messages.success(request, f"“{token.name}” is revoked; programs that use it are refused from now on.")
    return redirect("crm:tokens", request.tenant.slug)


def _tokens_in_reach(request: MemberRequest) -> QuerySet[ApiToken]:
    """One's own; for those who manage members everybody's."""
    tokens = ApiToken.objects.select_related("member").order_by("-created_at", "-id")
    return tokens if may(request.member, Permission.MANAGE_MEMBERS) else tokens.filter(member=request.member)
