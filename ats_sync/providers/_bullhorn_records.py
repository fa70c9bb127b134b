"""Rows of Bullhorn as records of ours, and which fields are asked for. Times are milliseconds.

From the entity reference at bullhorn.github.io/rest-api-docs. EEO answers (`gender`, `ethnicity`, …) are only asked for
when they are wanted; what isn't asked for doesn't come.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ats_sync.providers._bullhorn_rest import Row
from ats_sync.providers._own_fields import own_fields
from ats_sync.vocabulary import (
    ApplicationRecord,
    Change,
    FileRecord,
    Gone,
    How,
    JobRecord,
    Kind,
    Lookup,
    NoteRecord,
    PersonRecord,
    StepRecord,
)
from talentpool.models import ApplicationState, Phase
from talentpool.person import Education, PersonFields, Position

ABOUT_PERSON = (
    *("firstName", "lastName", "name", "email", "email2", "email3", "phone", "phone2", "phone3", "mobile"),
    *("workPhone", "address", "occupation", "companyName", "companyURL", "source", "status", "dateAvailable", "salary"),
)
OWN = tuple(
    f"custom{kind}{number}"
    for kind, most in (("Text", 20), ("Float", 3), ("Int", 3), ("Date", 3), ("TextBlock", 5))
    for number in range(1, most + 1)
)
EEO = ("gender", "ethnicity", "veteran", "disability")
NESTED = (
    "workHistories[20](companyName,title,startDate,endDate),educations[20](school,degree,major,startDate,endDate),"
    "primarySkills[50](name)"
)
STAMPS = "isDeleted,dateAdded,dateLastModified"
FIELDS: Mapping[Kind, str] = {
    Kind.USER: "id,name,firstName,lastName,email,isDeleted",
    Kind.JOB: "id,title,isOpen,status,address,description,publicDescription,owner,assignedUsers,dateClosed,"
    "publishedCategory,categories," + STAMPS,
    Kind.PERSON: ",".join(("id", *ABOUT_PERSON, NESTED, "isAnonymized", STAMPS)),
    Kind.APPLICATION: "id,candidate,jobOrder,status," + STAMPS,
    Kind.NOTE: "id,action,comments,commentingPerson,personReference," + STAMPS,
    Kind.FILE: "id,name,type,candidate,isDeleted,dateAdded",
    Kind.INTERVIEW: "id,type,subject,location,dateBegin,candidateReference,jobOrder,parentAppointment," + STAMPS,
}
# Mail that Bullhorn writes down by itself, and what its automations log.
_NO_NOTE = re.compile(r"mail|system|automat|audit", re.IGNORECASE)
_WITHDREW = re.compile(
    r"withdr[ae]w|candidate (declin|reject|not interest)|not interested|offer declined", re.IGNORECASE
)
_REJECTED = re.compile(r"reject|declin|not (selected|qualified|suitable)|disqualif", re.IGNORECASE)
_PLACED = re.compile(r"\bplaced\b|\bhired\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statuses:
    """What the organisation calls the ways a submission ends, from its settings and, failing these, by their names."""

    placed: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    interview: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Statuses":
        return cls(
            placed=frozenset(words(settings.get("submissionPlacedStatus"))),
            rejected=frozenset(words(settings.get("rejectedJobResponseStatus"))),
            interview=frozenset(words(settings.get("interviewScheduledJobResponseStatus"))),
        )

    def state(self, status: str) -> ApplicationState:
        if status in self.placed or (not self.placed and _PLACED.search(status)):
            return ApplicationState.HIRED
        if _WITHDREW.search(status):
            return ApplicationState.WITHDRAWN
        if status in self.rejected or (not self.rejected and _REJECTED.search(status)):
            return ApplicationState.REJECTED
        return ApplicationState.OPEN

    def phase(self, status: str) -> str:
        if self.state(status) != ApplicationState.OPEN:
            return str(Phase(self.state(status).value))
        return str(Phase.INTERVIEW) if status in self.interview else ""


def words(value: Any) -> list[str]:
    """A setting may be a list, or one text with commas."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [str(part) for part in value] if isinstance(value, list) else []


def moment(value: Any) -> datetime | None:
    return datetime.fromtimestamp(value / 1000, UTC) if isinstance(value, int | float) and value > 0 else None


def day(value: Any) -> str:
    at = moment(value)
    return at.date().isoformat() if at else ""


def text(value: Any) -> str:
    return str(value).strip() if value else ""


def linked(value: Any) -> str:
    return str(value["id"]) if isinstance(value, dict) and value.get("id") else ""


