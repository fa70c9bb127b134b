"""The kinds of an organisation's own fields: how values are read, kept, shown and compared. Pure.

Every value is kept as one text of one form, whatever its kind: a number as "1234.5", money as "1200 EUR", several
choices as "Day; Night". What a source says stays as it came; it is read when a person is derived, so that a field can
get another kind without anything being lost. What is kept is read as itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from talentpool.identity.links import clean_link
from talentpool.wishes import InWords, Salary, read_number, read_yes_no

LONGEST_TEXT, LONGEST_LONG_TEXT = 500, 10_000
MOST_NUMBER = Decimal(10) ** 10
PREFIX = "custom."
KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")


class CustomKind(StrEnum):
    """What a field holds, with the words that the page shows."""

    TEXT = "text", "Text"
    LONG_TEXT = "long_text", "Long text"
    NUMBER = "number", "Number"
    MONEY = "money", "Money"
    DATE = "date", "Date"
    YES_NO = "yes_no", "Yes or no"
    CHOICE = "choice", "One of several"
    CHOICES = "choices", "Some of several"
    LINK = "link", "Link"
    MEMBER = "member", "Somebody of the team"

    label: str

    def __new__(cls, value: str, label: str = "") -> "CustomKind":
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.label = label
        return kind


OF_CHOICES = (CustomKind.CHOICE, CustomKind.CHOICES)
IN_RANGES = (CustomKind.NUMBER, CustomKind.MONEY, CustomKind.DATE)
NOT_SUCH = {
    CustomKind.NUMBER: "“{}” is no number.",
    CustomKind.MONEY: "“{}” is no amount of money. Write it with its currency, such as 1200 EUR.",
    CustomKind.DATE: "“{}” is no date. Write it as 2027-01-31.",
    CustomKind.YES_NO: "“{}” is neither yes nor no.",
    CustomKind.CHOICE: "“{}” is none of the choices.",
    CustomKind.CHOICES: "“{}” is none of the choices.",
    CustomKind.LINK: "“{}” is no web address.",
    CustomKind.MEMBER: "“{}” is nobody of the team.",
}


@dataclass(frozen=True, slots=True)
class CustomType:
    """A field's kind; `options` are what choices and members are called, in lower case, and what is kept of each."""

    kind: CustomKind
    options: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # what is shown of what is kept, where it is another

    def read(self, text: str) -> str:
        """The value as it is kept; empty where the text is no such value."""
        return _READ[self.kind](self, text.strip())

    def words(self, kept: str, number: InWords = "{:,}".format) -> str:
        if self.kind is CustomKind.MONEY:
            amount, _, currency = kept.partition(" ")
            return f"{number(Decimal(amount))} {currency}".strip()
        if self.kind is CustomKind.NUMBER:
            return number(Decimal(kept))
        if self.kind is CustomKind.DATE:
            day = date.fromisoformat(kept)
            return f"{day.day} {day:%b %Y}"
        if self.kind is CustomKind.YES_NO:
            return kept.capitalize()
        return self.names.get(kept, kept)

    def plain(self, kept: str) -> Any:
        """As JSON's own types."""
        if self.kind is CustomKind.NUMBER:
            number = Decimal(kept)
            return int(number) if number == number.to_integral_value() else float(number)
        if self.kind is CustomKind.YES_NO:
            return kept == "yes"
        if self.kind is CustomKind.CHOICES:
            return kept.split("; ")
        if self.kind is CustomKind.MONEY:
            amount, _, currency = kept.partition(" ")
            return {"amount": float(amount), "currency": currency}
        return int(kept) if self.kind is CustomKind.MEMBER else kept

    def number(self, kept: str) -> int | None:
        """Where the value stands among others of a kind that can be asked for in ranges: hundredths, or days."""
        if self.kind is CustomKind.DATE:
            return date.fromisoformat(kept).toordinal()
        if self.kind in (CustomKind.NUMBER, CustomKind.MONEY):
            return round(Decimal(kept.split()[0]) * 100)
        return None

    def not_such(self, text: str) -> str:
        """Why a text can't be taken."""
        if self.kind in (CustomKind.TEXT, CustomKind.LONG_TEXT):
            longest = LONGEST_TEXT if self.kind is CustomKind.TEXT else LONGEST_LONG_TEXT
            return f"It has {len(text):,} characters; the longest that is kept has {longest:,}."
        return NOT_SUCH[self.kind].format(text[:80])


CustomTypes = Mapping[str, CustomType]


def _text(of: CustomType, text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TEXT else ""


def _long_text(of: CustomType, text: str) -> str:
    text = text.replace("\r\n", "\n")
    return text if len(text) <= LONGEST_LONG_TEXT else ""


def _number(of: CustomType, text: str) -> str:
    number = read_number(text)
    return "" if number is None or abs(number) >= MOST_NUMBER else f"{round(number, 2).normalize():f}"


def _money(of: CustomType, text: str) -> str:
    salary = Salary.read(text)
    if salary is None or salary.low != salary.high or not re.search(r"\d", text):
        return ""
    return f"{round(salary.low, 2).normalize():f} {salary.currency}".strip()


def _date(of: CustomType, text: str) -> str:
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", text)
    parts = match.groups() if match else None
    if parts is None and (match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)):
        parts = (match[3], match[2], match[1])
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])).isoformat() if parts else ""
    except ValueError:
        return ""


def _yes_no(of: CustomType, text: str) -> str:
    return read_yes_no(text)


def _choice(of: CustomType, text: str) -> str:
    return of.options.get(" ".join(text.casefold().split()), "")


def _choices(of: CustomType, text: str) -> str:
    if whole := _choice(of, text):
        return whole
    found = {_choice(of, part) for part in re.split(r"\s*[;|\n]\s*|\s*,\s*", text) if part.strip()}
    if not found or "" in found:
        return ""
    return "; ".join(kept for kept in dict.fromkeys(of.options.values()) if kept in found)


def _link(of: CustomType, text: str) -> str:
    return clean_link(text)[:500]


_READ = {
    CustomKind.TEXT: _text,
    CustomKind.LONG_TEXT: _long_text,
    CustomKind.NUMBER: _number,
    CustomKind.MONEY: _money,
    CustomKind.DATE: _date,
    CustomKind.YES_NO: _yes_no,
    CustomKind.CHOICE: _choice,
    CustomKind.CHOICES: _choices,
    CustomKind.LINK: _link,
    CustomKind.MEMBER: _choice,
}
assert set(_READ) == set(CustomKind)


def likely_kind(values: Sequence[str]) -> CustomKind:
    """The kind that all of these values have; a text where they are of several."""
    for kind in (CustomKind.DATE, CustomKind.NUMBER, CustomKind.YES_NO):
        if values and all(CustomType(kind).read(each) for each in values):
            return kind
    return CustomKind.LONG_TEXT if any(len(each) > LONGEST_TEXT for each in values) else CustomKind.TEXT
