"""The report “Talent pool growth” and the people behind each of its numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone

from analytics.forms import GrowthPeopleForm, PeriodForm
from analytics.queries.figures import change_words, figures_of_pool
from analytics.queries.growth import Growth, SourceGrowth, growth_of_pool
from analytics.queries.people import Month, people_of_number
from crm.audit import record
from crm.charts import Series
from crm.models import Tenant
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from talentpool.intake.rejected import csv_lines
from talentpool.models import Segment, Source

DRAWN_APART = 5  # sources; the rest share one colour
PAGE = 50
Linker = Callable[..., str]


@require(Permission.VIEW_REPORTS)
def growth(request: MemberRequest) -> HttpResponse:
    form = PeriodForm(request.GET, request.member)
    grown = _growth(request.tenant, form)
    figures = figures_of_pool(grown, Month(grown.months[-1], request.tenant.zone), form.chosen_segment)
    link = _linker(request.tenant, form)
    page = {
        "form": form,
        "growth": grown,
        "figures": figures,
        "people_words": "People in the segment" if form.chosen_segment else "People in the pool",
        "new_words": change_words(figures.new, figures.new_before, grown.months[-2]),
        "links": _links(link, grown),
        "rows": [_row(link, grown, one) for one in grown.sources],
        "series": _series(grown.sources),
        "labels": [_label(month, grown.months) for month in grown.months],
        "months": form.chosen,
        "narrowed": "".join(f"&{name}={value}" for name, value in form.narrowing.items()),
    }
    status = 200 if form.is_valid() else 422
    return render_page(request, "analytics/growth.html", page, partials=["growth"], status=status)


@require(Permission.VIEW_REPORTS)
def growth_people(request: MemberRequest) -> HttpResponse:
    form = GrowthPeopleForm(request.GET, request.member)
    form.require_valid()
    asked: dict[str, Any] = form.cleaned_data
    month = Month(asked["month"], request.tenant.zone) if asked["month"] else None
    source = Source.objects.filter(pk=asked["source"]).first() if asked["source"] else None
    people = people_of_number(
        state=asked["state"], month=month, source=source, sourceless=asked["source"] == 0, segment=form.chosen_segment
    )
    before = {"pk__lt": int(asked["after"])} if asked["after"] else {}
    found = list(people.filter(**before).order_by("-pk")[: PAGE + 1])
    page = {
        "people": found[:PAGE],
        "total": people.count(),
        "title": f"{_title(asked, source)}{_of(form.chosen_segment)}",
        "next_url": _next_url(request, found),
        "first_url": _here(request) if asked["after"] else "",
    }
    return render_page(request, "analytics/growth_people.html", page, partials=["people"])


@require(Permission.EXPORT_CANDIDATES)
def growth_export(request: MemberRequest) -> HttpResponse:
    form = PeriodForm(request.GET, request.member)
    form.require_valid()
    grown = _growth(request.tenant, form)
    rows = [["Source", *(f"{month:%Y-%m}" for month in grown.months)]]
    rows += [[one.name, *map(str, one.sizes)] for one in grown.sources]
    response = HttpResponse("".join(csv_lines(rows)), content_type="text/csv; charset=utf-8")
    name = f"talent-pool-growth-{timezone.localdate(timezone=request.tenant.zone)}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    record("report.exported", by=request.member, label="Talent pool growth")
    return response


def _growth(tenant: Tenant, form: PeriodForm) -> Growth:
    today = timezone.localdate(timezone=tenant.zone)
    return growth_of_pool(today=today, months=form.chosen, zone=tenant.time_zone, segment=form.chosen_segment)


@dataclass(frozen=True)
class _Row:
    name: str
    people: int
    share: float
    arrived: int
    arrived_before: int
    people_url: str
    arrived_url: str
    arrived_before_url: str


def _row(link: Linker, grown: Growth, one: SourceGrowth) -> _Row:
    source = one.source.pk if one.source else 0
    this, last = grown.months[-1], grown.months[-2]
    return _Row(
        name=one.name,
        people=one.people,
        share=one.people / grown.people if grown.people else 0,
        arrived=one.arrived[-1],
        arrived_before=one.arrived[-2],
        people_url=link(source=source),
        arrived_url=link(source=source, month=f"{this:%Y-%m}"),
        arrived_before_url=link(source=source, month=f"{last:%Y-%m}"),
    )


def _links(link: Linker, grown: Growth) -> dict[str, str]:
    month = f"{grown.months[-1]:%Y-%m}"
    return {
        "people": link(),
        "may_write": link(state="may_write"),
        "new": link(month=month),
        "lost": link(state="lost", month=month),
    }


def _linker(tenant: Tenant, form: PeriodForm) -> Linker:
    address = org_reverse("analytics:growth_people", slug=tenant.slug)

    def link(**asked: object) -> str:
        asked |= form.narrowing
        return f"{address}?{urlencode(asked)}" if asked else address

    return link


def _series(sources: Sequence[SourceGrowth]) -> list[Series]:
    drawn = [Series(one.name, one.sizes) for one in sources[:DRAWN_APART]]
    if rest := sources[DRAWN_APART:]:
        together = [sum(one.sizes[number] for one in rest) for number in range(len(rest[0].sizes))]
        drawn.append(Series("Other sources", together))
    return drawn


def _label(month: date, months: Sequence[date]) -> str:
    """The year where it changes."""
    return f"{month:%b %Y}" if len(months) > 12 or (month.month == 1 and month != months[0]) else f"{month:%b}"


def _title(asked: dict[str, Any], source: Source | None) -> str:
    whose = source.name if source else "No source" if asked["source"] == 0 else ""
    month = f"{asked['month']:%B %Y}" if asked["month"] else ""
    if asked["state"] == "lost":
        return f"Lost in {month}"
    if asked["state"] == "may_write":
        return "May be written to"
    first = f"First from {whose}" if whose else "New people" if month else "People in the pool"
    return f"{first}, {month}" if month else first


def _of(segment: Segment | None) -> str:
    return f" · {segment.name}" if segment else ""


def _here(request: MemberRequest, **changed: object) -> str:
    asked = {name: value for name, value in request.GET.items() if name != "after"} | changed
    return f"{request.path}?{urlencode(asked)}" if asked else request.path


def _next_url(request: MemberRequest, found: Sequence[Any]) -> str:
    return _here(request, after=found[PAGE - 1].pk) if len(found) > PAGE else ""
