"""The report “Hiring” and the people behind each of its numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone

from analytics.forms import HiringForm, HiringPeopleForm, HiringTableForm
from analytics.queries.hiring import (
    WHAT,
    Asked,
    Counts,
    Hiring,
    Part,
    Period,
    applications_behind,
    family_names,
    hiring_in,
    period_until,
    touch_names,
)
from crm.audit import record
from crm.charts import Bar
from crm.models import Tenant
from crm.permissions import MemberRequest, Permission, require
from crm.rendering import org_reverse, render_page
from talentpool.intake.rejected import csv_lines
from talentpool.models import Application, Job, Phase

PAGE = 50
MOST = 30  # rows of a table on the page; the export has all
HAPPENED = {
    Phase.APPLIED: "Applied",
    Phase.SCREENING: "Came to screening",
    Phase.INTERVIEW: "Came to an interview",
    Phase.OFFER: "Got an offer",
    Phase.HIRED: "Were hired",
    Phase.REJECTED: "Were rejected",
    Phase.WITHDRAWN: "Stepped back",
}


@dataclass(frozen=True)
class _Cell:
    value: int
    url: str


@dataclass(frozen=True)
class _Row:
    name: str
    cells: list[_Cell]
    share: float
    days: float | None
    note: str = ""


@require(Permission.VIEW_REPORTS)
def hiring(request: MemberRequest) -> HttpResponse:
    form = HiringForm(request.GET, request.member)
    found = _found(request.tenant, form)
    link = _linker(request.tenant, form)
    parts = found.by_last if form.by_touch == "last" else found.by_first
    page = {
        "form": form,
        "months": form.chosen,
        "narrowed": "".join(f"&{name}={value}" for name, value in form.narrowing.items()),
        "hiring": found,
        "figures": [(HAPPENED[what], getattr(found.total, what), link(what=what.value)) for what in WHAT],
        "sources": [_row(part, link, form.by_touch) for part in parts[:MOST]],
        "jobs": [_row(part, link, "job") for part in found.by_job[:MOST]],
        "more_jobs": max(len(found.by_job) - MOST, 0),
        "families": [_row(part, link, "family") for part in found.by_family[:MOST]] if len(form.families) > 1 else [],
        "by_month": [
            replace(_row(part, link, "month"), name=f"{month:%b}\u00a0{month:%Y}")
            for month, part in reversed(list(zip(found.months, found.by_month, strict=True)))
        ],
        "reasons": [_reason(part, link) for part in found.reasons[:MOST]],
        "way": _way(found, request.tenant, form),
        "stays": [
            Bar(str(stay.phase.label), stay.days, shown=_days(stay.days), note=f"of {stay.number:,}")
            for stay in found.stays
        ],
    }
    status = 200 if form.is_valid() else 422
    return render_page(request, "analytics/hiring.html", page, partials=["hiring"], status=status)


@require(Permission.VIEW_REPORTS)
def hiring_people(request: MemberRequest) -> HttpResponse:
    form = HiringPeopleForm(request.GET, request.member)
    form.require_valid()
    asked, after = form.asked(), int(form.cleaned_data["after"] or 0)
    behind = applications_behind(_period(request.tenant, form.chosen), asked, after=after, limit=PAGE + 1)
    ids = [each.application_id for each in behind.rows[:PAGE]]
    applications = Application.objects.select_related("candidate", "job").in_bulk(ids)
    names = touch_names()
    page = {
        "rows": [
            (applications[each.application_id], each.at, names.get(each.first_touch), names.get(each.last_touch))
            for each in behind.rows[:PAGE]
            if each.application_id in applications
        ],
        "total": behind.total,
        "title": _title(asked),
        "months": form.chosen,
        "next_url": _here(request, after=ids[-1]) if len(behind.rows) > PAGE else "",
        "first_url": _here(request) if after else "",
    }
    return render_page(request, "analytics/hiring_people.html", page, partials=["people"])


@require(Permission.EXPORT_CANDIDATES)
def hiring_export(request: MemberRequest) -> HttpResponse:
    form = HiringTableForm(request.GET, request.member)
    form.require_valid()
    found = _found(request.tenant, form)
    table = (form.cleaned_data.get("table") if form.is_valid() else "") or "source"
    response = HttpResponse(
        "".join(csv_lines(_table(found, table, form.by_touch))), content_type="text/csv; charset=utf-8"
    )
    name = f"hiring-by-{table}-{timezone.localdate(timezone=request.tenant.zone)}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    record("report.exported", by=request.member, label=f"Hiring by {table}")
    return response


def _found(tenant: Tenant, form: HiringForm) -> Hiring:
    return hiring_in(_period(tenant, form.chosen), family=form.chosen_family, segment=form.chosen_segment)


def _table(found: Hiring, table: str, touch: str) -> list[list[str]]:
    if table == "reason":
        reasons = [[part.name, str(part.counts.rejected), str(part.counts.withdrawn)] for part in found.reasons]
        return [["Reason", "Rejected", "Withdrawn"], *reasons]
    parts = {
        "job": found.by_job,
        "family": found.by_family,
        "month": found.by_month,
        "source": found.by_last if touch == "last" else found.by_first,
    }[table]
    heads = {"job": "Job", "family": "Job family", "month": "Month", "source": f"Source ({touch} touch)"}
    columns = [phase.value for phase in Phase]
    rows = [[part.name, *(str(getattr(part.counts, name)) for name in columns), _number(part.counts)] for part in parts]
    heading = [heads[table], *(phase.label for phase in Phase), "Days to hire (median)"]
    if table == "job":
        heading, rows = [*heading, "Job family"], [[*row, part.family] for row, part in zip(rows, parts, strict=True)]
    return [heading, *rows]


def _number(counts: Counts) -> str:
    return "" if counts.days_to_hire is None else f"{counts.days_to_hire:.1f}"


def _period(tenant: Tenant, months: int) -> Period:
    return period_until(timezone.localdate(timezone=tenant.zone), months, tenant.zone)


Linker = Callable[..., str]


def _linker(tenant: Tenant, form: HiringForm) -> Linker:
    address = org_reverse("analytics:hiring_people", slug=tenant.slug)
    shown = {"months": form.chosen} | form.narrowing
    return lambda **asked: f"{address}?{urlencode({**shown, **asked})}"


def _row(part: Part, link: Linker, cut: str) -> _Row:
    cells = [_Cell(getattr(part.counts, what), link(what=what.value, **{cut: part.key})) for what in WHAT]
    return _Row(part.name, cells, part.counts.hire_share, part.counts.days_to_hire, part.family)


def _reason(part: Part, link: Linker) -> _Row:
    cut = {"reason": part.key} if part.key else {"no_reason": "on"}
    cells = [
        _Cell(getattr(part.counts, what), link(what=what, **cut))
        for what in (Phase.REJECTED.value, Phase.WITHDRAWN.value)
    ]
    return _Row(part.name, cells, 0, None)


def _way(found: Hiring, tenant: Tenant, form: HiringForm) -> Sequence[Bar]:
    people = org_reverse("analytics:growth_people", slug=tenant.slug)
    if form.chosen_segment:
        people = f"{people}?segment={form.chosen_segment.pk}"
    return [
        Bar("In the segment" if form.chosen_segment else "In the pool", found.conversion.pool, url=people),
        Bar("Applied, known before", found.conversion.applied, tone=2),
        Bar("Hired of these", found.conversion.hired, tone=3),
    ]


def _days(days: float) -> str:
    return f"{days:.1f} {'day' if f'{days:.1f}' == '1.0' else 'days'}"


def _title(asked: Asked) -> str:
    parts: list[Any] = [HAPPENED[Phase(asked.what)]]
    names = touch_names()
    if asked.first or asked.last:
        touch = "First" if asked.first else "Last"
        parts.append(f"{touch} touch: {names.get(asked.first or asked.last, 'a source that is gone')}")
    if asked.job:
        parts.append(Job.objects.filter(pk=asked.job).values_list("title", flat=True).first() or "a job that is gone")
    if asked.family is not None:
        parts.append(family_names().get(str(asked.family), "a job family that is gone"))
    if asked.month:
        parts.append(f"{asked.month:%B %Y}")
    if asked.reason is not None:
        parts.append(asked.reason or "no reason given")
    if asked.segment:
        parts.append(asked.segment.name)
    return " · ".join(parts)


def _here(request: MemberRequest, **changed: object) -> str:
    asked = {name: value for name, value in request.GET.items() if name != "after"} | changed
    return f"{request.path}?{urlencode(asked)}"
