"""What comes out of reading a résumé, also across the border of the process that reads it.

The border carries JSON and nothing else: a reader that a hostile file has taken over can then send wrong text, but no
objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Any, Self

from talentpool.person import PersonFields

CONFIDENT = 0.7  # from here a field is taken, below it is suggested


class Unreadable(StrEnum):
    """Why a file gave nothing, with the sentence for the one who sent it."""

    EMPTY = "empty", "The file is empty."
    TOO_LARGE = "too_large", "The file is larger than a résumé may be."
    UNKNOWN = "unknown", "This is no PDF, Word, OpenDocument, RTF, HTML, text, Europass or JSON Resume file."
    PROTECTED = "protected", "The file is protected by a password. Ask for a copy without one."
    DAMAGED = "damaged", "The file is damaged or incomplete and can’t be opened."
    PICTURES = "pictures", "The file holds only pictures, no text. Ask for the original document."
    TOO_LONG = "too_long", "The file has more pages than a résumé may have."
    TOO_HEAVY = "too_heavy", "Reading the file took more time or memory than one résumé may."

    sentence: str

    def __new__(cls, code: str, sentence: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


class ResumeError(Exception):
    """A résumé that can't be read; `reason.sentence` is for the user."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason.sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: characters of ParsedResume.text, and in a paged file the page and the box on it.

    Pages count from 1, 0 is a file without pages; the box is left, top, right, foot in points.
    """

    begin: int
    finish: int
    line: int
    page: int = 0
    box: tuple[float, ...] = ()

    def to_json(self) -> dict[str, Any]:
        place: dict[str, Any] = {"begin": self.begin, "finish": self.finish, "line": self.line}
        return place | ({"page": self.page, "box": list(self.box)} if self.page else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            stored["begin"], stored["finish"], stored["line"], stored.get("page", 0), tuple(stored.get("box", ()))
        )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value that the reader is not sure of.

    `value` has the shape that the field has in PersonFields.to_json(), one item where the field is a list.
    """

    field: str
    value: Any
    confidence: float
    passage: str
    place: Place | None = dataclass_field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        stored = {"field": self.field, "value": self.value, "confidence": self.confidence, "passage": self.passage}
        return stored | ({"place": self.place.to_json()} if self.place else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        place = Place.from_json(stored["place"]) if stored.get("place") else None
        return cls(stored["field"], stored["value"], stored["confidence"], stored["passage"], place)


@dataclass(frozen=True, slots=True)
class ParsedResume:
    """The text in reading order, the fields that are certain, and suggestions for those that are not.

    `confidence` gives 0 to 1 for each filled field and `places` where each of its values stands, in their order;
    `skill_years` says how long each skill shows in the dated jobs; `warnings` are sentences about what was left out.
    """

    text: str
    fields: PersonFields
    suggestions: tuple[Suggestion, ...] = ()
    confidence: Mapping[str, float] = dataclass_field(default_factory=dict)
    places: Mapping[str, tuple[Place, ...]] = dataclass_field(default_factory=dict)
    skill_years: Mapping[str, float] = dataclass_field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "fields": self.fields.to_json(),
            "suggestions": [each.to_json() for each in self.suggestions],
            "confidence": dict(self.confidence),
            "places": {name: [place.to_json() for place in places] for name, places in self.places.items()},
            "skill_years": dict(self.skill_years),
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            text=stored["text"],
            fields=PersonFields.from_json(stored["fields"]),
            suggestions=tuple(Suggestion.from_json(each) for each in stored["suggestions"]),
            confidence=dict(stored["confidence"]),
            places={name: tuple(map(Place.from_json, places)) for name, places in stored["places"].items()},
            skill_years=dict(stored["skill_years"]),
            warnings=tuple(stored["warnings"]),
        )
