"""What became of a campaign, and the people behind each number."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from campaigns.actions.campaigns import send_unknown_again, take_unknown_as_sent
from campaigns.forms import PeopleForm, UnknownForm
from campaigns.models import Campaign
from campaigns.queries.reports import (
    clicks_by_link,
    held_reasons,
    machine_visits,
    messages_for_list,
    progress_of_campaign,
)
from campaigns.views.charts import held_bars, link_bars, verdict_words, way_bars
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page

PAGE, TURNS = 50, 30
# The figures of the report in their order; those in ALWAYS stand there even when nobody is behind them.
FIGURES = {
    "sent": "Sent",
    "delivered": "Delivered",
    "opened": "Opened",
    "clicked": "Clicked",
    "unsubscribed": "Unsubscribed",
    "bounced": "Bounced or refused",
    "held": "Held back",
    "unknown": "Fate unknown",
    "waiting": "Waiting",
    "cancelled": "Not sent any more",
    "complained": "Reported as spam",
}
ALWAYS = ("sent", "delivered", "opened", "clicked", "unsubscribed", "bounced", "held", "unknown")


@require(Permission.VIEW_CAMPAIGNS)
def report(request: MemberRequest, pk: int) -> HttpResponse:
    rows = Campaign.objects.select_related("segment", "pipeline", "stage__pipeline", "selection", "status_job", "by")
    found = get_object_or_404(rows, pk=pk)
    if not found.has_left:
        return redirect("campaigns:campaign", request.tenant.slug, pk)
    progress = progress_of_campaign(found)
    url = org_reverse("campaigns:people", pk, slug=request.tenant.slug)
    context = {
        "campaign": found,
        "progress": progress,
        "figures": [
            {"label": label, "value": getattr(progress, name), "url": f"{url}?list={name}", "of": name}
            for name, label in FIGURES.items()
            if name in ALWAYS or getattr(progress, name)
        ],
        "way": way_bars(found, request.tenant, progress),
        "held": held_bars(found, request.tenant, held_reasons(found)),
        "links": link_bars(clicks_by_link(found)),
        "machines": machine_visits(found),
        "turns": found.turns.all()[:TURNS],
    }
    return render_page(request, "campaigns/report.html", context, partials=["standing"])


@require(Permission.VIEW_CAMPAIGNS)
def people(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=pk)
    form = PeopleForm(request.GET)
    name = form.asked("list") or "sent"
    behind = messages_for_list(found, name, verdict=form.only)
    rows = list(behind.filter(pk__gt=form.number("after") or 0)[: PAGE + 1])
    context = {
        "campaign": found,
        "name": name,
        "label": verdict_words(form.only, request.tenant) if form.only else FIGURES.get(name, "Refused"),
        "total": behind.count(),
        "rows": rows[:PAGE],
        "figures": FIGURES,
        "is_first": not form.number("after"),
        "next_after": rows[PAGE - 1].pk if len(rows) > PAGE else None,
    }
    return render_page(request, "campaigns/people.html", context, partials=["recipients"])


@require(Permission.SEND_CAMPAIGNS)
@require_POST
def unknown(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=pk)
    form = UnknownForm(request.POST)
    if form.is_valid():
        only = [int(form.cleaned_data["message"])] if form.cleaned_data["message"] else None
        if form.cleaned_data["decision"] == "again":
            number = send_unknown_again(found, by=request.member, message_ids=only)
            messages.success(request, f"{number} will be sent again.")
        else:
            number = take_unknown_as_sent(found, by=request.member, message_ids=only)
            messages.success(request, f"{number} count as sent.")
    return redirect("campaigns:report", request.tenant.slug, pk)