def name_of(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    return text(value.get("name")) or f"{text(value.get('firstName'))} {text(value.get('lastName'))}".strip()


def nested(value: Any) -> Sequence[Row]:
    return value.get("data") or () if isinstance(value, dict) else ()


def place_of(address: Any) -> str:
    parts = [text(address.get(part)) for part in ("city", "state")] if isinstance(address, dict) else []
    return ", ".join(part for part in parts if part)


def stage(status: str, statuses: Statuses) -> Lookup:
    """A status is known by its words alone."""
    return Lookup(what=Kind.STAGE, id=status, name=status, phase=statuses.phase(status))


def user(row: Row) -> Lookup:
    return Lookup(what=Kind.USER, id=str(row["id"]), name=name_of(row), email=text(row.get("email")))


def job(row: Row) -> JobRecord:
    team = [name_of(row.get("owner")), *(name_of(each) for each in nested(row.get("assignedUsers")))]
    categories = sorted(name_of(each) for each in nested(row.get("categories")))
    return JobRecord(
        id=str(row["id"]),
        title=text(row.get("title")),
        is_open=bool(row.get("isOpen")),
        location=place_of(row.get("address")),
        family=name_of(row.get("publishedCategory")) or next(iter(categories), ""),
        text=text(row.get("publicDescription") or row.get("description")),
        team=tuple(dict.fromkeys(filter(None, team))),
        opened_at=moment(row.get("dateAdded")),
        closed_at=None if row.get("isOpen") else moment(row.get("dateClosed")),
        updated_at=moment(row.get("dateLastModified")),
    )


def person(row: Row, labels: Mapping[str, str] | None = None, *, wants_eeo: bool = False) -> PersonRecord:
    """`labels` are what the fields of the organisation’s own are called that are in use."""
    custom, called = own_fields(
        ((name, label, _of_own(name, row.get(name))) for name, label in (labels or {}).items()), wants_eeo=wants_eeo
    )
    address = row.get("address")
    country = text(address.get("countryCode")) if isinstance(address, dict) else ""
    fields = PersonFields(
        name=name_of(row),
        given_name=text(row.get("firstName")),
        family_name=text(row.get("lastName")),
        headline=text(row.get("occupation")),
        emails=_distinct(row, "email", "email2", "email3"),
        phones=_distinct(row, "mobile", "phone", "phone2", "phone3", "workPhone"),
        links=tuple(link for link in _distinct(row, "companyURL") if "linkedin." in link.lower()),
        location=place_of(address),
        country=country if len(country) == 2 and place_of(address) else "",
        positions=_positions(row),
        education=tuple(_education(each) for each in nested(row.get("educations"))),
        skills=tuple(filter(None, (text(each.get("name")) for each in nested(row.get("primarySkills"))))),
        availability=day(row.get("dateAvailable")),
        salary=f"{row['salary']:g}" if isinstance(row.get("salary"), int | float) and row["salary"] else "",
        custom=custom,
    )
    raw = {each: row[each] for each in (*ABOUT_PERSON, *EEO) if row.get(each)}
    at = moment(row.get("dateLastModified"))
    return PersonRecord(id=str(row["id"]), fields=fields, called=called, raw=raw, updated_at=at)


def _of_own(name: str, value: Any) -> Any:
    return day(value) if name.startswith("customDate") else value


def _distinct(row: Row, *names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (text(row.get(each)) for each in names))))


def _positions(row: Row) -> tuple[Position, ...]:
    """What is said of the present job beside the history is part of it, unless the history says the same."""
    held = [
        Position(
            employer=text(each.get("companyName")),
            title=text(each.get("title")),
            start=day(each.get("startDate")),
            end=day(each.get("endDate")),
            current=bool(each.get("startDate")) and not each.get("endDate"),
        )
        for each in nested(row.get("workHistories"))
    ]
    employer = text(row.get("companyName"))
    if employer and all(each.employer != employer for each in held):
        held.insert(0, Position(employer=employer, title=text(row.get("occupation"))))
    return tuple(held)


def _education(row: Row) -> Education:
    return Education(
        school=text(row.get("school")),
        degree=text(row.get("degree")),
        area=text(row.get("major")),
        start=day(row.get("startDate")),
        end=day(row.get("endDate")),
    )


def application(row: Row, statuses: Statuses, moved_at: datetime | None) -> ApplicationRecord:
    status = text(row.get("status"))
    return ApplicationRecord(
        id=str(row["id"]),
        person=linked(row.get("candidate")),
        job=linked(row.get("jobOrder")),
        stage=status,
        stage_name=status,
        state=statuses.state(status),
        applied_at=moment(row.get("dateAdded")),
        moved_at=moved_at or moment(row.get("dateAdded")),
        updated_at=moment(row.get("dateLastModified")),
    )


def note(row: Row) -> NoteRecord | None:
    """None for one of somebody else than a candidate, and for mail and what the system logs."""
    about = row.get("personReference")
    kind = about.get("_subtype", "Candidate") if isinstance(about, dict) else ""
    if kind != "Candidate" or not linked(about) or _NO_NOTE.search(text(row.get("action"))):
        return None
    return NoteRecord(
        id=str(row["id"]),
        person=linked(about),
        text=text(row.get("comments")),
        author=name_of(row.get("commentingPerson")),
        at=moment(row.get("dateAdded")),
        updated_at=moment(row.get("dateLastModified")),
    )


def file(row: Row) -> FileRecord:
    return FileRecord(
        id=str(row["id"]),
        person=linked(row.get("candidate")),
        name=text(row.get("name")),
        url=f"file/Candidate/{linked(row.get('candidate'))}/{row['id']}",
        is_resume="resume" in text(row.get("type")).lower(),
        at=moment(row.get("dateAdded")),
    )


def interview(row: Row, application: str) -> StepRecord:
    return StepRecord(
        what=Kind.INTERVIEW,
        id=str(row["id"]),
        application=application,
        words=", ".join(filter(None, [text(row.get("subject")), text(row.get("location"))])),
        at=moment(row.get("dateBegin")),
        updated_at=moment(row.get("dateLastModified")),
    )


def unless_gone(kind: Kind, row: Row, make: Callable[[Row], Change | None]) -> list[Change]:
    how = How.ANONYMISED if row.get("isAnonymized") else How.DELETED
    if row.get("isDeleted") or row.get("isAnonymized"):
        return [Gone(what=kind, id=str(row["id"]), how=how, at=moment(row.get("dateLastModified")))]
    made = make(row)
    return [made] if made else []
