"""Ashby's objects as our records."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ats_sync.providers._equal_opportunity import without_eeo
from ats_sync.providers._own_fields import own_fields
from ats_sync.vocabulary import (
    ApplicationRecord,
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

Row = Mapping[str, Any]
BY_THEMSELVES = "RejectedByCandidate"
# Changes by itself or with somebody's applications, and says nothing of her.
NOT_KEPT = frozenset({"updatedAt", "applicationIds", "fileHandles", "resumeFileHandle", "profileUrl", "creditedToUser"})
# What an anonymised candidate is called is not documented; nobody real is called so and has no address besides.
ANONYMISED = re.compile(r"anonymi[sz]ed\b", re.IGNORECASE)
PHASES = {"Offer": Phase.OFFER, "Hired": Phase.HIRED, "Archived": Phase.REJECTED}
SCREENS = re.compile(r"screen|phone|review", re.IGNORECASE)
RECOMMENDATIONS = {"1": "Strong no", "2": "No", "3": "Yes", "4": "Strong yes"}


def person(row: Row, answers: Sequence[Row] = (), *, wants_eeo: bool = False) -> PersonRecord | Gone:
    if is_anonymised(row):
        return Gone(what=Kind.PERSON, id=row["id"], how=How.ANONYMISED, at=moment(row.get("updatedAt")))
    employer, title, school = (text(row.get(name)) for name in ("company", "position", "school"))
    said = ((one["id"], one["title"], _value(one)) for one in row.get("customFields") or ())
    custom, called = own_fields(said, wants_eeo=wants_eeo)
    fields = PersonFields(
        name=text(row["name"]),
        headline=title,
        emails=values(row, "emailAddresses", "primaryEmailAddress"),
        phones=values(row, "phoneNumbers", "primaryPhoneNumber"),
        links=tuple(one["url"] for one in row.get("socialLinks") or () if one.get("url")),
        location=place(row.get("location")),
        positions=(Position(employer=employer, title=title, current=True),) if employer or title else (),
        education=(Education(school=school),) if school else (),
        custom=custom,
    )
    raw = {name: value for name, value in row.items() if name not in NOT_KEPT}
    raw = without_eeo(raw, wants_eeo=wants_eeo)
    if answers:
        raw["eeo"] = [one.get("submittedValues") for one in answers]
    tags = tuple(one["title"] for one in row.get("tags") or ())
    at = moment(row.get("updatedAt"))
    return PersonRecord(id=row["id"], updated_at=at, fields=fields, tags=tags, called=called, raw=raw)


def is_anonymised(row: Row) -> bool:
    held = ("emailAddresses", "primaryEmailAddress", "phoneNumbers", "primaryPhoneNumber", "socialLinks")
    return bool(ANONYMISED.match(text(row["name"]))) and not any(row.get(name) for name in held)


def values(row: Row, name: str, primary: str) -> tuple[str, ...]:
    """The primary one first."""
    entries = [*filter(None, [row.get(primary)]), *(row.get(name) or ())]
    return tuple(dict.fromkeys(str(one["value"]).strip() for one in entries if one.get("value")))


def place(location: Row | None) -> str:
    """From the city up, as people write it."""
    parts = {one["type"]: one["name"] for one in (location or {}).get("locationComponents") or ()}
    named = [parts[kind] for kind in ("City", "Region", "Country") if parts.get(kind)]
    return ", ".join(named) or text((location or {}).get("locationSummary"))


def _value(field: Row) -> Any:
    """A custom field's value; choices by their label, where Ashby gives one, and money as it is, with its currency."""
    value = field.get("value")
    return value if isinstance(value, Mapping) else field.get("valueLabel", value)


def needs_history(row: Row) -> bool:
    """When it came to its stage is known otherwise of archived ones and of leads, which are most."""
    return row["status"] in ("Active", "Hired")


def application(row: Row) -> ApplicationRecord:
    stage, reason = row.get("currentInterviewStage") or {}, row.get("archiveReason") or {}
    state = ApplicationState.OPEN
    if row["status"] == "Hired":
        state = ApplicationState.HIRED
    elif row["status"] == "Archived":
        theirs = reason.get("reasonType") == BY_THEMSELVES
        state = ApplicationState.WITHDRAWN if theirs else ApplicationState.REJECTED
    return ApplicationRecord(
        id=row["id"],
        updated_at=moment(row.get("updatedAt")),
        person=row["candidate"]["id"],
        job=text((row.get("job") or {}).get("id")),
        stage=text(stage.get("id")),
        stage_name=text(stage.get("title")),
        state=state,
        reason=text(reason.get("text")) if row["status"] == "Archived" else "",
        applied_at=moment(row.get("createdAt")),
        moved_at=moved_at(row),
    )


def moved_at(row: Row) -> datetime | None:
    if row["status"] == "Archived":
        return moment(row.get("archivedAt"))
    entered = [one["enteredStageAt"] for one in row.get("applicationHistory") or () if one.get("enteredStageAt")]
    return moment(max(entered, default=row.get("createdAt")))


