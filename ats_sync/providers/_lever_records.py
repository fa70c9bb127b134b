"""Lever's objects as our records. A person is a contact; each opportunity is one of their applications.

What belongs to an opportunity is only found by way of it, so its id here is `<opportunity>:<its own>`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ats_sync.providers._equal_opportunity import is_on_equal_opportunity
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
from talentpool.models import ApplicationState
from talentpool.person import PersonFields

Row = Mapping[str, Any]
Names = Mapping[str, str]
MARK = "rapport-"  # begins the tag by which somebody whom we added is found again
HIRED = "hired"
# An archive reason doesn't say whose decision it was; these are the words of those who go themselves.
THEIRS = re.compile(
    r"withdr|declin|took another|accepted another|(?:no longer|not) interested|unresponsive|no[- ]show", re.IGNORECASE
)
KEPT = ("id", "name", "headline", "location", "emails", "phones")


def person(
    contact: Row,
    opportunities: Sequence[Row],
    *,
    eeo: Sequence[Row] = (),
    wants_eeo: bool = False,
    wanted: Collection[str] = (),
) -> PersonRecord | Gone:
    """Links and tags stand with the opportunities: those of all of them are the person's. Of answers to a form's
    questions only those to `wanted` ones are taken, which somebody chose."""
    if contact.get("isAnonymized"):
        return Gone(what=Kind.PERSON, id=contact["id"], how=How.ANONYMISED)
    custom, called = own_fields(_answers(opportunities, wants_eeo=wants_eeo), wants_eeo=wants_eeo)
    fields = PersonFields(
        name=text(contact.get("name")),
        headline=text(contact.get("headline")),
        location=text((contact.get("location") or {}).get("name")),
        emails=tuple(filter(None, map(text, contact.get("emails") or ()))),
        phones=tuple(text(one["value"]) for one in contact.get("phones") or () if one.get("value")),
        links=gathered(opportunities, "links"),
        custom={key: value for key, value in custom.items() if key in wanted},
    )
    tags = tuple(each for each in gathered(opportunities, "tags") if not each.startswith(MARK))
    raw = {name: contact[name] for name in KEPT if name in contact} | ({"eeo": list(eeo)} if eeo else {})
    return PersonRecord(id=contact["id"], fields=fields, tags=tags, called=called, raw=raw)


def _answers(opportunities: Sequence[Row], *, wants_eeo: bool) -> Iterator[tuple[str, str, Any]]:
    """Of the forms that somebody filled in when applying, by what is asked; the latest counts. A form as a whole may be
    on equal opportunity."""
    for row in opportunities:
        for applied in row.get("applications") or ():
            for form in applied.get("customQuestions") or () if isinstance(applied, Mapping) else ():
                if not wants_eeo and is_on_equal_opportunity(text(form.get("text"))):
                    continue
                for one in form.get("fields") or ():
                    if asked := text(one.get("text")):
                        yield asked, asked, one.get("value")


def gathered(opportunities: Sequence[Row], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text(each) for row in opportunities for each in row.get(name) or ()))


def application(row: Row, stages: Names, reasons: Mapping[str, Row]) -> ApplicationRecord:
    """`applications` has to be expanded: it says for which posting it is, and since when."""
    archived = row.get("archived") or {}
    reason = reasons.get(text(archived.get("reason")), {})
    posted = next((one for one in row.get("applications") or () if isinstance(one, Mapping)), {})
    stage = id_of(row.get("stage"))
    moves = [one["updatedAt"] for one in row.get("stageChanges") or () if one.get("updatedAt")]
    return ApplicationRecord(
        id=row["id"],
        updated_at=moment(row.get("updatedAt")),
        person=id_of(row["contact"]),
        job=id_of(posted.get("posting")),
        stage=stage,
        stage_name=stages.get(stage, ""),
        state=state_of(archived, reason),
        reason=text(reason.get("text")) if archived and reason.get("type") != HIRED else "",
        applied_at=moment(posted.get("createdAt") or row.get("createdAt")),
        moved_at=moment(archived.get("archivedAt") or max(moves, default=row.get("createdAt"))),
    )


def state_of(archived: Row, reason: Row) -> ApplicationState:
    if not archived:
        return ApplicationState.OPEN
    if reason.get("type") == HIRED:
        return ApplicationState.HIRED
    return ApplicationState.WITHDRAWN if THEIRS.search(text(reason.get("text"))) else ApplicationState.REJECTED


def steps(row: Row, stages: Names) -> Iterable[StepRecord]:
    """Every change of stage comes with its opportunity."""
    for one in row.get("stageChanges") or ():
        stage = text(one.get("toStageId"))
        yield StepRecord(
            id=f"{row['id']}:{one.get('updatedAt')}:{stage}",
            what=Kind.STEP,
            application=row["id"],
            words=stages.get(stage, ""),
            at=moment(one.get("updatedAt")),
        )


def job(row: Row, users: Names) -> JobRecord:
    categories, content = row.get("categories") or {}, row.get("content") or {}
    people = [users.get(id_of(row.get(name)), "") for name in ("owner", "hiringManager")]
    return JobRecord(
        id=row["id"],
        updated_at=moment(row.get("updatedAt")),
        title=text(row.get("text")),
        is_open=row.get("state") in ("published", "internal"),
        location=text(categories.get("location")),
        department=text(categories.get("department") or categories.get("team")),
        family=text(categories.get("team")),
        text=text(content.get("descriptionHtml") or content.get("description")),
        apply_url=text((row.get("urls") or {}).get("apply")),
        team=tuple(dict.fromkeys(filter(None, people))),
        opened_at=moment(row.get("createdAt")),
    )


def lookup(what: Kind, row: Row) -> Lookup:
    """Of sources and tags the word is the id."""
    name = text(row.get("text") or row.get("name"))
    return Lookup(id=text(row.get("id")) or name, what=what, name=name, email=text(row.get("email")))


def note(opportunity: Row, row: Row, users: Names) -> Change:
    key = f"{opportunity['id']}:{row['id']}"
    if row.get("deletedAt"):
        return Gone(what=Kind.NOTE, id=key, how=How.DELETED, at=moment(row["deletedAt"]))
    return NoteRecord(
        id=key,
        person=id_of(opportunity["contact"]),
        text=note_text(row),
        author=users.get(id_of(row.get("user")), ""),
        at=moment(row.get("createdAt")),
    )


def note_text(row: Row) -> str:
    """With its comments, which are fields of it."""
    parts = [text(one.get("value")) for one in row.get("fields") or () if one.get("value")]
    return "\n\n".join(dict.fromkeys(parts)) or text(row.get("text"))


def file(opportunity: Row, row: Row) -> FileRecord:
    """A résumé holds its file."""
    inner = row.get("file") or row
    return FileRecord(
        id=f"{opportunity['id']}:{row['id']}",
        person=id_of(opportunity["contact"]),
        name=text(inner.get("name")),
        url=text(inner.get("downloadUrl")),
        is_resume="file" in row,
        at=moment(inner.get("uploadedAt") or row.get("createdAt")),
    )


def offer(opportunity: Row, row: Row, users: Names) -> StepRecord:
    at = moment(row.get("sentAt") or row.get("createdAt"))
    return step(Kind.OFFER, opportunity, row, words=text(row.get("status")).replace("-", " ").capitalize(), at=at)


def interview(opportunity: Row, row: Row, users: Names) -> StepRecord:
    words = text(row.get("subject")) or "Interview"
    if row.get("canceledAt"):
        words += ": cancelled"
    return step(Kind.INTERVIEW, opportunity, row, words=words, at=moment(row.get("date") or row.get("createdAt")))


def scorecard(opportunity: Row, row: Row, users: Names) -> Change:
    if row.get("deletedAt"):
        return Gone(what=Kind.SCORECARD, id=f"{opportunity['id']}:{row['id']}", how=How.DELETED)
    scores = [text(one.get("value")) for one in row.get("fields") or () if "score" in text(one.get("type"))]
    words = ": ".join(filter(None, (users.get(id_of(row.get("user")), ""), ", ".join(filter(None, scores)))))
    at = moment(row.get("completedAt") or row.get("createdAt"))
    return step(Kind.SCORECARD, opportunity, row, words=words or text(row.get("text")), at=at)


def step(what: Kind, opportunity: Row, row: Row, *, words: str, at: datetime | None) -> StepRecord:
    key = f"{opportunity['id']}:{row['id']}"
    return StepRecord(id=key, what=what, application=opportunity["id"], words=words, at=at)


def id_of(value: Any) -> str:
    """Of what may be expanded, or not."""
    return text(value.get("id")) if isinstance(value, Mapping) else text(value)


def moment(milliseconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def text(said: Any) -> str:
    return "" if said is None else str(said)
