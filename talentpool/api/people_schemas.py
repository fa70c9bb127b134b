"""People as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from ninja import Field, Schema
from pydantic import model_validator

from talentpool.api.custom_values import CustomValue, custom_texts, types_shown
from talentpool.api.words import Line, Lines, PartialDate, Prose
from talentpool.custom_values import PREFIX
from talentpool.models import Candidate
from talentpool.models.candidate import CandidateQuerySet
from talentpool.person import PersonFields
from talentpool.wishes import WISHES, read_wish

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


class WishesIn(Schema):
    """What a person wants of work. Answered in the forms that are named here; other ways of writing are read, too."""

    interests: Lines = Field([], description="Kinds of work.")
    wanted_places: Lines = []
    salary: Line = Field("", description="ISO 4217 and a period: EUR 60000-70000 year, USD 55 hour")
    availability: Line = Field("", description="2027-01-15, 2027-01, 3 months (after giving notice), or now")
    remote: Line = Field("", description="remote, hybrid or office")
    relocate: Line = Field("", description="yes or no")
    permits: Lines = Field([], description="ISO 3166, kind, until: DE citizen, US visa 2027-05, GB sponsor")

    @model_validator(mode="after")
    def can_be_read(self) -> Self:
        for name in WISHES:
            said = getattr(self, name)
            read = [read_wish(name, text) for text in (said if isinstance(said, list) else [said] if said else [])]
            if not all(read):
                raise ValueError(f"{name} can't be read: {said}")
            setattr(self, name, read if isinstance(said, list) else "".join(read))
        return self


CustomIn = dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")], CustomValue | None]


class PersonIn(WishesIn):
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
    custom: CustomIn = Field({}, description="The organisation's own fields by key; GET /custom-fields lists them.")

    def fields(self) -> PersonFields:
        said: dict[str, Any] = self.model_dump(include=set(PersonIn.model_fields))
        return PersonFields.from_json(said | {"custom": custom_texts(self.custom)})


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
    interests: ListChange | None = None
    wanted_places: ListChange | None = None
    permits: ListChange | None = None
    salary: Line | None = None
    availability: Line | None = None
    remote: Line | None = None
    relocate: Line | None = None
    custom: CustomIn | None = Field(None, description="By key; null or an empty text empties a field.")

    def changes(self) -> dict[str, Any]:
        """Only what was sent."""
        said = {name: value for name, value in self.model_dump(exclude_unset=True).items() if value is not None}
        custom = said.pop("custom", {})
        emptied = {key: "" for key, value in custom.items() if value is None}
        texts = custom_texts(custom, refuse=True) | emptied
        return said | {PREFIX + key: text for key, text in texts.items()}


class PositionOut(PositionIn):
    pass


class EducationOut(EducationIn):
    pass


class ContactPoint(Schema):
    kind: Literal["email", "phone", "link"]
    value: str


class WishesOut(Schema):
    interests: list[str] = []
    wanted_places: list[str] = []
    salary: str = ""
    availability: str = ""
    remote: str = ""
    relocate: str = ""
    permits: list[str] = []


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
    wants: WishesOut
    custom: dict[str, Any] = Field(description="By key, as GET /custom-fields says; only what the member may see.")
    tags: list[str]
    warmth: int = Field(description="0 cold to 4 hot; ask for the relationship to hear why.")
    contact_state: str = Field(description="may_write, in_process, no_consent, unsubscribed, bounced, no_address")
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_tags(person: Candidate) -> list[str]:
        return sorted({each.tag.name for each in person.candidatetag_set.all()})

    @staticmethod
    def resolve_custom(person: Candidate, context: Any) -> dict[str, Any]:
        if not person.custom:
            return {}
        types = types_shown(context["request"])
        return {key: kind.plain(kept) for key, kind in types.items() if (kept := person.custom.get(key))}


class MergedOut(Schema):
    merged_into: int = Field(description="The candidate that this one is part of now.")


class ReceivedOut(Schema):
    outcome: Literal["new", "updated", "unchanged"]
    candidate: CandidateOut


class ReasonOut(Schema):
    label: str
    html: str = Field(description="The text with what was asked for in <mark>.")
    note: str = Field(description="That the text has another name of what was asked for.")


class OtherNameOut(Schema):
    typed: str
    name: str
    is_narrower: bool


class HitOut(Schema):
    candidate: CandidateOut
    reasons: list[ReasonOut]


class SearchOut(Schema):
    items: list[HitOut]
    next_cursor: str | None
    total: int
    total_is_estimate: bool
    engine: str
    other_names: list[OtherNameOut] = Field(
        description="Names that were searched for too; with `exactly`, those that would be."
    )


class PartOut(Schema):
    depth: int = Field(description="0 for a part of the whole, 1 for a part of such a part, …")
    words: str
    holds: bool
    decides: bool = Field(description="Whether the candidate is shut out by this part.")
    left_out: bool = Field(description="Too common a word, which nobody is asked for.")


class WhyNotOut(Schema):
    matches: bool = Field(description="Whether the candidate as they are now is what the search asks for.")
    found: bool = Field(description="Whether the index says so.")
    index_is_current: bool
    parts: list[PartOut]


def shown_people() -> CandidateQuerySet:
    """With what CandidateOut shows of each, in two queries."""
    return Candidate.objects.present().with_contact_state().prefetch_related("candidatetag_set__tag")
