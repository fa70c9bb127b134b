"""Writing a campaign: its message, who gets it, when, and the check before it leaves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from campaigns.actions.campaigns import create_campaign, problems_of, update_campaign
from campaigns.composing.merge_fields import MERGE_FIELDS
from campaigns.contact_gate.verdicts import HOLDING
from campaigns.forms import (
    AudienceForm,
    AudienceQueryForm,
    MessageForm,
    NewCampaignForm,
    PeopleForm,
    PreviewForm,
    WhenForm,
    audience_value,
)
from campaigns.models import Campaign
from campaigns.queries.audiences import foresight, held_people, rate_of, reader_of_campaign
from campaigns.queries.own_fields import own_merge_fields
from campaigns.views.charts import foreseen_bars
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.models import Selection
from talentpool.queries.conversations import talks_with_many

HELD_PAGE = 50


@require(Permission.EDIT_CAMPAIGNS)
def new(request: MemberRequest) -> HttpResponse:
    query = AudienceQueryForm(request.GET)
    selection = Selection.objects.filter(pk=query.number("selection") or 0).first()
    form = NewCampaignForm(
        request.POST if request.method == "POST" else None,
        by=request.member,
        selection=selection,
        initial={"audience": query.value},
    )
    if request.method == "POST" and form.is_valid():
        draft = Campaign(name=form.cleaned_data["name"], **form.chosen())
        created = create_campaign(draft, by=request.member)
        return redirect("campaigns:message", request.tenant.slug, created.pk)
    return render_page(request, "campaigns/new.html", {"form": form}, status=422 if form.errors else 200)


@require(Permission.EDIT_CAMPAIGNS)
def message(request: MemberRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    if not found.is_editable:
        return redirect("campaigns:campaign", request.tenant.slug, pk)
    form = MessageForm(request.POST if request.method == "POST" else None, instance=found, tenant=request.tenant)
    saved = request.method == "POST" and form.is_valid() and _saved(request, found, form.changed_data)
    if saved and not request.htmx:
        messages.success(request, "Saved.")
        return redirect("campaigns:message", request.tenant.slug, pk)
    fields = [*MERGE_FIELDS.values(), *own_merge_fields().values()]
    context = {**_reading(request, found), "form": form, "fields": fields, "now": timezone.now()}
    return render_page(
        request, "campaigns/message.html", context, partials=["letter"], status=422 if form.errors else 200
    )


@require(Permission.VIEW_CAMPAIGNS)
def audience(request: MemberRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    if found.has_left:
        return redirect("campaigns:report", request.tenant.slug, pk)
    form = AudienceForm(
        request.POST if request.method == "POST" else None,
        by=request.member,
        campaign=found,
        selection=found.selection,
        initial={"audience": audience_value(found)},
    )
    if request.method == "POST" and form.is_valid():
        for name, value in form.chosen().items():
            setattr(found, name, value)
        if _saved(request, found, form.changed_data):
            return redirect("campaigns:audience", request.tenant.slug, pk)
    foreseen = foresight(found, request.tenant)
    context = {
        **_reading(request, found),
        "form": form,
        "foreseen": foreseen,
        "reasons": foreseen_bars(found, request.tenant, foreseen),
        "rate": rate_of(found, request.tenant),
    }
    return render_page(request, "campaigns/audience.html", context, status=422 if form.errors else 200)


@require(Permission.EDIT_CAMPAIGNS)
def when(request: MemberRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    if not found.is_editable:
        return redirect("campaigns:campaign", request.tenant.slug, pk)
    form = WhenForm(
        request.POST if request.method == "POST" else None,
        campaign=found,
        initial=WhenForm.initial_of(found, request.tenant),
    )
    if request.method == "POST" and form.is_valid():
        form.apply(found)
        if _saved(request, found, form.changed_data):
            return redirect("campaigns:check", request.tenant.slug, pk)
    context = {"campaign": found, "form": form, "rate": rate_of(found, request.tenant)}
    return render_page(request, "campaigns/when.html", context, status=422 if form.errors else 200)


@require(Permission.VIEW_CAMPAIGNS)
def check(request: MemberRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    if found.has_left:
        return redirect("campaigns:report", request.tenant.slug, pk)
    foreseen = foresight(found, request.tenant)
    context = {
        **_reading(request, found),
        "problems": problems_of(found, request.tenant),
        "foreseen": foreseen,
        "crowd": None if request.tenant.hold_conversations else talks_with_many(foreseen.audience, but=request.member),
        "rate": rate_of(found, request.tenant),
    }
    return render_page(request, "campaigns/check.html", context)


@require(Permission.VIEW_CAMPAIGNS)
def held(request: MemberRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    form = PeopleForm(request.GET)
    people = held_people(found, request.tenant, verdict=form.only, after=form.number("after") or 0, limit=HELD_PAGE + 1)
    context = {
        "campaign": found,
        "form": form,
        "only": form.only,
        "verdicts": HOLDING,
        "people": people[:HELD_PAGE],
        "next_after": people[HELD_PAGE - 1][0].pk if len(people) > HELD_PAGE else None,
    }
    return render_page(request, "campaigns/held.html", context, partials=["held"])


def _found(pk: int) -> Campaign:
    rows = Campaign.objects.select_related("segment", "pipeline", "stage__pipeline", "selection")
    found: Campaign = get_object_or_404(rows, pk=pk)
    return found


def _saved(request: MemberRequest, campaign: Campaign, changed: list[str]) -> bool:
    try:
        update_campaign(campaign, by=request.member, changed=changed)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return False
    return True


def _reading(request: MemberRequest, campaign: Campaign) -> dict[str, Any]:
    """What the panel “As Lucía will see it” needs."""
    form = PreviewForm(request.GET)
    reader = reader_of_campaign(campaign, request.tenant, candidate_id=form.number("person"))
    return {"campaign": campaign, "reader": reader, "width": form.asked("width") or "desk"}
