"""Rows of Odoo as records of ours. What is empty comes as False, a reference as `[id, name]`, a time in UTC.

From addons/hr_recruitment of odoo/odoo, 15 to 19. Only in 18 a person has a row of its own (`hr.candidate`); before and
after, each application is a person, and identity brings together those that are one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import getaddresses
from typing import Any
from urllib.parse import urljoin

from ats_sync.providers._odoo_rpc import Row
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
from talentpool.models import ApplicationState, Phase
from talentpool.person import Education, PersonFields

FORMAT = "%Y-%m-%d %H:%M:%S"
APPLICANT, CANDIDATE = "hr.applicant", "hr.candidate"
ABOUT_PERSON = (
    *("partner_name", "email_from", "partner_phone", "partner_mobile", "linkedin_profile", "type_id"),
    *("availability", "salary_expected"),
)
PERSON_FIELDS = (*ABOUT_PERSON, "categ_ids", "write_date")
APPLICATION_FIELDS = (
    *("candidate_id", "job_id", "stage_id", "active", "refuse_reason_id", "refuse_date", "date_closed"),
    *("date_last_stage_update", "create_date", "write_date"),
)
JOB_FIELDS = (
    *("name", "active", "state", "department_id", "user_id", "recruiter_id", "address_id", "description"),
    *("website_url", "create_date", "write_date"),
)
OWN_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.DEPARTMENT: ("name", "complete_name", "write_date"),
    Kind.SOURCE: ("name", "write_date"),
    Kind.REASON: ("name", "template_id", "write_date"),
    Kind.USER: ("name", "email", "login", "write_date"),
    Kind.STAGE: ("name", "hired_stage", "fold", "template_id", "write_date"),
    Kind.JOB: JOB_FIELDS,
    Kind.PERSON: PERSON_FIELDS,
    Kind.APPLICATION: APPLICATION_FIELDS,
    Kind.NOTE: ("model", "res_id", "body", "author_id", "date", "write_date"),
    Kind.FILE: ("name", "res_model", "res_id", "create_date", "write_date"),
    Kind.INTERVIEW: ("name", "active", "applicant_id", "start", "location", "write_date"),
}
# In the words of the reasons that come with Odoo; others are mapped on the page of meanings, in whatever language.
_THEIR_OWN_WISH = re.compile(r"by (the )?(applicant|candidate)|withdr[ae]w", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a message or file is; `main` is the file that Odoo shows beside the person, her résumé."""

    person: str
    application: str = ""
    main: int = 0


def text(value: Any) -> str:
    return str(value) if value else ""


def key(reference: Any) -> str:
    return str(reference[0]) if reference else ""


def name(reference: Any) -> str:
    return str(reference[1]) if reference else ""


def moment(value: Any) -> datetime | None:
    return datetime.strptime(value, FORMAT).replace(tzinfo=UTC) if value else None


def is_hired(stage: Row) -> bool:
    """A stage says so itself; in versions that can't, it is the folded one."""
    return bool(stage["hired_stage"] if "hired_stage" in stage else stage.get("fold"))


def lookup(what: Kind, row: Row) -> Lookup:
    return Lookup(
        what=what,
        id=str(row["id"]),
        name=text(row.get("complete_name") or row.get("name")),
        phase=_meaning(what, row),
        email=text(row.get("email") or row.get("login")) if what == Kind.USER else "",
        mails=bool(row.get("template_id")),
        updated_at=moment(row.get("write_date")),
    )


def _meaning(what: Kind, row: Row) -> str:
    """Of a stage that it is that of the hired, of a reason that it is the applicant's own."""
    if what == Kind.STAGE and is_hired(row):
        return Phase.HIRED
    return Phase.WITHDRAWN if what == Kind.REASON and _THEIR_OWN_WISH.search(text(row.get("name"))) else ""


def job(row: Row, base: str) -> JobRecord:
    """An archived job is closed, and so is one that Odoo 15 calls “not recruiting”. When it was, is not kept."""
    path = text(row.get("website_url"))
    recruiter = name(row.get("user_id") or row.get("recruiter_id"))
    return JobRecord(
        id=str(row["id"]),
        title=text(row.get("name")),
        is_open=bool(row.get("active", True)) and row.get("state", "recruit") == "recruit",
        location=name(row.get("address_id")),
        department=name(row.get("department_id")),
        text=text(row.get("description")),
        apply_url=urljoin(base, path) if path and path != "#" else "",
        team=(recruiter,) if recruiter else (),
        opened_at=moment(row.get("create_date")),
        updated_at=moment(row.get("write_date")),
    )


