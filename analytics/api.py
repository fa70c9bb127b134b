"""The report “Hiring” for programs: its numbers, and the applications behind each of them."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from analytics.queries.hiring import Asked, Hiring, Period, applications_behind, hiring_in, period_until
from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, cursor_after, place_after
from talentpool.api.words import BIGGEST_ID, Id, Line
from talentpool.models import Application, Phase, Segment
from talentpool.queries.segments import segment_for

router = Router()
LONGEST = 60  # months
Touch = Field("", max_length=20, pattern=r"^(s\d{1,18}|campaign|direct)?$")


class CountsOut(Schema):
    applied: int
    screening: int
    interview: int
    offer: int
    hired: int
    rejected: int
    withdrawn: int
    days_to_hire: float | None = Field(description="Median of days from applying to being hired.")


class PartOut(Schema):
    key: str = Field(description="Names the part when its applications are asked for.")
    name: str
    counts: CountsOut
    family: str = Field(description="Of a job, the name of its family.")


class ConversionOut(Schema):
    pool: int = Field(description="People in the pool.")
    applied: int = Field(description="People who applied in these months and were known before.")
    hired: int = Field(description="People who were hired in these months and were known before they applied.")


class StayOut(Schema):
    phase: Phase
    number: int = Field(description="Stays that ended in these months.")
    days: float = Field(description="Their median.")


class HiringOut(Schema):
    months: list[date]
    total: CountsOut
    conversion: ConversionOut
    by_first: list[PartOut] = Field(description="By the first touch before somebody applied.")
    by_last: list[PartOut] = Field(description="By the last touch before somebody applied.")
    by_job: list[PartOut]
    by_family: list[PartOut] = Field(description="By the families of the jobs; 0 are jobs without one.")
    by_month: list[PartOut]
    reasons: list[PartOut] = Field(description="Why applications ended, in the ATS’s words.")
    stays: list[StayOut]


class HiringQuery(Schema):
    months: int = Field(12, ge=2, le=LONGEST, description="The last so many, this one among them.")
    family: int | None = Field(None, ge=0, le=BIGGEST_ID, description="Only jobs of this family; 0 are those of none.")
    segment: Id | None = Field(None, description="Only people who are in this segment now; one that you may see.")


class BehindQuery(PageQuery, HiringQuery):
    what: Phase
    first: str = Touch
    last: str = Touch
    job: Id | None = None
    month: str = Field("", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$", description="YYYY-MM")
    reason: Line | None = None


class BehindOut(Schema):
    application_id: int
    candidate_id: int
    job_id: int
    at: datetime
    first_touch: str
    last_touch: str


@router.get("/hiring", response=HiringOut, summary="Applications, interviews, offers and hires in numbers")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_REPORTS)
def hiring_read(request: TokenRequest, asked: Query[HiringQuery]) -> Hiring:
    """Each application counts once for what happened to it, in the month it first did; its end as it stands now."""
    return hiring_in(_period(request, asked.months), family=asked.family, segment=_segment(request, asked.segment))


@router.get("/hiring/applications", response=Page[BehindOut], summary="List the applications behind a number")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_REPORTS)
def hiring_applications(request: TokenRequest, asked: Query[BehindQuery]) -> dict[str, Any]:
    month = date.fromisoformat(f"{asked.month}-01") if asked.month else None
    segment = _segment(request, asked.segment)
    number = Asked(asked.what, asked.first, asked.last, asked.job, month, asked.reason, asked.family, segment)
    behind = applications_behind(
        _period(request, asked.months), number, after=place_after(asked.cursor), limit=asked.limit + 1
    )
    shown = behind.rows[: asked.limit]
    found = Application.objects.in_bulk([each.application_id for each in shown])
    items = [
        {
            "application_id": each.application_id,
            "candidate_id": found[each.application_id].candidate_id,
            "job_id": found[each.application_id].job_id,
            "at": each.at,
            "first_touch": each.first_touch,
            "last_touch": each.last_touch,
        }
        for each in shown
        if each.application_id in found
    ]
    more = len(behind.rows) > asked.limit
    return {"items": items, "next_cursor": cursor_after(shown[-1].application_id) if more else None}


def _segment(request: TokenRequest, pk: int | None) -> Segment | None:
    segment = segment_for(request.member, pk) if pk else None
    if pk and (segment is None or segment.hidden_at):
        raise ValidationError({"segment": "There is no such segment."})
    return segment


def _period(request: TokenRequest, months: int) -> Period:
    zone = request.tenant.zone
    return period_until(timezone.localdate(timezone=zone), months, zone)
