"""Ranges of numbers and dates after a field: salary:<60000, available:>=2027-01, custom.years:5..9.

Numbers become hundredths and dates days, so that documents and questions hold nothing but whole numbers.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from talentpool.search.language.errors import QueryError
from talentpool.wishes import first_day, last_day, read_number

MOST = 10**12  # beyond it no value is kept


class Scale(Enum):
    NUMBER = "number"
    DAY = "day"


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
    rf"\s*(?:(?P<sign><=|>=|<|>|=)\s*(?P<value>{_VALUE})|(?P<first>{_VALUE})\.\.(?P<last>{_VALUE})|(?P<one>[-+]?\d[\w.,-]*?))"
    r"(?=[\s()]|[.,;:!?]*(?:\s|$)|$)"
)
_EXAMPLES = {Scale.NUMBER: "{}:<60000 or {}:5..9", Scale.DAY: "{}:<2027-01 or {}:2027-01..2027-06"}
_NOT_SUCH = {Scale.NUMBER: "is no number", Scale.DAY: "is no date"}


def limits_in(text: str, start: int, scale: Scale, name: str) -> Limits | None:
    """The range that stands here; None where words stand here. Raises QueryError for a range that can't be read."""
    found = _RANGE.match(text, start)
    if found is None:
        return None
    begins = start + len(found.group()) - len(found.group().lstrip())
    if one := found["one"]:
        ends = _ends(one, scale)
        return Limits(*ends, one, begins, found.end()) if ends else None
    low, high = _both(found, scale, name, begins)
    sign, written = found["sign"], found["value"] or f"{found['first']}..{found['last']}"
    return Limits(low, high, f"{sign or ''}{written}", begins, found.end())


def _both(found: re.Match[str], scale: Scale, name: str, start: int) -> tuple[int | None, int | None]:
    if found["value"] is None:
        first, last = (
            _known(found["first"], scale, name, start, found),
            _known(found["last"], scale, name, start, found),
        )
        return first[0], last[1]
    low, high = _known(found["value"], scale, name, start, found)
    return {
        "<": (None, low - 1),
        "<=": (None, high),
        ">": (high + 1, None),
        ">=": (low, None),
        "=": (low, high),
    }[found["sign"]]


def _known(text: str, scale: Scale, name: str, start: int, found: re.Match[str]) -> tuple[int, int]:
    ends = _ends(text, scale)
    if ends is None:
        example = _EXAMPLES[scale].format(name, name)
        raise QueryError(
            f"At character {start + 1}: “{text[:40]}” {_NOT_SUCH[scale]}. Write it such as {example}.",
            start,
            found.end() - start,
        )
    return ends


def _ends(text: str, scale: Scale) -> tuple[int, int] | None:
    """The whole numbers that a value stands for: a month is all of its days."""
    if scale is Scale.NUMBER:
        thousands = 1000 if text[-1:] in "kK" else 1
        number = read_number(text.rstrip("kK"))
        if number is None or abs(number) * thousands * 100 >= MOST:
            return None
        return (hundredths := round(number * thousands * 100)), hundredths
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        return None
    first, last = first_day(text), last_day(text)
    return (first.toordinal(), last.toordinal()) if first and last and date.min < first else None
