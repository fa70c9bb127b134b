"""What one source says about a person, in the words that every source speaks.

A résumé, a row of a spreadsheet, a record of another system and a public form all become a PersonFields before
anything else looks at them; identity, consolidation and search know no other shape. It stands apart from the models
because parsers run in processes that have no database.
Dates are as exact as the source was: "2019", "2019-04" or "2019-04-30".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Position:
    """One job of a work history; `current` means that it has not ended, an empty `end` alone means nothing."""

    employer: str = ""
    title: str = ""
    start: str = ""
    end: str = ""
    current: bool = False
    location: str = ""
    text: str = ""

    def to_json(self) -> dict[str, Any]:
        return _filled(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**_known(cls, stored))


@dataclass(frozen=True, slots=True)
class Education:
    """One school with what was learnt there."""

    school: str = ""
    degree: str = ""
    area: str = ""
    start: str = ""
    end: str = ""

    def to_json(self) -> dict[str, Any]:
        return _filled(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**_known(cls, stored))


@dataclass(frozen=True, slots=True)
class PersonFields:
    """All that a source may say about a person; what it doesn't say is empty, never None.

    `country` is a two-letter ISO code. What the person wants has the forms of `talentpool.wishes`; `custom` holds the
    organisation's own fields by key, and columns of tables under their headings, as they came.
    """

    name: str = ""
    given_name: str = ""
    family_name: str = ""
    headline: str = ""
    summary: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    location: str = ""
    country: str = ""
    birth_date: str = ""
    positions: tuple[Position, ...] = ()
    education: tuple[Education, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    wanted_places: tuple[str, ...] = ()
    salary: str = ""
    availability: str = ""
    remote: str = ""
    relocate: str = ""
    permits: tuple[str, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Only what is filled, in JSON's own types, so that it can be stored and compared."""
        return _filled(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The inverse of to_json; names that this version doesn't know are left out."""
        values = _known(cls, stored)
        values["positions"] = tuple(Position.from_json(each) for each in values.get("positions", ()))
        values["education"] = tuple(Education.from_json(each) for each in values.get("education", ()))
        values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return cls(**values)


def _filled(record: Any) -> dict[str, Any]:
    values = ((name, getattr(record, name)) for name in NAMES[type(record)])
    return {name: value if type(value) is str else plain(value) for name, value in values if value}


def plain(value: Any) -> Any:
    """A value of a PersonFields in JSON's own types."""
    if type(value) is tuple:
        return [each if type(each) is str else each.to_json() for each in value]
    return value if isinstance(value, str | bool) else dict(value)


def _known(cls: type[Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    names = NAMES[cls]
    return {name: value for name, value in stored.items() if name in names}


# Looked up for every record of an import, for which asking the dataclass anew is too slow.
NAMES = {cls: tuple(each.name for each in fields(cls)) for cls in (Position, Education, PersonFields)}
