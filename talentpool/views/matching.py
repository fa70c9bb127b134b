from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.actions.look_through import look_through_pool
from talentpool.actions.matching_rules import change_rules, current_rules, thresholds_for, thresholds_of
from talentpool.forms.matching import MatchingForm
from talentpool.queries.matching import foreseen

PAGE = "talentpool/matching.html"


@require(Permission.MANAGE_ORGANISATION)
def matching(request: MemberRequest) -> HttpResponse:
    rules = current_rules(now=timezone.now())
    form = MatchingForm(request.POST or request.GET or None, rules=rules)
    if request.method == "POST" and form.is_valid():
        change_rules(**form.cleaned_data, by=request.member)
        messages.success(request, "Saved. What merges by itself from now on is merged in the next seconds.")
        return redirect("talentpool:matching", request.tenant.slug)
    wanted = form.cleaned_data if form.is_valid() else {"automatic": rules.automatic}
    thresholds = thresholds_for(rules.records, wanted) if form.is_bound and form.is_valid() else thresholds_of(rules)
    context = {"form": form, "rules": rules, "seen": foreseen(thresholds, automatic=wanted["automatic"])}
    return render_page(request, PAGE, context, partials=["foreseen"], status=422 if form.errors else 200)


@require(Permission.MANAGE_ORGANISATION)
@require_POST
def matching_look(request: MemberRequest) -> HttpResponse:
    run = look_through_pool(by=request.member)
    return redirect("crm:run", request.tenant.slug, run.pk)
