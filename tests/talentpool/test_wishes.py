"""What people want of work: read from what people write, kept in one form, put in words."""

import pytest

from talentpool.custom_values import CustomKind, CustomType, likely_kind
from talentpool.wishes import Availability, Salary, read_wish, wish_in_words
from tests.talentpool.naughty import NAUGHTY

READ = {
    "salary": {
        "€60k–70k": "EUR 60000-70000 year",
        "60-70k €/Jahr": "EUR 60000-70000 year",
        "60.000 EUR": "EUR 60000 year",
        "4 500 € par mois": "EUR 4500 month",
        "$55/hour": "USD 55 hour",
        "CHF 120'000 p.a.": "CHF 120000 year",
        "1.234,56 € monthly": "EUR 1234.56 month",
        "85,000": "85000 year",
        "negotiable": "",
        "10 20 30": "",
        "0": "",
        "9999999999999 EUR": "",
    },
    "availability": {
        "2027-01": "2027-01",
        "15.01.2027": "2027-01-15",
        "3 months notice": "3 months",
        "1 Monat zum Monatsende": "1 month",
        "notice period: 4 weeks": "4 weeks",
        "ASAP": "now",
        "2027-13": "",
        "soon": "",
    },
    "permits": {
        "Germany": "DE",
        "US citizen": "US citizen",
        "H-1B visa US until 2027-05": "US visa 2027-05",
        "needs sponsorship UK": "GB sponsor",
        "Permanent resident, Canada": "CA permanent",
        "nowhere": "",
    },
    "remote": {"100% remote": "remote", "Hybrid": "hybrid", "on-site": "office", "sometimes": ""},
    "relocate": {"Ja": "yes", "No": "no", "perhaps": ""},
}


def test_wishes_are_read_from_what_people_write():
    assert {name: {text: read_wish(name, text) for text in texts} for name, texts in READ.items()} == READ


def test_what_is_kept_is_read_as_itself():
    kept = [(name, text) for name, texts in READ.items() for text in texts.values() if text]
    assert [read_wish(name, text) for name, text in kept] == [text for _, text in kept]


def test_wishes_are_put_in_words():
    assert [wish_in_words(*each) for each in [
        ("salary", "EUR 60000-70000 year"),
        ("availability", "2027-01-15"),
        ("availability", "now"),
        ("permits", "US visa 2027-05"),
        ("remote", "hybrid"),
        ("relocate", "no"),
        ("salary", "a form of long ago"),
        ("interests", "Night shifts"),
    ]] == [
        "EUR 60,000 – 70,000 a year",
        "From 15 Jan 2027",
        "At once",
        "US, visa, until May 2027",
        "Some days at the office",
        "Stays where they live",
        "a form of long ago",
        "Night shifts",
    ]  # fmt: skip


def test_pay_is_compared_by_the_year_and_notice_in_days():
    assert [int(Salary.read(text).a_year) for text in ("60000", "5000 a month", "500 EUR/day", "$50 an hour")] == [
        60_000,
        60_000,
        110_000,
        88_000,
    ]
    assert [Availability.read(text).notice_days for text in ("now", "2 weeks", "3 months", "2027-01")] == [
        0,
        14,
        90,
        None,
    ]


@pytest.mark.parametrize("name", [*READ, "interests"])
def test_hostile_texts_are_read_or_not_and_never_an_error(name):
    for text in NAUGHTY:
        kept = read_wish(name, text)
        assert read_wish(name, kept) == kept
        wish_in_words(name, text)


VALUES = {
    CustomKind.TEXT: {" a  b ": "a b", "x" * 501: ""},
    CustomKind.LONG_TEXT: {"a\r\nb": "a\nb", "x" * 10_000: "x" * 10_000, "x" * 10_001: ""},
    CustomKind.NUMBER: {
        "1.234,5": "1234.5",
        "-3": "-3",
        "1,234": "1234",
        "0.125": "0.12",
        "1e5": "",
        "99999999999": "",
    },
    CustomKind.MONEY: {"1200 EUR": "1200 EUR", "€5.5": "5.5 EUR", "5-6 EUR": "", "much": ""},
    CustomKind.DATE: {"31.12.2026": "2026-12-31", "2026-02-30": "", "2026-12-31T10:00": "2026-12-31"},
    CustomKind.YES_NO: {"Oui": "yes", "0": "no", "maybe": ""},
    CustomKind.CHOICE: {"NIGHT": "Night", "evening": ""},
    CustomKind.CHOICES: {"night, day": "Day; Night", "day;evening": ""},
    CustomKind.LINK: {"example.org": "https://example.org", "javascript:alert(1)": ""},
    CustomKind.MEMBER: {"day": "Day", "nobody": ""},
}
OPTIONS = {"day": "Day", "night": "Night"}


def test_own_values_are_read_by_their_kind():
    read = {kind: {text: CustomType(kind, OPTIONS).read(text) for text in texts} for kind, texts in VALUES.items()}
    assert read == VALUES
    for kind in CustomKind:
        for text in NAUGHTY:
            of_kind = CustomType(kind, OPTIONS)
            if kept := of_kind.read(text):
                assert of_kind.read(kept) == kept
                assert of_kind.words(kept)


def test_likely_kind_of_a_column():
    columns = [["1", "2,5"], ["2026-01-01"], ["yes", "No"], ["1", "abc"], [], ["x" * 501]]
    assert [likely_kind(each) for each in columns] == ["number", "date", "yes_no", "text", "text", "long_text"]
