"""People as the API takes and shows them."""

from datetime import datetime
from typing import Any, Literal, Self

from ninja import Field, Schema
from pydantic import model_validator

from talentpool.api.words import Line, Lines, PartialDate, Prose
from talentpool.models import Candidate
from talentpool.person import PersonFields

MOST_ENTRIES = 100


class PositionIn(Schema):
    employer: Line = ""
    title: Line = ""
    start: PartialDate = ""
    end: PartialDate = ""
    current: bool = False
    location: Line = ""
    text: Prose = ""


class EducationIn(Schema):
    school: Line = ""
    degree: Line = ""
    area: Line = ""
    start: PartialDate = ""
    end: PartialDate = ""


class PersonIn(Schema):
    """What a source says of a person. It becomes one more profile of whoever shares an identity key with it."""

    name: Line = ""
    given_name: Line = ""
    family_name: Line = ""
    headline: Line = ""
    summary: Prose = ""
    emails: Lines = []
    phones: Lines = []
    links: Lines = []
    location: Line = ""
    country: str = Field("", pattern=r"^([A-Z]{2})?$", description="Two letters, ISO 3166")
    positions: list[PositionIn] = Field([], max_length=MOST_ENTRIES)
    education: list[EducationIn] = Field([], max_length=MOST_ENTRIES)
    skills: Lines = []
    languages: Lines = []
    certificates: Lines = []

    def fields(self) -> PersonFields:
        said: dict[str, Any] = self.model_dump(include=set(PersonIn.model_fields))
        return PersonFields.from_json(said)


class CandidateIn(PersonIn):
    source: Line = Field("API", min_length=1, max_length=120, description="The source's name; made if there is none.")
    external_id: Line = Field("", max_length=200, description="The person's id at that source.")
    observed_at: datetime | None = Field(None, description="When this was true; now, unless you say.")

    @model_validator(mode="after")
    def names_somebody(self) -> Self:
        if not (self.name or self.given_name or self.family_name or self.emails or self.phones):
            raise ValueError("A record needs a name, an e-mail address or a telephone number.")
        return self


class ListChange(Schema):
    add: Lines = Field([], description="Put first, also when it is there already.")
    remove: Lines = []


class CandidateChange(Schema):
    """Values as somebody here says them; they win over every source until they are withdrawn."""

    name: Line | None = None
    given_name: Line | None = None
    family_name: Line | None = None
    headline: Line | None = None
    summary: Prose | None = None
    location: Line | None = None
    emails: ListChange | None = None
    phones: ListChange | None = None
    links: ListChange | None = None
    skills: ListChange | None = None
    languages: ListChange | None = None
    certificates: ListChange | None = None


class PositionOut(PositionIn):
    pass


class EducationOut(EducationIn):
    pass


class ContactPoint(Schema):
    kind: Literal["email", "phone", "link"]
    value: str


class CandidateOut(Schema):
    id: int
    name: str
    given_name: str
    family_name: str
    headline: str
    summary: str
    current_title: str
    current_employer: str
    location: str
    country: str
    email: str
    phone: str
    contact_points: list[ContactPoint]
    positions: list[dict[str, object]]
    education: list[dict[str, object]]
    skills: list[str]
    languages: list[str]
    certificates: list[str]
    tags: list[str]
    warmth: int = Field(description="0 cold to 4 hot; ask for the relationship to hear why.")
    contact_state: str = Field(description="may_write, in_process, no_consent, unsubscribed, bounced, no_address")
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_tags(person: Candidate) -> list[str]:
        return sorted({each.tag.name for each in person.candidatetag_set.all()})


class ReceivedOut(Schema):
    outcome: Literal["new", "updated", "unchanged"]
    candidate: CandidateOut


class ReasonOut(Schema):
    label: str
    html: str = Field(description="The text with what was asked for in <mark>.")


class HitOut(Schema):
    candidate: CandidateOut
    reasons: list[ReasonOut]


class SearchOut(Schema):
    items: list[HitOut]
    next_cursor: str | None
    total: int
    total_is_estimate: bool
    engine: str
