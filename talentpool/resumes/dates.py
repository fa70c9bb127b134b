"""Dates and ranges of dates as people write them in résumés, in seven languages.

A lone year is no range, and prose ("worked with Germany since 2019") is none either: those two rules keep false jobs
out.
"""

import re
import unicodedata
from typing import NamedTuple

_MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
)
_SHORT_MONTHS = {
    "sept": 9, "jän": 1, "mrz": 3, "mrt": 3, "juil": 7, "fév": 2, "févr": 2, "janv": 1, "avr": 4, "déc": 12, "ene": 1,
    "dic": 12, "set": 9, "out": 10, "dez": 12, "okt": 10, "oct": 10, "maerz": 3, "ago": 8, "spring": 3, "summer": 6,
    "autumn": 9, "fall": 9, "winter": 12, "frühjahr": 3, "sommer": 6, "herbst": 9,
}  # fmt: skip


def _month_numbers() -> dict[str, int]:
    numbers: dict[str, int] = {}
    for names in _MONTHS:
        for number, name in enumerate(names.split(), 1):
            ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
            for form in (name, name[:3], name[:4], ascii_name):
                numbers.setdefault(form, number)
    return numbers | _SHORT_MONTHS


MONTHS = _month_numbers()
_MONTH = "(?:" + "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True)) + ")"
PRESENT = (
    r"(?:present|current(?:ly)?|now|today|ongoing|to date|till date|heute|aktuell|jetzt|laufend"
    r"|aujourd['’]hui|à ce jour|actuel(?:lement)?|présent|en cours|actualidad|actualmente|presente|hoy"
    r"|heden|nu|atual(?:mente)?|atualidade|hoje|o momento|oggi|attuale|in corso|ad oggi)"
)
_SEPARATOR = r"\s*(?:–|—|-{1,2}|−|‐|→|to|until|till|bis|au|à|a|al|hasta|tot|t/m|até|fino a|－|~)\s*"


def _date_pattern(mark: str) -> str:
    """A date whose groups carry `mark`: month word and year, ISO, month number and year, or a year alone."""
    return (
        rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s+)?(?P<month{mark}>{_MONTH})\.?,?\s*(?:de\s+)?"
        rf"(?:(?P<long{mark}>(?:19|20)\d\d)|['’](?P<short{mark}>\d\d))"
        rf"|(?P<isoyear{mark}>(?:19|20)\d\d)[-/.](?P<isomonth{mark}>0?[1-9]|1[0-2])(?:[-/.]\d\d?)?(?!\d)"
        rf"|(?:\d{{1,2}}[./])?(?P<number{mark}>0?[1-9]|1[0-2])\s?[./-]\s?"
        rf"(?P<numberyear{mark}>(?:19|20)\d\d|\d\d(?=\s*(?:[–—-]|$|\)))(?<=/\d\d))"
        rf"|(?P<year{mark}>(?:19|20)\d\d)(?![\d]))"
    )


RANGE = re.compile(
    rf"(?<![\w@/])(?:(?:from|von|de|du|da|dal|desde|vanaf|van)\s+)?{_date_pattern('1')}"
    rf"(?:{_SEPARATOR}(?:{_date_pattern('2')}|(?P<present>{PRESENT})(?!\w))"
    r"|(?P<open>\s*(?:–|—|-|−|\bto\b|\bbis\b)\s*(?=$|[·|)•])))"
    rf"|(?<!\w)(?P<since>since|seit|ab|depuis|desde|dal|sinds)\s+{_date_pattern('3')}",
    re.IGNORECASE,
)
_MONTHS_OF_ONE_YEAR = re.compile(
    rf"(?P<first>{_MONTH})\.?{_SEPARATOR}(?P<last>{_MONTH})\.?\s+(?P<year>(?:19|20)\d\d)", re.IGNORECASE
)
POINT = re.compile(_date_pattern("4"), re.IGNORECASE)
DURATION = re.compile(
    r"\(?\b\d+\+?\s*(?:years?|yrs?|months?|mos?|jahre?|monate?|ans?|mois|años?|meses?|jaar|maanden|anos?|anni"
    r"|mesi)\b\.?"
    r"(?:,?\s*\d+\s*(?:months?|mos?|monate?|mois|meses|maanden|mesi))?\)?|less than a month|\b\d+ (?:mos|yrs)\b",
    re.IGNORECASE,
)
Moment = tuple[int, int | None]  # year, month


class DateRange(NamedTuple):
    """Where it stands in the text, and what it says; `end` is None while it is current."""

    begin: int
    finish: int
    start: Moment
    end: Moment | None
    current: bool


def ranges(text: str) -> list[DateRange]:
    found = [
        DateRange(
            m.start(),
            m.end(),
            (int(m["year"]), MONTHS[m["first"].lower()]),
            (int(m["year"]), MONTHS[m["last"].lower()]),
            False,
        )
        for m in _MONTHS_OF_ONE_YEAR.finditer(text)
    ]
    for match in RANGE.finditer(text):
        if any(each.begin < match.end() and match.start() < each.finish for each in found):
            continue
        if (one := _range_of(match, text)) is not None:
            found.append(one)
    return found


def _of_year(match: re.Match[str], group: str) -> Moment:
    return int(match["year"]), MONTHS[match[group].lower()]


def _range_of(match: re.Match[str], text: str) -> DateRange | None:
    if match["since"]:
        before = text[: match.start()].rstrip()
        start = _moment(match, "3")
        if start is None or (before and before[-1] not in "|(,–—-·•:;/"):
            return None
        if text[match.end() :].strip() == ".":
            return None  # the end of a sentence that began a line above
        return DateRange(match.start(), match.end(), start, None, True)
    start, end = _moment(match, "1"), _moment(match, "2")
    current = bool(match["present"] or match["open"] is not None)
    if start is None or not (current or end):
        return None
    if end is not None and start[0] * 12 + (start[1] or 1) > end[0] * 12 + (end[1] or 12):
        return None
    return DateRange(match.start(), match.end(), start, end, current)


def _moment(match: re.Match[str], mark: str) -> Moment | None:
    if match[f"month{mark}"]:
        return _full_year(match[f"long{mark}"] or match[f"short{mark}"]), MONTHS[match[f"month{mark}"].lower()]
    if match[f"isoyear{mark}"]:
        return int(match[f"isoyear{mark}"]), int(match[f"isomonth{mark}"])
    if match[f"number{mark}"]:
        return _full_year(match[f"numberyear{mark}"]), int(match[f"number{mark}"])
    if match[f"year{mark}"]:
        return int(match[f"year{mark}"]), None
    return None


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else (2000 + year if year < 50 else 1900 + year)


def point(text: str) -> Moment | None:
    """The first date of a text, be it a year alone."""
    match = POINT.search(text)
    return _moment(match, "4") if match else None


def written(moment: Moment | None) -> str:
    """As PersonFields writes dates."""
    if moment is None:
        return ""
    year, month = moment
    return f"{year:04d}-{month:02d}" if month else f"{year:04d}"


def is_dateish(text: str) -> bool:
    """A segment of a column of dates."""
    return bool(RANGE.search(text) or re.fullmatch(r"[\d\s./–—-]{4,}", text) or POINT.fullmatch(text.strip(" -–—()")))
