"""What an applicant tracking system holds, in words of no vendor.

Every row has an `id` no other row of any table has, so that mixing up two kinds of ids shows at once. Times are
milliseconds since 1970. A list of contact points is `[{"value": …, "type": …}]` as the vendors have it.
"""

from dataclasses import dataclass, field
from typing import Any

Contact = dict[str, str]


@dataclass
class Row:
    id: int = 0
    created_at: int = 0
    updated_at: int = 0


@dataclass
class User(Row):
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    title: str = ""
    active: bool = True
    admin: bool = False
    service: bool = False  # an integration's, without an address
    employee_id: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass
class Department(Row):
    name: str = ""
    parent_id: int | None = None


@dataclass
class Office(Row):
    name: str = ""
    location: str = ""


@dataclass
class Source(Row):
    name: str = ""
    kind: str = ""  # Job boards, Referral, …


@dataclass
class RejectReason(Row):
    name: str = ""
    kind: str = "us"  # "us": we said no; "them": they withdrew
    default: bool = False  # came with the system


@dataclass
class Tag(Row):
    name: str = ""


@dataclass
class CustomField(Row):
    key: str = ""
    name: str = ""
    of: str = "candidate"  # candidate, application, job, offer
    type: str = "short_text"
    options: list[str] = field(default_factory=list)


@dataclass
class Pool(Row):
    name: str = ""
    stages: list[str] = field(default_factory=list)


@dataclass
class Stage(Row):
    """Of one job, or of all where `job_id` is None."""

    name: str = ""
    kind: str = "screening"  # applied, screening, interview, offer
    job_id: int | None = None
    position: int = 0
    active: bool = True


@dataclass
class Job(Row):
    title: str = ""
    status: str = "open"  # draft, open, closed
    location: str = ""
    department_id: int | None = None
    office_ids: list[int] = field(default_factory=list)
    recruiter_ids: list[int] = field(default_factory=list)
    coordinator_ids: list[int] = field(default_factory=list)
    hiring_manager_ids: list[int] = field(default_factory=list)
    text: str = ""
    apply_url: str = ""
    employment_type: str = "Full-time"
    requisition_id: str = ""
    openings: int = 1
    confidential: bool = False
    opened_at: int | None = None
    closed_at: int | None = None
    custom: dict[str, Any] = field(default_factory=dict)


@dataclass
class Candidate(Row):
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    company: str = ""
    location: str = ""
    emails: list[Contact] = field(default_factory=list)
    phones: list[Contact] = field(default_factory=list)
    links: list[Contact] = field(default_factory=list)  # type: website, linkedin, …
    addresses: list[Contact] = field(default_factory=list)
    employments: list[dict[str, Any]] = field(default_factory=list)  # id, company, title, start, end
    educations: list[dict[str, Any]] = field(default_factory=list)  # id, school, degree, discipline, start, end
    tags: list[str] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    source_id: int | None = None
    recruiter_id: int | None = None
    coordinator_id: int | None = None
    private: bool = False
    can_email: bool = True
    external_id: str = ""
    anonymised: bool = False
    last_activity_at: int = 0

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass
class Attachment(Row):
    candidate_id: int = 0
    application_id: int | None = None
    filename: str = ""
    kind: str = "resume"  # resume, cover_letter, other
    content_type: str = "application/octet-stream"
    content: bytes = b""


@dataclass
class Application(Row):
    """A prospect has no job; whether it has a pool is up to the system."""

    candidate_id: int = 0
    job_id: int | None = None
    pool_id: int | None = None
    prospect: bool = False
    stage_id: int | None = None
    status: str = "active"  # active, rejected, hired, withdrawn
    applied_at: int = 0
    rejected_at: int | None = None
    reject_reason_id: int | None = None
    hired_at: int | None = None
    starts_on: str | None = None
    source_id: int | None = None
    credited_to_id: int | None = None
    recruiter_id: int | None = None
    coordinator_id: int | None = None
    location: str = ""
    answers: list[dict[str, str]] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    last_activity_at: int = 0


@dataclass
class StageEntry(Row):
    """One stay of an application in a stage; the current one has no `left_at`."""

    application_id: int = 0
    stage_id: int = 0
    entered_at: int = 0
    left_at: int | None = None
    by_id: int | None = None


@dataclass
class Rejection(Row):
    application_id: int = 0
    reason_id: int | None = None
    at: int = 0
    by_id: int | None = None
    note: str = ""


@dataclass
class Note(Row):
    candidate_id: int = 0
    application_id: int | None = None
    author_id: int | None = None
    body: str = ""
    visibility: str = "public"  # public, private, admin
    kind: str = "note"  # note, email, system


@dataclass
class Offer(Row):
    application_id: int = 0
    version: int = 1
    status: str = "created"  # created, accepted, rejected, deprecated
    user_id: int | None = None
    sent_at: int | None = None
    resolved_at: int | None = None
    starts_on: str | None = None
    notes: str = ""
    custom: dict[str, Any] = field(default_factory=dict)


@dataclass
class Interview(Row):
    application_id: int = 0
    stage_id: int | None = None
    name: str = ""
    starts_at: int | None = None
    ends_at: int | None = None
    status: str = "scheduled"  # scheduled, complete, cancelled
    location: str = ""
    organizer_id: int | None = None
    interviewer_ids: list[int] = field(default_factory=list)


@dataclass
class Scorecard(Row):
    application_id: int = 0
    interview_id: int | None = None
    interviewer_id: int | None = None
    rating: str = "no_decision"  # definitely_not, no, mixed, yes, strong_yes, no_decision
    submitted_at: int | None = None
    answers: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Eeoc(Row):
    application_id: int = 0
    gender: str = ""
    race: str = ""
    veteran_status: str = ""
    disability_status: str = ""
    submitted_at: int = 0


@dataclass
class Tombstone(Row):
    """What is gone: `kind` and `gone_id`, and where it went when it was merged."""

    kind: str = "candidate"
    gone_id: int = 0
    candidate_id: int | None = None  # whose it was
    into_id: int | None = None
    at: int = 0


KINDS: dict[str, type[Row]] = {
    "users": User,
    "departments": Department,
    "offices": Office,
    "sources": Source,
    "reject_reasons": RejectReason,
    "tags": Tag,
    "custom_fields": CustomField,
    "pools": Pool,
    "stages": Stage,
    "jobs": Job,
    "candidates": Candidate,
    "attachments": Attachment,
    "applications": Application,
    "stage_entries": StageEntry,
    "rejections": Rejection,
    "notes": Note,
    "offers": Offer,
    "interviews": Interview,
    "scorecards": Scorecard,
    "eeoc": Eeoc,
    "tombstones": Tombstone,
}
TABLE_OF = {kind: name for name, kind in KINDS.items()}
