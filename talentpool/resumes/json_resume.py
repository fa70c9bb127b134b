"""JSON Resume (jsonresume.org/schema) as PersonFields.

Every value may be missing or of another type than the schema says; neither stops the rest.
"""

import re
from collections.abc import Iterable
from typing import Any

from talentpool.person import Education, PersonFields, Position

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_PRESENT = frozenset({"present", "current", "now", "today", "heute", "ongoing"})


def is_json_resume(document: Any) -> bool:
    return isinstance(document, dict) and (
        isinstance(document.get("basics"), dict) or isinstance(document.get("work"), list)
    )


def fields_of_json_resume(document: dict[str, Any]) -> PersonFields:
    basics = _mapping(document.get("basics"))
    place = _mapping(basics.get("location"))
    return PersonFields(
        name=_text(basics.get("name")),
        headline=_text(basics.get("label")),
        summary=_text(basics.get("summary")),
        emails=_texts([basics.get("email")]),
        phones=_texts([basics.get("phone")]),
        links=_texts(_links(basics)),
        location=", ".join(_texts([place.get("city"), place.get("region")])),
        country=_text(place.get("countryCode")).upper()[:2],
        positions=tuple(_position(each) for each in _mappings(document.get("work"))),
        education=tuple(_education(each) for each in _mappings(document.get("education"))),
        skills=tuple(dict.fromkeys(_skills(document))),
        languages=tuple(dict.fromkeys(_languages(document))),
        certificates=_texts(each.get("name") for each in _mappings(document.get("certificates"))),
    )


def text_of_json_resume(document: dict[str, Any]) -> str:
    """All words of the document, in its order, for the search."""
    return "\n".join(_words(document))


def _position(work: dict[str, Any]) -> Position:
    end = _text(work.get("endDate"))
    return Position(
        employer=_text(work.get("name")) or _text(work.get("company")),
        title=_text(work.get("position")),
        start=_date(work.get("startDate")),
        end=_date(end),
        current=bool(_date(work.get("startDate"))) and (not end or end.lower() in _PRESENT),
        location=_text(work.get("location")),
        text="\n".join(_texts([work.get("summary"), *_list(work.get("highlights"))])),
    )


def _education(school: dict[str, Any]) -> Education:
    return Education(
        school=_text(school.get("institution")),
        degree=_text(school.get("studyType")),
        area=_text(school.get("area")),
        start=_date(school.get("startDate")),
        end=_date(school.get("endDate")),
    )


def _skills(document: dict[str, Any]) -> Iterable[str]:
    """A skill with keywords is a group: its keywords are the skills, its name one too."""
    for skill in _list(document.get("skills")):
        if isinstance(skill, str):
            yield from _texts([skill])
        else:
            yield from _texts([_mapping(skill).get("name"), *_list(_mapping(skill).get("keywords"))])


def _languages(document: dict[str, Any]) -> Iterable[str]:
    for each in _mappings(document.get("languages")):
        language, fluency = _text(each.get("language")), _text(each.get("fluency"))
        if language:
            yield f"{language} ({fluency})" if fluency else language


def _links(basics: dict[str, Any]) -> list[Any]:
    return [basics.get("url"), basics.get("website"), *(each.get("url") for each in _mappings(basics.get("profiles")))]


def _words(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in ("$schema", "meta", "image", "picture"):
                yield from _words(each)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)


def _date(value: Any) -> str:
    match = _DATE.match(_text(value))
    return "-".join(part for part in match.groups() if part) if match else ""


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for value in values if (text := _text(value))))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [each for each in _list(value) if isinstance(each, dict)]
