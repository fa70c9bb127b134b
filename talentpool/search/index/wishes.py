"""What people want of work as search finds it: texts by field, and numbers for ranges. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from talentpool.search.clauses import NOTICE
from talentpool.wishes import Availability, Salary, wish_in_words


def texts_of_wishes(wants: Mapping[str, Any]) -> Iterator[tuple[str, str, Sequence[str]]]:
    """(field, label, texts). The codes of currencies and countries stand in them as they are."""
    yield "wants", "Wants", [*wants.get("interests", ()), *wants.get("wanted_places", ())]
    yield "wants", "Works", [wish_in_words(name, wants[name]) for name in ("remote", "relocate") if name in wants]
    yield "salary", "Pay", [wish_in_words(name, wants[name]) for name in ("salary",) if name in wants]
    yield "available", "Available", [wish_in_words(name, wants[name]) for name in ("availability",) if name in wants]
    yield "permit", "May work in", [wish_in_words("permits", each) for each in wants.get("permits", ())]


def marks_of_wishes(wants: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Pay as hundredths a year of whatever currency, and the first day of work or the days of notice."""
    if salary := Salary.read(wants.get("salary", "")):
        yield "salary", round(salary.a_year * 100)
    available = Availability.read(wants.get("availability", ""))
    if available and (day := available.first_day):
        yield "available", day.toordinal()
    if available and (days := available.notice_days) is not None:
        yield NOTICE, days