def steps(row: Row) -> Iterable[StepRecord]:
    """The stages that came after the first, but for the last where that is how it ended: the application says so."""
    stage = row.get("currentInterviewStage") or {}
    end = stage.get("id") if stage.get("type") in ("Hired", "Archived") else None
    history = sorted(row.get("applicationHistory") or (), key=lambda one: one.get("stageNumber") or 0)
    for one in history[1:]:
        if end is None or one.get("stageId") != end:
            yield StepRecord(
                id=f"{row['id']}:{one['id']}",
                what=Kind.STEP,
                application=row["id"],
                words=text(one.get("title")),
                at=moment(one.get("enteredStageAt")),
            )


def job(row: Row, posting: Row, *, location: str, department: str) -> JobRecord:
    team = [f"{one.get('firstName') or ''} {one.get('lastName') or ''}".strip() for one in row.get("hiringTeam") or ()]
    return JobRecord(
        id=row["id"],
        updated_at=moment(row.get("updatedAt")),
        title=text(row["title"]),
        is_open=row.get("status") == "Open",
        location=text(posting.get("locationName")) or location,
        department=department,
        text=text(posting.get("descriptionHtml") or posting.get("descriptionPlain")),
        apply_url=text(posting.get("applyLink") or posting.get("externalLink")),
        team=tuple(dict.fromkeys(filter(None, team))),
        opened_at=moment(row.get("openedAt")),
        closed_at=moment(row.get("closedAt")),
    )


def lookup(what: Kind, row: Row) -> Lookup:
    name = row.get("title") or row.get("text") or row.get("name")
    name = name or " ".join(filter(None, (row.get("firstName"), row.get("lastName"))))
    return Lookup(
        id=row["id"],
        updated_at=moment(row.get("updatedAt")),
        what=what,
        name=text(name),
        parent=text(row.get("interviewPlanId")),
        phase=phase(row) if what == Kind.STAGE else "",
        email=text(row.get("email")),
    )


def phase(stage: Row) -> str:
    """By its type, and within the long middle of a plan by its title."""
    if stage.get("type") in PHASES:
        return PHASES[stage["type"]]
    if stage.get("type") in ("PreInterviewScreen", "Active"):
        is_screen = stage["type"] == "PreInterviewScreen" or SCREENS.search(text(stage.get("title")))
        return Phase.SCREENING if is_screen else Phase.INTERVIEW
    return ""


def note(person_id: str, row: Row) -> NoteRecord:
    author, at = row.get("author") or {}, moment(row.get("createdAt"))
    name = f"{author.get('firstName') or ''} {author.get('lastName') or ''}".strip()
    return NoteRecord(id=row["id"], person=person_id, text=text(row.get("content")), author=name, at=at)


def files(row: Row) -> Iterable[FileRecord]:
    """`url` is Ashby's handle: the address behind it is asked for when the file is fetched, for it soon expires."""
    resume = (row.get("resumeFileHandle") or {}).get("id")
    for one in row.get("fileHandles") or ():
        yield FileRecord(
            id=one["id"], person=row["id"], name=text(one["name"]), url=one["handle"], is_resume=one["id"] == resume
        )


def offer(row: Row) -> StepRecord:
    words, version = row.get("offerStatus") or row.get("acceptanceStatus"), row.get("latestVersion") or {}
    at = moment(row.get("decidedAt") or version.get("createdAt"))
    return StepRecord(id=row["id"], what=Kind.OFFER, application=row["applicationId"], words=spaced(text(words)), at=at)


def interview(row: Row) -> StepRecord:
    """A schedule of one or more events; where it is no further than being planned it has none."""
    events = row.get("interviewEvents") or ()
    titles = [text((one.get("interview") or {}).get("title")) for one in events]
    named = ", ".join(dict.fromkeys(filter(None, titles)))
    starts = [one["startTime"] for one in events if one.get("startTime")]
    return StepRecord(
        id=f"{row['applicationId']}:{row['id']}",
        updated_at=moment(row.get("updatedAt")),
        what=Kind.INTERVIEW,
        application=row["applicationId"],
        words=": ".join(filter(None, (named, spaced(text(row.get("status")))))),
        at=moment(min(starts, default=row.get("createdAt"))),
    )


def scorecard(row: Row) -> StepRecord:
    who, submitted = row.get("submittedByUser") or {}, row.get("submittedValues") or {}
    said = next((value for name, value in submitted.items() if "overall_recommendation" in name), "")
    name = f"{who.get('firstName') or ''} {who.get('lastName') or ''}".strip()
    return StepRecord(
        id=f"{row['applicationId']}:{row['id']}",
        what=Kind.SCORECARD,
        application=row["applicationId"],
        words=": ".join(filter(None, (name, RECOMMENDATIONS.get(text(said), text(said))))),
        at=moment(row.get("submittedAt")),
    )


def spaced(word: str) -> str:
    """WaitingOnFeedback → Waiting on feedback."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word).capitalize()


def moment(said: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(said).replace("Z", "+00:00")) if said else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else None


def text(said: Any) -> str:
    return "" if said is None else str(said)
