"""What people want of work as search finds it: texts by field, and numbers for ranges. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from talentpool.intake.countries import country_name
from talentpool.search.clauses import NOTICE
from talentpool.search.facets import FacetKey
from talentpool.wishes import REMOTE_WORDS, Availability, Permit, Remote, Salary, last_day, wish_in_words

WITHIN = ((0, "Now"), (31, "Within a month"), (92, "Within three months"))
LATER = "Later"
_BANDS = tuple(Decimal(each) for each in ("1", "1.5", "2", "3", "4", "5", "6", "8", "10"))  # and ten times as much, …


def texts_of_wishes(wants: Mapping[str, Any]) -> Iterator[tuple[str, str, Sequence[str]]]:
    """(field, label, texts). The codes of currencies and countries stand in them as they are."""
    yield "wants", "Wants", [*wants.get("interests", ()), *wants.get("wanted_places", ())]
    yield "wants", "Works", [wish_in_words(name, wants[name]) for name in ("remote", "relocate") if name in wants]
    yield (
        "remote",
        "Works",
        [f"{wants[name]} {wish_in_words(name, wants[name])}" for name in ("remote",) if name in wants],
    )
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


def facets_of_wishes(wants: Mapping[str, Any], today: date) -> Iterator[FacetKey]:
    """How soon a person can begin is told from today, and a permit that has run out is none: the nightly sweep finds
    whose document says otherwise."""
    if found := _how_soon(wants.get("availability", ""), today):
        yield found
    if (remote := wants.get("remote", "")) in list(Remote):
        yield FacetKey("remote", remote, REMOTE_WORDS[Remote(remote)])
    yield from dict.fromkeys(_permits(wants.get("permits", ()), today))
    if found := _pay(wants.get("salary", "")):
        yield found


def _how_soon(text: str, today: date) -> FacetKey | None:
    available = Availability.read(text)
    if available is None:
        return None
    first, notice = available.first_day, available.notice_days
    days = (first - today).days if first else notice
    if days is None:
        return None
    for number, (most, words) in enumerate(WITHIN):
        if days <= most:
            return FacetKey("available", str(number), words)
    return FacetKey("available", str(len(WITHIN)), LATER)


def _permits(texts: Sequence[str], today: date) -> Iterator[FacetKey]:
    for text in texts:
        permit = Permit.read(text)
        until = last_day(permit.until) if permit and permit.until else None
        if permit is None or (until and until < today):
            continue
        if permit.kind == "sponsor":
            yield FacetKey("permit", f"{permit.country}-sponsor", f"{country_name(permit.country)}, with a sponsor")
        else:
            yield FacetKey("permit", permit.country, country_name(permit.country))


def _pay(text: str) -> FacetKey | None:
    """A band of the least that is wanted for a year. Bands grow with the amount, so that they fit yen and pounds."""
    salary = Salary.read(text)
    if salary is None or salary.a_year < 1:
        return None
    size = Decimal(10) ** salary.a_year.adjusted()
    low = max(band for band in _BANDS if band * size <= salary.a_year)
    high = _BANDS[_BANDS.index(low) + 1]
    words = f"{salary.currency} {low * size:,.0f} – {high * size:,.0f}".strip()
    return FacetKey("pay", f"{salary.currency} {low * size:013.0f}", words)
