"""How the answers of a mapped ATS are read: the mapping, and what becomes of the first records."""

import json

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from ats_sync.actions.connections import change_credentials
from ats_sync.actions.samples import samples_of
from ats_sync.forms.mapping import MappingForm
from ats_sync.guides import guide_of
from ats_sync.models import Connection, ConnectionState
from ats_sync.providers._generic_mapping import profile_keys, profile_text
from ats_sync.providers.errors import AtsError, Refused
from ats_sync.providers.generic import Generic
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page


@require(Permission.MANAGE_ATS)
def answers(request: MemberRequest, pk: int) -> HttpResponse:
    """`?profile=taleo` begins with that one; nothing is kept before it is saved."""
    found = get_object_or_404(Connection, pk=pk)
    if found.provider != Generic.key or found.state == ConnectionState.ENDED:
        messages.error(request, "Its answers are read without a mapping.")
        return redirect("ats_sync:connection", request.tenant.slug, pk)
    form = MappingForm(
        request.POST if request.method == "POST" else {"mapping": _text(found, request.GET.get("profile", ""))}
    )
    context = {"connection": found, "form": form, "profiles": profile_keys(), "provider": Generic}
    if form.is_valid() and "save" in request.POST:
        change_credentials(found, {"mapping": form.cleaned_data["mapping"]}, by=request.member)
        messages.success(request, "Saved. From the next round on its answers are read this way.")
        return redirect("ats_sync:answers", request.tenant.slug, pk)
    if form.is_valid() and request.method == "POST":
        try:
            context["samples"] = samples_of(found, form.cleaned_data["mapping"])
        except AtsError as problem:
            form.add_error(None, problem.sentence)
    if request.method != "POST" and not form["mapping"].value():
        context["form"] = MappingForm()
    context["guide"] = guide_of(Generic.key)
    status = 422 if request.method == "POST" and form.errors else 200
    return render_page(request, "ats_sync/answers.html", context, status=status)


def _text(found: Connection, chosen: str) -> str:
    """What is known is shown again; another profile is only shown."""
    known = json.loads(found.credentials)
    try:
        return profile_text(chosen) if chosen else known.get("mapping") or profile_text(known.get("profile", ""))
    except Refused as problem:
        if chosen:
            raise Http404(problem.sentence) from problem
        return ""
