"""What is said of a person, by sources and by edits of people here, and when two spellings are one value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from talentpool.custom_values import CustomTypes
from talentpool.identity.emails import clean_email, email_key
from talentpool.identity.links import clean_link, same_page
from talentpool.identity.phones import clean_phone
from talentpool.identity.rules import Rights
from talentpool.person import Education, PersonFields, Position

NO_TYPES: CustomTypes = {}
SCALARS = ("headline", "summary", "birth_date", "salary", "availability", "remote", "relocate")
NAMES = ("name", "given_name", "family_name")
LISTS = (
    *("emails", "phones", "links", "skills", "languages", "certificates"),
    *("interests", "wanted_places", "permits"),
)
CAREERS: Mapping[str, type[Position] | type[Education]] = {"positions": Position, "education": Education}
EDITABLE = (*NAMES, *SCALARS, "location", "country", *LISTS, *CAREERS)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one profile says. `record` names the record at its source where the source numbers them, `kind` is the
    source's kind, `rights` who is right where an edit says something else, by group of fields."""

    profile_id: int
    fields: PersonFields
    observed_at: datetime
    trust: int = 50
    record: str = ""
    kind: str = ""
    rights: Rights = field(default_factory=dict)

    @property
    def ref(self) -> str:
        return f"p{self.profile_id}"


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody here said of one field: a text, or {"add": […], "remove": […]} of a list. `by_source` is the
    profile of a source whose word counts as much."""

    edit_id: int
    field: str
    value: Any
    at: datetime
    by_source: str = ""

    @property
    def ref(self) -> str:
        return self.by_source or f"e{self.edit_id}"


def latest_states(statements: Iterable[Statement]) -> list[Statement]:
    """Without earlier states of a record that its source has replaced."""
    latest: dict[str, Statement] = {}
    for each in statements:
        key = each.record or each.ref
        known = latest.get(key)
        if known is None or (each.observed_at, each.profile_id) > (known.observed_at, known.profile_id):
            latest[key] = each
    return list(latest.values())


def value_key(field_name: str, text: str, region: str = "") -> str:
    """What two spellings of one value have in common; empty where the text is no such value."""
    return spelling(field_name, text, region)[0]


def spelling(field_name: str, text: str, region: str) -> tuple[str, str]:
    """The key of a value of a list, and the value as it is shown."""
    text = " ".join(text.split())
    if field_name == "emails":
        clean = clean_email(text)
        return email_key(clean) or clean, clean
    if field_name == "phones":
        clean = clean_phone(text, region) or (text[:40] if sum(map(str.isdigit, text)) >= 5 else "")
        return clean, clean
    if field_name == "links":
        return same_page(text), clean_link(text)
    if field_name == "permits":  # of one country the best source's word counts
        return text[:2], text
    return text.casefold(), text
