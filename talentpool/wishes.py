"""What a person wants of work: pay, start, place, permits; read from what people write, kept in one form.

The form is what sources and colleagues say alike, so that what they say can be compared, united and overruled as any
other text: a salary is "EUR 60000-70000 year" (ISO 4217), an availability "2027-01", "3 months" or "now", a permit
"US visa 2027-05" (ISO 3166). Pure; a text that can't be read gives the empty text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Self

from talentpool.intake.countries import country_code

TEXTS = ("salary", "availability", "remote", "relocate")
LISTS = ("interests", "wanted_places", "permits")
WISHES = (*LISTS[:2], *TEXTS, "permits")
MOST = Decimal(10) ** 9
HOURS_A_YEAR, DAYS_A_YEAR = 1760, 220
CURRENCIES = frozenset(
    """
    AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GHS HKD HUF IDR ILS INR ISK JOD JPY KES KRW KWD LKR
    MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR
    """.split()  # noqa: SIM905
)
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY", "₹": "INR", "₽": "RUB", "zł": "PLN", "fr.": "CHF"}
_PER = (
    ("hour", r"hours?|hourly|hr|h|std|stunde|stündlich|heure|horas?|ora|uur"),
    ("day", r"days?|daily|tag|tagessatz|jour|tjm|d[ií]as?|giorno|dag"),
    ("month", r"months?|monthly|mo|monat|monatlich|mois|mensuel|m[eê]s(?:es)?|mese|maand"),
    ("year", r"years?|yearly|annum|annual|annually|yr|p\.?a\.?|jahr|jährlich|an|annuel|año|anual|ano|anno|jaar"),
)
_PER_WORDS = {"year": "a year", "month": "a month", "day": "a day", "hour": "an hour"}
_NUMBER = re.compile(r"\d{1,3}(?:['’\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d[\d.,]*\d|\d")


InWords = Callable[[Decimal], str]


class Remote(StrEnum):
    REMOTE = "remote"
    HYBRID = "hybrid"
    OFFICE = "office"


REMOTE_WORDS = {Remote.REMOTE: "Remote only", Remote.HYBRID: "Some days at the office", Remote.OFFICE: "At the office"}


@dataclass(frozen=True, slots=True)
class Salary:
    """`low` and `high` are equal where one amount was named; `currency` is empty where none was."""

    low: Decimal
    high: Decimal
    currency: str = ""
    per: str = "year"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From what people write: “€60k–70k”, “60.000 EUR”, “4 500 € par mois”, “$55/hour”, or our own form."""
        plain = " ".join(text.replace("–", "-").replace("—", "-").split())
        amounts = [found for piece in _NUMBER.finditer(plain) if (found := _amount(piece, plain)) is not None]
        if not 1 <= len(amounts) <= 2:
            return None
        if len(amounts) == 2 and amounts[0] < 1000 <= amounts[1] and re.search(r"\d\s?[kK]\b", plain):
            amounts[0] *= 1000  # “60-70k”
        low, high = min(amounts), max(amounts)
        return cls(low, high, _currency(plain), _per(plain)) if low > 0 and high <= MOST else None

    @property
    def text(self) -> str:
        amounts = _plain(self.low) if self.low == self.high else f"{_plain(self.low)}-{_plain(self.high)}"
        return " ".join(part for part in (self.currency, amounts, self.per) if part)

    def words(self, number: InWords) -> str:
        amounts = number(self.low) if self.low == self.high else f"{number(self.low)} – {number(self.high)}"
        return " ".join(part for part in (self.currency, amounts, _PER_WORDS[self.per]) if part)

    @property
    def a_year(self) -> Decimal:
        """The least of it for a year of full work, in its currency."""
        times = {"year": 1, "month": 12, "day": DAYS_A_YEAR, "hour": HOURS_A_YEAR}
        return self.low * times[self.per]