def person(
    row: Row, tags: Mapping[int, str], own: Mapping[str, str] | None = None, *, wants_eeo: bool = False
) -> PersonRecord:
    """`own` are the organisation’s own fields, and what they are called."""
    custom, called = own_fields(
        ((each, label, _of_own(row.get(each))) for each, label in (own or {}).items()), wants_eeo=wants_eeo
    )
    addresses = [address for _, address in getaddresses([text(row.get("email_from"))]) if "@" in address]
    phones = [text(row.get("partner_phone")), text(row.get("partner_mobile"))]
    salary, degree = row.get("salary_expected"), name(row.get("type_id"))
    fields = PersonFields(
        name=text(row.get("partner_name")).strip(),
        emails=tuple(addresses),
        phones=tuple(dict.fromkeys(filter(None, phones))),
        links=tuple(filter(None, [text(row.get("linkedin_profile"))])),
        education=(Education(degree=degree),) if degree else (),
        salary=f"{salary:g}" if salary else "",
        availability=text(row.get("availability")),
        custom=custom,
    )
    labels = tuple(tags[each] for each in row.get("categ_ids") or () if each in tags)
    raw = {each: row[each] for each in ABOUT_PERSON if row.get(each)} | ({"tags": list(labels)} if labels else {})
    at = moment(row.get("write_date"))
    return PersonRecord(id=str(row["id"]), fields=fields, tags=labels, called=called, raw=raw, updated_at=at)


def _of_own(value: Any) -> Any:
    """Odoo says False for nothing, also where it is no truth; a record is its number and its name."""
    if value is False:
        return None
    return value[1] if isinstance(value, list | tuple) and len(value) == 2 and isinstance(value[1], str) else value


def application(row: Row, hired: frozenset[int]) -> ApplicationRecord:
    stage = row.get("stage_id")
    state = state_of(row, hired)
    return ApplicationRecord(
        id=str(row["id"]),
        person=key(row.get("candidate_id")) or str(row["id"]),
        job=key(row.get("job_id")),
        stage=key(stage),
        stage_name=name(stage),
        state=state,
        reason=name(row.get("refuse_reason_id")) if state == ApplicationState.REJECTED else "",
        reason_id=key(row.get("refuse_reason_id")) if state == ApplicationState.REJECTED else "",
        applied_at=moment(row.get("create_date")),
        moved_at=moment(_moved(row, state)),
        updated_at=moment(row.get("write_date")),
    )


def state_of(row: Row, hired: frozenset[int]) -> ApplicationState:
    """Refused is archived; whose wish it was, the reason's meaning says. Who is archived from the stage of the hired,
    without a reason, was hired all the same."""
    stage, reason = row.get("stage_id"), name(row.get("refuse_reason_id"))
    is_active = bool(row.get("active", True))
    if stage and stage[0] in hired and not (reason and not is_active):
        return ApplicationState.HIRED
    return ApplicationState.OPEN if is_active else ApplicationState.REJECTED


def _moved(row: Row, state: ApplicationState) -> Any:
    """Before 18 Odoo doesn't keep when it refused somebody: the last time the row was written is the latest it was."""
    if state == ApplicationState.REJECTED:
        return row.get("refuse_date") or row.get("write_date")
    closed = row.get("date_closed") if state == ApplicationState.HIRED else None
    return closed or row.get("date_last_stage_update") or row.get("create_date")


def note(row: Row, owner: Owner) -> NoteRecord:
    return NoteRecord(
        id=str(row["id"]),
        person=owner.person,
        text=text(row.get("body")),
        author=name(row.get("author_id")),
        at=moment(row.get("date")),
        updated_at=moment(row.get("write_date")),
    )


def file(row: Row, owner: Owner) -> FileRecord:
    """The address is none that a browser could open: `fetch` asks Odoo for the content."""
    return FileRecord(
        id=str(row["id"]),
        person=owner.person,
        name=text(row.get("name")),
        url=f"odoo:{row['id']}",
        is_resume=row["id"] == owner.main,
        at=moment(row.get("create_date")),
        updated_at=moment(row.get("write_date")),
    )


def interview(row: Row) -> StepRecord:
    words = ", ".join(filter(None, [text(row.get("name")), text(row.get("location"))]))
    return StepRecord(
        what=Kind.INTERVIEW,
        id=str(row["id"]),
        application=key(row.get("applicant_id")),
        words=words if row.get("active", True) else f"{words} (cancelled)",
        at=moment(row.get("start")),
        updated_at=moment(row.get("write_date")),
    )
