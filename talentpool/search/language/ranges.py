"""Ranges of numbers and dates after a field: salary:<60000, available:>=2027-01, updated:<90d, custom.years:5..9.

Numbers become hundredths, dates and times since them days, so that documents and questions hold nothing but whole
numbers.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils import timezone

from talentpool.search.language.errors import QueryError
from talentpool.wishes import first_day, last_day, read_number

MOST = 10**12  # beyond it no value is kept


class Scale(Enum):
    NUMBER = "number"
    DAY = "day"
    AGO = "ago"  # a day in the past, said as a date or as the time since: <90d is less than 90 days ago
    YEARS = "years"  # how long, in whole years or with a unit; kept in days


@dataclass(frozen=True, slots=True)
class Limits:
    """From `low` to `high`, both included; None where that end is open. `text` is the range as it would be written."""

    low: int | None
    high: int | None
    text: str
    start: int
    end: int


_VALUE = r"[-+]?[\w.,'’-]*?[\w]"
_RANGE = re.compile(
    rf"\s*(?:(?P<sign><=|>=|<|>|=)\s*(?P<value>{_VALUE})|(?P<first>{_VALUE})\.\.(?P<last>{_VALUE})?|\.\.(?P<until>{_VALUE})"
    r"|(?P<one>[-+]?\d[\w.,-]*?)(?P<more>\+)?)"
    r"(?=[\s()]|[.,;:!?]*(?:\s|$)|$)"
)
_TIME = re.compile(r"(\d{1,5}(?:\.\d)?)(d|days?|w|weeks?|m|months?|mo|y|years?|yrs?)", re.IGNORECASE)
_DAYS = {"d": 1.0, "w": 7.0, "m": 30.4375, "y": 365.25}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_EXAMPLES = {
    Scale.NUMBER: "{0}:<60000 or {0}:5..9",
    Scale.DAY: "{0}:<2027-01 or {0}:2027-01..2027-06",
    Scale.AGO: "{0}:<90d, {0}:>1y or {0}:2026-01..2026-06",
    Scale.YEARS: "{0}:5..10, {0}:>=3 or {0}:<18m",
}
_NOT_SUCH = {
    Scale.NUMBER: "is no number",
    Scale.DAY: "is no date",
    Scale.AGO: "is neither a date nor a time such as 90d, 6m or 1y",
    Scale.YEARS: "is no time such as 5 or 18m",
}


def example_of(scale: Scale, name: str) -> str:
    return _EXAMPLES[scale].format(name)


def limits_in(text: str, start: int, scale: Scale, name: str) -> Limits | None:
    """The range that stands here; None where words stand here. Raises QueryError for a range that can't be read."""
    found = _RANGE.match(text, start)
    if found is None or (found["one"] and not _ends(found["one"], scale)):
        return None
    begins = start + len(found.group()) - len(found.group().lstrip())
    return Limits(*_both(found, scale, name, begins), "".join(found.group().split()), begins, found.end())


def _both(found: re.Match[str], scale: Scale, name: str, start: int) -> tuple[int | None, int | None]:
    """Time that has passed is turned round into days: less than 90 days ago is a later day than that."""
    if value := found["value"] or found["one"]:
        low, high = _known(value, scale, name, start, found)
        sign = ">=" if found["more"] else found["sign"]
        if _is_ago(value, scale):
            sign = _TURNED[sign or "<="]
        return {"<": (None, low - 1), "<=": (None, high), ">": (high + 1, None), ">=": (low, None)}.get(
            sign, (low, high)
        )
    first, last = (each and _known(each, scale, name, start, found) for each in (found["first"], found["last"]))
    last = last or (found["until"] and _known(found["until"], scale, name, start, found))
    if _is_ago(found["first"] or found["until"], scale):
        first, last = last, first
    return (first[0] if first else None), (last[1] if last else None)


def _is_ago(text: str, scale: Scale) -> bool:
    return scale is Scale.AGO and _TIME.fullmatch(text) is not None


def _known(text: str, scale: Scale, name: str, start: int, found: re.Match[str]) -> tuple[int, int]:
    ends = _ends(text, scale)
    if ends is None:
        raise QueryError(
            f"At character {start + 1}: “{text[:40]}” {_NOT_SUCH[scale]}. Write it such as {example_of(scale, name)}.",
            start,
            found.end() - start,
        )
    return ends


def _ends(text: str, scale: Scale) -> tuple[int, int] | None:
    """The whole numbers that a value stands for: a month is all of its days."""
    if scale is Scale.NUMBER:
        return _number(text)
    if scale is Scale.YEARS:
        return _length(text)
    if scale is Scale.AGO and (ago := _TIME.fullmatch(text)):
        day = timezone.localdate().toordinal() - round(float(ago[1]) * _DAYS[ago[2][0].lower()])
        return day, day
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        return None
    first, last = first_day(text), last_day(text)
    return (first.toordinal(), last.toordinal()) if first and last and date.min < first else None


def _number(text: str) -> tuple[int, int] | None:
    thousands = 1000 if text[-1:] in "kK" else 1
    number = read_number(text.rstrip("kK"))
    if number is None or abs(number) * thousands * 100 >= MOST:
        return None
    return (hundredths := round(number * thousands * 100)), hundredths


def _length(text: str) -> tuple[int, int] | None:
    """The days of a time: 5 years are from five to just below six; a part of a year is counted in months."""
    found = _TIME.fullmatch(text) or _TIME.fullmatch(f"{text}y")
    if found is None:
        return None
    number, unit = float(found[1]), found[2][0].lower()
    if unit == "y" and number % 1:
        number, unit = round(number * 12), "m"
    return round(number * _DAYS[unit]), round((number + 1) * _DAYS[unit]) - 1