@dataclass(frozen=True, slots=True)
class Availability:
    """From a date, as exact as it was said, or so many days after giving notice (0: at once)."""

    start: str = ""
    notice: str = ""

    @classmethod
    def read(cls, text: str) -> Self | None:
        plain = " ".join(text.lower().split())
        if re.search(
            r"\b(now|immediately|immediate|asap|at once|sofort|ab sofort|imm[ée]diat\w*|inmediat\w+|subito)\b", plain
        ):
            return cls(notice="now")
        if match := re.search(r"\b(\d{4})-(\d\d)(?:-(\d\d))?\b", plain):
            return cls(start=found) if (found := _date(match[1], match[2], match[3])) else None
        if match := re.search(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b", plain):
            return cls(start=found) if (found := _date(match[3], match[2], match[1])) else None
        if match := re.search(
            r"\b(\d{1,3})\s*(day|tag|jour|d[ií]a|giorn|week|wk|woche|semaine|semana|settiman|month|monat|mois|mes)",
            plain,
        ):
            return cls(notice=_notice(int(match[1]), match[2]))
        return cls(start=plain) if re.fullmatch(r"(19|20)\d\d", plain) else None

    @property
    def text(self) -> str:
        return self.start or self.notice

    def words(self, number: InWords) -> str:
        if self.start:
            return f"From {in_words_of_date(self.start)}"
        return "At once" if self.notice == "now" else f"{self.notice} after giving notice"

    @property
    def first_day(self) -> date | None:
        return first_day(self.start) if self.start else None

    @property
    def notice_days(self) -> int | None:
        if not self.notice:
            return None
        if self.notice == "now":
            return 0
        number, unit = self.notice.split()
        return int(number) * {"day": 1, "week": 7, "month": 30}[unit.rstrip("s")]


@dataclass(frozen=True, slots=True)
class Permit:
    """That somebody may work in a country: as a citizen, for good, for a time, or only with a sponsor."""

    country: str
    kind: str = ""  # citizen, permanent, visa, sponsor, or not said
    until: str = ""

    @classmethod
    def read(cls, text: str) -> Self | None:
        plain = " ".join(text.split())
        until = next((_date(m[1], m[2], m[3]) for m in re.finditer(r"\b(\d{4})-(\d\d)(?:-(\d\d))?\b", plain)), "")
        kind = next((kind for kind, words in _PERMITS.items() if re.search(words, plain, re.IGNORECASE)), "")
        for words in (_NO_PLACE.sub(" ", plain), *re.findall(r"\b[A-Z]{2}\b", plain)):
            if code := country_code(" ".join(words.split())):
                return cls(code, kind, until)
        return None

    @property
    def text(self) -> str:
        return " ".join(part for part in (self.country, self.kind, self.until) if part)

    def words(self, number: InWords) -> str:
        kind = {"citizen": "citizen", "permanent": "for good", "visa": "visa", "sponsor": "needs a sponsor"}
        until = f"until {in_words_of_date(self.until)}" if self.until else ""
        return ", ".join(part for part in (self.country, kind.get(self.kind, ""), until) if part)


_PERMITS: Mapping[str, str] = {
    "sponsor": r"sponsor|needs? (?:a )?(?:visa|permit)",
    "citizen": r"citizen|national\b|passport|staatsb|staatsang|citoyen|ciudadan|cittadin",
    "permanent": r"permanent|settled|green ?card|niederlassung|indefinite|for good",
    "visa": r"visa|permit|temporary|blue ?card|h-?1b|aufenthalt|titre|permis|permiso",
}
_NO_PLACE = re.compile(
    r"\d[\d-]*|[(),:/]|\b(?:until|till|bis|jusqu\w*|hasta|sponsor\w*|needs?|an?|visa|work|permit|permanent|citizen\w*|"
    r"national|passport|settled|resident|status|green ?card|blue ?card|h-?1b|temporary|for good)\b",
    re.IGNORECASE,
)


def read_wish(name: str, text: str) -> str:
    """One value of a wish in its form; empty where it can't be read."""
    text = " ".join(text.split())[:300]
    if name == "salary":
        salary = Salary.read(text)
        return salary.text if salary else ""
    if name == "availability":
        available = Availability.read(text)
        return available.text if available else ""
    if name == "permits":
        permit = Permit.read(text)
        return permit.text if permit else ""
    if name == "remote":
        return _remote(text.lower())
    return _yes_no(text.lower()) if name == "relocate" else text


def wish_in_words(name: str, text: str, number: InWords = "{:,}".format) -> str:
    """As a page shows it, with numbers as `number` writes them; what can't be read is shown as it is."""
    kinds: Mapping[str, type[Salary] | type[Availability] | type[Permit]] = {
        "salary": Salary,
        "availability": Availability,
        "permits": Permit,
    }
    if name in kinds:
        read = kinds[name].read(text)
        return read.words(number) if read else text
    if name == "remote":
        return REMOTE_WORDS[Remote(text)] if text in list(Remote) else text
    return {"yes": "Would move", "no": "Stays where they live"}.get(text, text) if name == "relocate" else text


def first_day(text: str) -> date | None:
    """Of a date as exact as it is known."""
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    try:
        return date(year, month, day)
    except ValueError:
        return None


def last_day(text: str) -> date | None:
    first = first_day(text)
    if first is None or text.count("-") == 2:
        return first
    later = (
        date(first.year + 1, 1, 1)
        if text.count("-") == 0
        else date(first.year + first.month // 12, first.month % 12 + 1, 1)
    )
    return later - timedelta(days=1)


def in_words_of_date(text: str) -> str:
    day = first_day(text)
    if day is None or "-" not in text:
        return text
    return f"{day:%b %Y}" if text.count("-") == 1 else f"{day.day} {day:%b %Y}"


def read_number(text: str) -> Decimal | None:
    """A number as people write it: with points, commas, apostrophes or spaces between thousands."""
    bare = re.sub(r"['’\u00a0\u202f ]", "", text.strip())
    if not re.fullmatch(r"[-+]?\d[\d.,]*", bare):
        return None
    sign, digits = (-1, bare[1:]) if bare[0] == "-" else (1, bare.lstrip("+"))
    last = max(digits.rfind("."), digits.rfind(","))
    behind = len(digits) - last - 1
    mark = digits[last] if last >= 0 else ""
    may_be_thousands = behind == 3 and digits[:last] != "0" and len(digits[:last]) <= 3
    is_decimal = mark and digits.count(mark) == 1 and (not may_be_thousands or len({".", ","} & set(digits)) == 2)
    whole = re.sub(r"[.,]", "", digits[:last] if is_decimal else digits)
    try:
        return sign * Decimal(f"{whole or 0}.{digits[last + 1 :]}" if is_decimal else whole)
    except InvalidOperation:
        return None


def _amount(piece: re.Match[str], text: str) -> Decimal | None:
    number = read_number(piece.group())
    if number is not None and re.match(r"\s?[kK]\b", text[piece.end() :]):
        number *= 1000
    return number


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _currency(text: str) -> str:
    for code in re.findall(r"\b[A-Za-z]{3}\b", text):
        if code.upper() in CURRENCIES:
            return str(code.upper())
    return next((code for sign, code in _SIGNS.items() if sign in text.lower()), "")


def _per(text: str) -> str:
    for per, words in _PER:
        if re.search(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])", text, re.IGNORECASE):
            return per
    return "year"


def _date(year: str, month: str, day: str | None) -> str:
    text = "-".join([year, f"{int(month):02d}", *([f"{int(day):02d}"] if day else [])])
    return text if first_day(text) else ""


def _notice(number: int, unit: str) -> str:
    kind = "week" if unit[:2] in ("we", "wk", "wo", "se") else "month" if unit[0] == "m" else "day"
    return f"{number} {kind}{'' if number == 1 else 's'}"


def _remote(text: str) -> str:
    if re.search(r"hybrid|some days|teils|mixte", text):
        return Remote.HYBRID.value
    if re.search(r"remote|home ?office|t[ée]l[ée]travail|teletrabajo|from home", text) or _yes_no(text) == "yes":
        return Remote.REMOTE.value
    return Remote.OFFICE.value if re.search(r"office|on-?\s?site|b[üu]ro|vor ort|bureau|presencial", text) else ""


def _yes_no(text: str) -> str:
    if text in ("yes", "y", "true", "1", "x", "ja", "oui", "si", "sí", "sim", "da", "✓", "willing", "would move"):
        return "yes"
    return "no" if text in ("no", "n", "false", "0", "nein", "non", "nee", "não", "not willing") else ""


def read_yes_no(text: str) -> str:
    return _yes_no(" ".join(text.lower().split()))
