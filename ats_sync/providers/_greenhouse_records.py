"""Greenhouse's rows as our records: those of Harvest v3, and those in the bodies of its webhooks, which differ."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ats_sync.providers._equal_opportunity import without_eeo
from ats_sync.providers._own_fields import own_fields
from ats_sync.vocabulary import (
    ApplicationRecord,
    FileRecord,
    JobRecord,
    Kind,
    Lookup,
    NoteRecord,
    PersonRecord,
    StepRecord,
)
from talentpool.models import ApplicationState
from talentpool.person import Education, PersonFields, Position

Row = Mapping[str, Any]
STATES = {
    "rejected": ApplicationState.REJECTED,
    "hired": ApplicationState.HIRED,
    "withdrawn": ApplicationState.WITHDRAWN,
}
THEIRS = "THEY_REJECTED_US"
# Changes by itself, or is nobody's business here.
NOT_KEPT = frozenset(
    {
        "updated_at",
        "last_activity_at",
        "created_at",
        "attachments",
        "applications",
        "photo_url",
        "url",
        "recruiter",
        "coordinator",
    }
)


def person(
    row: Row, employments: Iterable[Row] = (), educations: Iterable[Row] = (), *, wants_eeo: bool = False
) -> PersonRecord:
    custom, called = own_fields(_custom(row.get("custom_fields")), wants_eeo=wants_eeo)
    links = [*_values(row, "website_addresses"), *_values(row, "social_media_addresses")]
    fields = PersonFields(
        given_name=text(row.get("first_name")),
        family_name=text(row.get("last_name")),
        emails=tuple(_values(row, "email_addresses")),
        phones=tuple(_values(row, "phone_numbers")),
        links=tuple(links),
        location=next(iter(_values(row, "addresses")), ""),
        positions=_positions(row, employments),
        education=tuple(_education(each) for each in educations),
        custom=custom,
    )
    raw = {name: value for name, value in row.items() if name not in NOT_KEPT}
    return PersonRecord(
        id=str(row["id"]),
        updated_at=moment(row.get("updated_at")),
        fields=fields,
        tags=tuple(row.get("tags") or ()),
        called=called,
        raw=without_eeo(raw, wants_eeo=wants_eeo),
    )


def application(
    row: Row, reason: str = "", reason_kind: str = "", moved_at: datetime | None = None
) -> ApplicationRecord:
    state = STATES.get(row["status"], ApplicationState.OPEN)
    if state == ApplicationState.REJECTED and reason_kind == THEIRS:
        state = ApplicationState.WITHDRAWN
    ended = moment(row.get("rejected_at"))
    return ApplicationRecord(
        id=str(row["id"]),
        updated_at=moment(row.get("updated_at")),
        person=str(row["candidate_id"]),
        job=text(row.get("job_id")),
        stage=text(row.get("job_interview_stage_id")),
        stage_name=text(row.get("stage_name")),
        state=state,
        reason=reason if state in (ApplicationState.REJECTED, ApplicationState.WITHDRAWN) else "",
        applied_at=moment(row.get("applied_at") or row.get("created_at")),
        moved_at=ended or moved_at or moment(row.get("last_activity_at")),
    )


def is_anonymised(row: Row) -> bool:
    """Greenhouse keeps the row, under a name that says so and without anything that leads to the person."""
    says = text(row.get("first_name")).casefold().strip("()")
    return says == "anonymized" and not any(_values(row, name) for name in ("email_addresses", "phone_numbers"))


def told_application(body: Row) -> ApplicationRecord:
    """Of a webhook: candidate, stage and reason stand in it, and no time of change but the last activity."""
    stage, reason = body.get("current_stage") or {}, body.get("rejection_reason") or {}
    job: Row = next(iter(body.get("jobs") or ()), {})
    row = {
        "id": body["id"],
        "candidate_id": body["candidate"]["id"],
        "job_id": None if body.get("prospect") else job.get("id"),
        "job_interview_stage_id": stage.get("id"),
        "stage_name": stage.get("name"),
        **{name: body.get(name) for name in ("status", "rejected_at", "applied_at", "last_activity_at")},
    }
    theirs = (reason.get("type") or {}).get("name") == "They rejected us"
    return application(row, text(reason.get("name")), THEIRS if theirs else "")


def told_person(body: Row, *, wants_eeo: bool) -> PersonRecord:
    return person(body, body.get("employments") or (), body.get("educations") or (), wants_eeo=wants_eeo)


def job(row: Row, post: Row, *, department: str, team: Sequence[str]) -> JobRecord:
    return JobRecord(
        id=str(row["id"]),
        updated_at=moment(row.get("updated_at")),
        title=text(row["name"]),
        is_open=row.get("status") == "open",
        location=text(post.get("location")),
        department=department,
        text=text(post.get("content")),
        apply_url=text(post.get("external_url")),
        team=tuple(team),
        opened_at=moment(row.get("opened_at")),
        closed_at=moment(row.get("closed_at")),
    )


def lookup(what: Kind, row: Row) -> Lookup:
    name = row.get("name") or " ".join(filter(None, (row.get("first_name"), row.get("last_name"))))
    return Lookup(
        id=str(row["id"]),
        updated_at=moment(row.get("updated_at")),
        what=what,
        name=text(name),
        parent=text(row.get("job_id")),
        email=text(row.get("primary_email")),
    )


def note(row: Row, author: str) -> NoteRecord | None:
    """Written by people: mails and what the system notes by itself are left there."""
    if row.get("type") != "NOTE":
        return None
    return NoteRecord(
        id=str(row["id"]),
        updated_at=moment(row.get("updated_at")),
        person=str(row["candidate_id"]),
        text=text(row.get("body")),
        author=author,
        at=moment(row.get("created_at")),
    )


def file(row: Row) -> FileRecord:
    return FileRecord(
        id=str(row["id"]),
        updated_at=moment(row.get("updated_at")),
        person=str(row["candidate_id"]),
        name=text(row.get("filename")),
        url=text(row.get("url")),
        is_resume=row.get("type") == "resume",
        at=moment(row.get("created_at")),
    )


def step(what: Kind, row: Row) -> StepRecord:
    words, at = _STEPS[what](row)
    return StepRecord(
        id=str(row["id"]),
        updated_at=moment(row.get("updated_at")),
        what=what,
        application=str(row["application_id"]),
        words=words,
        at=moment(at),
    )


_STEPS = {
    Kind.STEP: lambda row: (text(row.get("stage_name")), row.get("entered_at")),
    Kind.OFFER: lambda row: (text(row.get("status") or row.get("offer_status")), row.get("created_at")),
    Kind.INTERVIEW: lambda row: (text(row.get("status")), row.get("starts_at")),
    Kind.SCORECARD: lambda row: (text(row.get("candidate_rating")), row.get("submitted_at") or row.get("created_at")),
}


def moment(said: Any) -> datetime | None:
    """An ISO time or day; both are UTC in Greenhouse."""
    if not said:
        return None
    try:
        found = datetime.fromisoformat(str(said).replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else datetime.fromisoformat(f"{said}T00:00:00+00:00")


def text(said: Any) -> str:
    return "" if said is None else str(said)


def _values(row: Row, name: str) -> list[str]:
    return [str(each["value"]).strip() for each in row.get(name) or () if each.get("value")]


def _positions(row: Row, employments: Iterable[Row]) -> tuple[Position, ...]:
    listed = [
        Position(
            employer=text(each.get("company_name")),
            title=text(each.get("title")),
            start=_day(each.get("starts_on") or each.get("start_date")),
            end=_day(each.get("ends_on") or each.get("end_date")),
            current=not (each.get("ends_on") or each.get("end_date")),
        )
        for each in employments
    ]
    employer, title = text(row.get("company")), text(row.get("title"))
    now = Position(employer=employer, title=title, current=True)
    is_told = any((each.employer, each.title) == (employer, title) for each in listed)
    return (*(() if is_told or not (employer or title) else (now,)), *listed)


def _education(row: Row) -> Education:
    return Education(
        school=text(row.get("school_name")),
        degree=text(row.get("degree")),
        area=text(row.get("discipline")),
        start=_day(row.get("starts_on") or row.get("start_date")),
        end=_day(row.get("ends_on") or row.get("end_date")),
    )


def _day(said: Any) -> str:
    """2016-01-31, which webhooks write 01/31/2016."""
    parts = str(said or "").split("/")
    return f"{parts[2]}-{parts[0]}-{parts[1]}" if len(parts) == 3 else str(said or "")


def _custom(said: Any) -> Iterable[tuple[str, Any, Any]]:
    """By key; an amount of money and a person are objects, choices a list."""
    for key, each in said.items() if isinstance(said, Mapping) else ():
        if isinstance(each, Mapping):
            yield str(key), each.get("name"), each.get("value")
