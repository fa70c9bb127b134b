"""A row of cells as a person, or the reason why it is none."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from nameparser import HumanName

from talentpool.custom_values import PREFIX
from talentpool.identity.emails import clean_email
from talentpool.intake.columns import KEEP, Field
from talentpool.intake.countries import country_code
from talentpool.person import Education, PersonFields, Position
from talentpool.wishes import read_wish

LONGEST_NAME = 300
_LONGEST_VALUE = {Field.HEADLINE: 500, Field.TITLE: 300, Field.EMPLOYER: 300, Field.LOCATION: 250}
_SEVERAL_MAILS = re.compile(r"[\s;,|]+")
_LIST = re.compile(r"\s*[;|\n•]\s*")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ].*)?$")
_EUROPEAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})$")


class RowProblem(Exception):
    """Why a row stays out, in words for its uploader."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    fields: PersonFields
    external_id: str
    raw: Mapping[str, str]


def person_of(cells: Sequence[str], headings: Sequence[str], columns: Sequence[str]) -> PersonRow:
    """`columns` says for each heading a Field, "custom" or nothing. Raises RowProblem."""
    _refuse_shape(cells, headings)
    raw = {heading: cell for heading, cell in zip(headings, cells, strict=False) if cell}
    values: dict[str, list[str]] = defaultdict(list)
    custom: dict[str, str] = {}
    for heading, column, cell in zip(headings, columns, cells, strict=False):
        if column == KEEP and cell:
            custom[heading[:100]] = cell
        elif column.startswith(PREFIX) and cell:
            custom.setdefault(column.removeprefix(PREFIX), cell)
        elif column and cell:
            values[column].append(cell)
    fields = _fields(values, custom)
    if not (fields.name or fields.emails or fields.phones or fields.links):
        raise RowProblem("No name, e-mail, phone or link")
    return PersonRow(fields, next(iter(values[Field.EXTERNAL_ID]), "")[:200], raw)


def _refuse_shape(cells: Sequence[str], headings: Sequence[str]) -> None:
    if len(cells) > len(headings) and any(cells[len(headings) :]):
        raise RowProblem(f"{len(cells)} cells, but the heading has {len(headings)}")
    if max(map(len, cells), default=0) > settings.IMPORT_MAX_CELL:
        raise RowProblem(f"A cell holds more than {settings.IMPORT_MAX_CELL:,} letters")


def _fields(values: Mapping[str, list[str]], custom: Mapping[str, str]) -> PersonFields:
    def one(field: Field) -> str:
        cells = values.get(field)
        if not cells:
            return ""
        value = " ".join(cells[0].split())
        return value[: _LONGEST_VALUE.get(field, len(value))]

    name, given, family = _names(one(Field.NAME), one(Field.GIVEN_NAME), one(Field.FAMILY_NAME))
    country = one(Field.COUNTRY)
    code = country_code(country)
    place = [one(Field.LOCATION), one(Field.REGION), country if not code else ""]
    return PersonFields(
        name=name,
        given_name=given,
        family_name=family,
        headline=one(Field.HEADLINE),
        summary=next(iter(values.get(Field.SUMMARY, [])), ""),
        emails=_emails(values.get(Field.EMAIL, [])),
        phones=tuple(dict.fromkeys(cell for cell in values.get(Field.PHONE, []) if sum(map(str.isdigit, cell)) >= 5)),
        links=_links(values.get(Field.LINK, [])),
        location=", ".join(filter(None, place)),
        country=code,
        birth_date=_date(one(Field.BIRTH_DATE)),
        positions=_positions(one(Field.TITLE), one(Field.EMPLOYER), _date(one(Field.START))),
        education=_education(one(Field.SCHOOL), one(Field.DEGREE), one(Field.AREA)),
        skills=_listed(values.get(Field.SKILLS, [])),
        languages=_listed(values.get(Field.LANGUAGES, [])),
        certificates=_listed(values.get(Field.CERTIFICATES, [])),
        interests=_listed(values.get(Field.INTERESTS, [])),
        wanted_places=_listed(values.get(Field.WANTED_PLACES, [])),
        salary=_salary(one(Field.SALARY), one(Field.CURRENCY)),
        availability=read_wish("availability", _date(said) or said) if (said := one(Field.AVAILABILITY)) else "",
        remote=read_wish("remote", said) if (said := one(Field.REMOTE)) else "",
        relocate=read_wish("relocate", said) if (said := one(Field.RELOCATE)) else "",
        permits=_permits(values.get(Field.PERMITS, [])),
        custom=custom,
    )


def _salary(pay: str, currency: str) -> str:
    """What can't be read as pay is left out; the row itself is kept as it came."""
    return read_wish("salary", f"{pay} {currency}".strip()) if pay else ""


def _permits(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(read for text in _listed(cells) if (read := read_wish("permits", text))))


def _names(name: str, given: str, family: str) -> tuple[str, str, str]:
    """Both ways: a full name is parted, parts are put together. Names without spaces (CJK) stay whole."""
    if not name:
        name = f"{given} {family}".strip()
    elif not (given or family) and " " in name.strip():
        parsed = HumanName(name)
        given, family = str(parsed.first), str(parsed.last)
        if "," in name and given and family:
            name = " ".join(filter(None, (given, str(parsed.middle), family, str(parsed.suffix))))
    if len(name) > LONGEST_NAME:
        raise RowProblem(f"The name is longer than {LONGEST_NAME} letters")
    return name, given[:150], family[:150]


def _emails(cells: Sequence[str]) -> tuple[str, ...]:
    """Several in a cell are fine.

    A cell of which none can be read keeps the row out, for its person could not be told apart.
    """
    addresses: list[str] = []
    for cell in cells:
        read = [address for part in _SEVERAL_MAILS.split(cell) if (address := clean_email(part))]
        if not read and cell.strip("-/. ").lower() not in ("", "n/a", "na", "none", "null", "keine", "unknown"):
            raise RowProblem("Not an e-mail address")
        addresses += read
    return tuple(dict.fromkeys(addresses))


def _links(cells: Sequence[str]) -> tuple[str, ...]:
    found = [part for cell in cells for part in cell.split() if "." in part and "@" not in part]
    return tuple(dict.fromkeys(link if "://" in link else f"https://{link}" for link in found if _is_web(link)))


def _is_web(link: str) -> bool:
    return "://" not in link or link.lower().startswith(("http://", "https://"))


def _positions(title: str, employer: str, start: str) -> tuple[Position, ...]:
    return (Position(employer=employer, title=title, start=start, current=True),) if title or employer else ()


def _education(school: str, degree: str, area: str) -> tuple[Education, ...]:
    return (Education(school=school, degree=degree, area=area),) if school or degree else ()


def _listed(cells: Sequence[str]) -> tuple[str, ...]:
    parts = [part for cell in cells for part in (_LIST.split(cell) if _LIST.search(cell) else cell.split(","))]
    return tuple(dict.fromkeys(text for part in parts if (text := " ".join(part.split())[:100])))


def _date(text: str) -> str:
    """ISO and European dates; others are too ambiguous to be read."""
    if match := _EUROPEAN_DATE.match(text):
        return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if int(match[2]) <= 12 else ""
    match = _DATE.match(text)
    if match is None:
        return ""
    return "-".join([match[1], *(f"{int(part):02d}" for part in match.groups()[1:] if part)])
