"""Schedules of a segment: list, make, pause, resume, remove them; what their runs came to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.schedules import make_schedule, pause_schedule, remove_schedule, resume_schedule
from talentpool.api.words import Id
from talentpool.forms.segments import ScheduleForm
from talentpool.models import Schedule, ScheduleRun, Segment
from talentpool.models.schedule import MOST_A_RUN
from talentpool.queries.segments import segment_for

router = Router()


class RunOut(Schema):
    id: int
    at: datetime
    put: int = Field(description="How many new matches it put where they belong.")
    skipped: int = Field(description="How many had been there before.")
    left_over: int = Field(description="How many wait for the next run.")
    trouble: str = Field(description="Why it did nothing; empty if all went well.")


class ScheduleOut(Schema):
    id: int
    segment_id: int
    pipeline_id: int | None
    tag_id: int | None
    every: Schedule.Every
    most: int = Field(description="So many people at most, each time.")
    since: datetime | None = Field(description="Whoever joined later is new; null: whoever was there at first, too.")
    by_id: int = Field(description="The member in whose name it works.")
    next_at: datetime | None = Field(description="When it runs next; null while it is paused.")
    trouble: str = Field(description="Why it paused by itself.")
    created_at: datetime
    last_run: RunOut | None


class ScheduleIn(Schema):
    """Where new matches go: one of the ids."""

    pipeline_id: Id | None = Field(None, description="At its first stage.")
    tag_id: Id | None = Field(None, description="Needs the scope candidates:write.")
    every: Schedule.Every = Schedule.Every.DAY
    most: int = Field(25, ge=1, le=MOST_A_RUN)
    with_present: bool = Field(False, description="Begin with whoever is in the segment now.")


@router.get("/{segment_id}/schedules", response=Page[ScheduleOut], summary="List the schedules of a segment")
@needs(Scope.READ_PIPELINES, Permission.VIEW_PIPELINES)
def schedule_list(request: TokenRequest, segment_id: Id, asked: Query[PageQuery]) -> Page[ScheduleOut]:
    found, cursor = page_by_id(Schedule.objects.filter(segment=_segment(request, segment_id)), asked)
    return Page(items=_with_last_runs(found), next_cursor=cursor)


@router.post("/{segment_id}/schedules", response={201: ScheduleOut}, summary="Make a schedule")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def schedule_create(request: TokenRequest, segment_id: Id, payload: ScheduleIn) -> Status[ScheduleOut]:
    """It puts new matches into a pipeline or gives them a tag, by itself. Its first run is within ten minutes."""
    segment = _segment(request, segment_id)
    _refuse_tagging(request, payload.tag_id)
    form = ScheduleForm({name.removesuffix("_id"): value for name, value in payload.dict().items()})
    if not form.is_valid():
        raise _as_sent(form)
    made = make_schedule(segment, **form.cleaned_data, by=request.member)
    return Status(201, _with_last_runs([made])[0])


@router.get("/{segment_id}/schedules/{schedule_id}", response=ScheduleOut, summary="Read a schedule")
@needs(Scope.READ_PIPELINES, Permission.VIEW_PIPELINES)
def schedule_read(request: TokenRequest, segment_id: Id, schedule_id: Id) -> ScheduleOut:
    return _shown(request, segment_id, schedule_id)


@router.get(
    "/{segment_id}/schedules/{schedule_id}/runs", response=Page[RunOut], summary="List what the runs of one came to"
)
@needs(Scope.READ_PIPELINES, Permission.VIEW_PIPELINES)
def run_list(request: TokenRequest, segment_id: Id, schedule_id: Id, asked: Query[PageQuery]) -> dict[str, object]:
    """The first run comes first; the last stands at the schedule, too."""
    runs = ScheduleRun.objects.filter(schedule=_schedule(request, segment_id, schedule_id))
    found, cursor = page_by_id(runs, asked)
    return {"items": found, "next_cursor": cursor}


@router.post("/{segment_id}/schedules/{schedule_id}/pause", response=ScheduleOut, summary="Pause a schedule")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def schedule_pause(request: TokenRequest, segment_id: Id, schedule_id: Id) -> ScheduleOut:
    pause_schedule(_schedule(request, segment_id, schedule_id), by=request.member)
    return _shown(request, segment_id, schedule_id)


@router.post("/{segment_id}/schedules/{schedule_id}/resume", response=ScheduleOut, summary="Resume a schedule")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def schedule_resume(request: TokenRequest, segment_id: Id, schedule_id: Id) -> ScheduleOut:
    """Whoever came to match meanwhile is new. A paused one works in the token's member's name from now on."""
    schedule = _schedule(request, segment_id, schedule_id)
    _refuse_tagging(request, schedule.tag_id)
    resume_schedule(schedule, by=request.member)
    return _shown(request, segment_id, schedule_id)


@router.delete("/{segment_id}/schedules/{schedule_id}", response={204: None}, summary="Remove a schedule")
@needs(Scope.WRITE_PIPELINES, Permission.EDIT_PIPELINES)
def schedule_remove(request: TokenRequest, segment_id: Id, schedule_id: Id) -> Status[None]:
    """Its runs are forgotten with it. Whom it put stays where they are."""
    remove_schedule(_schedule(request, segment_id, schedule_id), by=request.member)
    return Status(204, None)


def _shown(request: TokenRequest, segment_id: int, schedule_id: int) -> ScheduleOut:
    return _with_last_runs([_schedule(request, segment_id, schedule_id)])[0]


def _refuse_tagging(request: TokenRequest, tag_id: int | None) -> None:
    if tag_id and Scope.WRITE_CANDIDATES not in request.token.scopes:
        raise PermissionDenied(
            f"This token lacks the scope “{Scope.WRITE_CANDIDATES.value}”, which giving a tag needs."
        )


def _as_sent(form: ScheduleForm) -> ValidationError:
    """What the form says of its fields, said of those of the body."""
    if NON_FIELD_ERRORS in form.errors:
        return ValidationError(form.non_field_errors()[0])
    sent: dict[str, Any] = {
        f"{name}_id" if f"{name}_id" in ScheduleIn.model_fields else name: said
        for name, said in form.errors.as_data().items()
    }
    return ValidationError(sent)


def _with_last_runs(schedules: Sequence[Schedule]) -> list[ScheduleOut]:
    runs = ScheduleRun.objects.filter(schedule__in=[each.pk for each in schedules])
    last = {run.schedule_id: run for run in runs.order_by("schedule_id", "-pk").distinct("schedule_id")}
    told = [name for name in ScheduleOut.model_fields if name != "last_run"]
    return [
        ScheduleOut.model_validate({name: getattr(each, name) for name in told} | {"last_run": last.get(each.pk)})
        for each in schedules
    ]


def _segment(request: TokenRequest, segment_id: int) -> Segment:
    segment = segment_for(request.member, segment_id)
    if segment is None or segment.hidden_at:
        raise Http404
    return segment


def _schedule(request: TokenRequest, segment_id: int, schedule_id: int) -> Schedule:
    return get_object_or_404(Schedule, pk=schedule_id, segment=_segment(request, segment_id))
