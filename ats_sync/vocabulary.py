"""What every applicant tracking system has, in our words. Providers speak these and nothing else.

Ids are the ATS's own, as text. Times are aware. What an ATS doesn't say is empty, never None but for times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from talentpool.models import ApplicationState
from talentpool.person import PersonFields


class Kind(models.TextChoices):
    """In the order of a load: what others point at comes first."""

    DEPARTMENT = "department", "Department"
    SOURCE = "source", "Source"
    REASON = "reason", "Reject reason"
    USER = "user", "User"
    STAGE = "stage", "Stage"
    FAMILY = "family", "Job family"
    FIELD = "field", "Field"
    JOB = "job", "Job"
    PERSON = "person", "Person"
    APPLICATION = "application", "Application"
    STEP = "step", "Stage change"
    NOTE = "note", "Note"
    FILE = "file", "File"
    OFFER = "offer", "Offer"
    INTERVIEW = "interview", "Interview"
    SCORECARD = "scorecard", "Scorecard"


# Words that an ATS lists, and those that are known only as soon as something has a value of them.
LOOKUPS = (Kind.DEPARTMENT, Kind.SOURCE, Kind.REASON, Kind.USER, Kind.STAGE)
UNLISTED = (Kind.FAMILY, Kind.FIELD)
OF_APPLICATION = (Kind.STEP, Kind.OFFER, Kind.INTERVIEW, Kind.SCORECARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`updated_at` is the ATS's own; of two versions of a record the later one holds."""

    kind: ClassVar[Kind]
    id: str
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Record):
    """A word that other records point at; `parent` is a stage's job where stages belong to one, `phase` what the ATS
    itself says a stage or a reject reason means (a talentpool Phase), `email` a user's. `mails` tells that the ATS
    writes to whoever comes to this stage or is rejected for this reason."""

    what: Kind
    name: str
    parent: str = ""
    phase: str = ""
    email: str = ""
    mails: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord(Record):
    kind = Kind.JOB
    title: str
    is_open: bool = True
    location: str = ""
    department: str = ""
    family: str = ""  # what the ATS itself sorts jobs by beside departments: a team, a category
    text: str = ""  # may be HTML
    apply_url: str = ""
    team: Sequence[str] = ()  # names
    opened_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord(Record):
    """`raw` is the record as it came, without what is none of our business (EEO answers, unless they are wanted).

    `fields.custom` has the ATS's own fields by its keys, and `called` what they are called there where a key says
    nothing. They are ours only where somebody said which of ours they are.
    """

    kind = Kind.PERSON
    fields: PersonFields
    tags: Sequence[str] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRecord(Record):
    """`stage` is an id of a Lookup where the ATS has one, `stage_name` what it is called. `job` may be empty: somebody
    in a prospect pool applies for nothing."""

    kind = Kind.APPLICATION
    person: str
    job: str = ""
    stage: str = ""
    stage_name: str = ""
    state: ApplicationState = ApplicationState.OPEN
    reason: str = ""
    reason_id: str = ""  # of a Lookup, where the ATS has one: its name may be another tomorrow, or in another language
    applied_at: datetime | None = None
    moved_at: datetime | None = None  # when it came to this stage or state


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecord(Record):
    kind = Kind.NOTE
    person: str
    text: str  # may be HTML
    author: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord(Record):
    """`url` may expire, so it is fetched at once; `application` where the file belongs to one."""

    kind = Kind.FILE
    person: str
    name: str
    url: str
    is_resume: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord(Record):
    """A change of stage (`words` is the stage it came to), an offer, an interview or a scorecard of an application;
    `words` say what is told of it."""

    what: Kind
    application: str
    words: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """That a record is no more. `into` is the id of the record that it was merged into."""

    what: Kind
    id: str
    how: "How"
    into: str = ""
    at: datetime | None = None


class How(models.TextChoices):
    DELETED = "deleted", "Deleted"
    MERGED = "merged", "Merged"
    ANONYMISED = "anonymised", "Anonymised"


Change = Lookup | JobRecord | PersonRecord | ApplicationRecord | NoteRecord | FileRecord | StepRecord | Gone


def kind_of(change: Change) -> Kind:
    return change.what if isinstance(change, Lookup | StepRecord | Gone) else change.kind


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of an ATS to the question what has changed.

    `place` is where the next page begins, empty on the last one. `since` is where the next round begins, when the ATS
    itself says so; else the time is taken at which this round began.
    """

    changes: Sequence[Change]
    place: str = ""
    since: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a webhook says: a change as a whole, or only which record to read (`change` None)."""

    what: Kind
    id: str
    change: Change | None = None
