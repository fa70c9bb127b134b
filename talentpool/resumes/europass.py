"""Europass CVs as XML: the SkillsPassport of 2013 and the Candidate of 2020.

Elements are found by their own names, whatever name space they come from. A document that declares entities is refused:
no Europass file does, and those that do mean harm.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from talentpool.person import Education, PersonFields, Position
from talentpool.resumes.outcome import ResumeError, Unreadable

Element = ElementTree.Element
_TAG = re.compile(r"<[^>]{1,200}>")


def is_europass(start: bytes) -> bool:
    return b"SkillsPassport" in start or (b"<Candidate" in start and b"europass" in start)


def read_europass(data: bytes) -> tuple[str, PersonFields]:
    """The words of the document, and what they say."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ResumeError(Unreadable.DAMAGED)
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - entities are refused above
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ResumeError(Unreadable.DAMAGED) from error
    fields = _of_candidate(root) if _name(root) == "Candidate" else _of_passport(root)
    return "\n".join(_words(root)), fields


def _of_passport(root: Element) -> PersonFields:
    person = _first(root, "Identification")
    languages = [
        _text(_first(each, "Description"))
        for each in (*_all(root, "MotherTongue"), *_all(root, "ForeignLanguage"))
        if _first(each, "Description") is not None
    ]
    contact = _first(person, "ContactInfo")
    return PersonFields(
        name=" ".join(filter(None, (_said(person, "FirstName"), _said(person, "Surname")))),
        headline=_text(_first(_first(root, "Headline"), "Description")),
        emails=tuple(filter(None, [_said(_first(contact, "Email"), "Contact")])),
        phones=tuple(filter(None, (_said(each, "Contact") for each in _all(contact, "Telephone")))),
        links=tuple(filter(None, (_said(each, "Contact") for each in _all(contact, "Website")))),
        location=_said(_first(contact, "Address"), "Municipality"),
        country=_said(_first(_first(contact, "Address"), "Country"), "Code")[:2].upper(),
        positions=tuple(_position(each) for each in _all(root, "WorkExperience")),
        education=tuple(_education(each) for each in _all(root, "Education")),
        skills=tuple(dict.fromkeys(_skills(root))),
        languages=tuple(dict.fromkeys(filter(None, languages))),
        certificates=(),
    )


def _position(work: Element) -> Position:
    return Position(
        employer=_said(_first(work, "Employer"), "Name"),
        title=_text(_first(work, "Position")),
        start=_date(_first(work, "From")),
        end=_date(_first(work, "To")),
        current=_said(work, "Current").lower() == "true",
        location=_said(_first(work, "Employer"), "Municipality"),
        text=_plain(_text(_first(work, "Activities"))),
    )


def _education(school: Element) -> Education:
    return Education(
        school=_said(_first(school, "Organisation"), "Name"),
        degree=_text(_first(school, "Title")),
        start=_date(_first(school, "From")),
        end=_date(_first(school, "To")),
    )


def _skills(root: Element) -> Iterator[str]:
    for kind in ("Computer", "JobRelated"):
        for each in _all(root, kind):
            for part in re.split(r"[,;\n•]|<[^>]{1,200}>", _text(_first(each, "Description"))):
                if 1 < len(part.strip()) <= 60:
                    yield part.strip()


def _of_candidate(root: Element) -> PersonFields:
    person = _first(root, "CandidatePerson")
    channels = list(_all(person, "Communication"))
    profile = _first(root, "CandidateProfile")
    return PersonFields(
        name=" ".join(filter(None, (_said(person, "GivenName"), _said(person, "FamilyName")))),
        summary=_plain(_said(profile, "ExecutiveSummary")),
        emails=tuple(each for channel in channels if "@" in (each := _said(channel, "URI"))),
        phones=tuple(filter(None, map(_number, channels))),
        links=tuple(each for channel in channels if (each := _said(channel, "URI")).startswith("http")),
        location=next(filter(None, (_said(channel, "CityName") for channel in channels)), ""),
        country=next(filter(None, (_said(channel, "CountryCode") for channel in channels)), "")[:2].upper(),
        positions=tuple(_posts(profile)),
        education=tuple(
            Education(
                school=_said(each, "OrganizationName"),
                degree=_said(each, "DegreeName"),
                start=_day(_first(each, "StartDate")),
                end=_day(_first(each, "EndDate")),
            )
            for each in _all(profile, "EducationOrganizationAttendance")
        ),
        skills=tuple(
            dict.fromkeys(filter(None, (_said(each, "CompetencyName") for each in _all(profile, "PersonCompetency"))))
        ),
        certificates=tuple(filter(None, (_said(each, "CertificationName") for each in _all(profile, "Certification")))),
    )


def _posts(profile: Element | None) -> Iterator[Position]:
    for history in _all(profile, "EmployerHistory"):
        for post in _all(history, "PositionHistory"):
            yield Position(
                employer=_said(history, "OrganizationName"),
                title=_said(post, "PositionTitle"),
                start=_day(_first(post, "StartDate")),
                end=_day(_first(post, "EndDate")),
                current=_said(post, "CurrentIndicator").lower() == "true",
                location=_said(post, "CityName"),
                text=_plain(_said(post, "Description")),
            )


def _number(channel: Element) -> str:
    dialled = _said(channel, "DialNumber")
    code = _said(channel, "CountryDialing").lstrip("+")
    return f"+{code} {dialled}" if dialled and code else dialled


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Element | None, name: str) -> Iterator[Element]:
    if element is not None:
        yield from (each for each in element.iter() if _name(each) == name and each is not element)


def _first(element: Element | None, name: str) -> Element | None:
    return next(_all(element, name), None)


def _said(element: Element | None, name: str) -> str:
    return _text(_first(element, name))


def _text(element: Element | None) -> str:
    """What an element says; of one with a code and a label the label."""
    if element is None:
        return ""
    label = next((each for each in element if _name(each) == "Label"), element)
    return " ".join(" ".join(label.itertext()).split())


def _plain(text: str) -> str:
    return " ".join(_TAG.sub(" ", text).split())


def _date(element: Element | None) -> str:
    """`<From year="2012" month="--03"/>`."""
    if element is None or not re.fullmatch(r"\d{4}", element.get("year", "")):
        return ""
    month = re.search(r"\d{1,2}", element.get("month", ""))
    return element.get("year", "") + (f"-{int(month.group()):02d}" if month else "")


def _day(element: Element | None) -> str:
    match = re.search(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", _text(element))
    return match.group() if match else ""


def _words(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.text and (said := _plain(element.text)):
            yield said
