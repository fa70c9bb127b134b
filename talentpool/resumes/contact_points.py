"""E-mail addresses, phone numbers, links and the place a person lives in. A wrong e-mail is worse than none.

What is not certain is only suggested.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher

from talentpool.resumes.dates import ranges
from talentpool.resumes.places import country_code, is_place, is_town
from talentpool.resumes.rows import Document, Row, Segment, rows_text
from talentpool.resumes.sections import Sections

EMAIL = re.compile(r"(?<![\w.+-])[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,24}(?![\w@-]|\.\w)")
_LINK = re.compile(
    r"(?<![@\w.-])(?:https?://\S+|www\.\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|me|de|fr|es|it|nl|pt"
    r"|co\.uk|eu|ai|app)\b(?:/\S*)?)",
    re.IGNORECASE,
)
_INTERNATIONAL = re.compile(r"\+\d[\d ()./-]{7,18}\d")
_NETWORK = re.compile(
    r"https?://(?:[\w-]+\.)?(?:linkedin\.com/in|xing\.com/profile|github\.com/[\w-]+/?$|gitlab\.com/[\w-]+/?$"
    r"|behance\.net"
    r"|stackoverflow\.com/users|dribbble\.com|kaggle\.com|orcid\.org|researchgate\.net/profile|twitter\.com|x\.com)",
    re.IGNORECASE,
)
_STATE = re.compile(r"[A-Z]{2}")
_REGIONS = ("US", "GB", "DE")  # tried after the one that the place names
_OWN = ("top", "contact", "summary")  # sections that speak of the person


@dataclass(slots=True)
class ContactPoints:
    """`certain` things and, for e-mail and phone, those that may belong to another (a referee, an employer)."""

    emails: list[str] = field(default_factory=list)
    doubtful_emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    doubtful_phones: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    location: str = ""
    country: str = ""
    location_is_certain: bool = False


def contact_points_of(document: Document, sections: Sections) -> ContactPoints:
    own = sections.rows(*_OWN)
    points = ContactPoints()
    _find_location(own, points)
    _find_emails(document, sections, own, points)
    _find_phones(document, sections, own, points)
    points.links = _unique(_links(document.links, rows_text(own), points.emails + points.doubtful_emails))[:12]
    return points


def _find_emails(document: Document, sections: Sections, own: list[Row], points: ContactPoints) -> None:
    """First what is linked, then what stands in the person's own sections, healed where a narrow column broke it.

    Never what only referees have.
    """
    elsewhere_rows = [row for section in sections.all if section.kind != "references" for row in section.rows]
    referees = {mail.lower() for mail in EMAIL.findall(rows_text(sections.rows("references")))}
    healed, broken = _healed_emails(document)
    own_text = rows_text(own)
    own_mails = [mail for mail in EMAIL.findall(own_text) if mail not in broken]
    linked = [mail for mail in _linked_emails(document.links) if mail.lower() not in referees or mail in own_mails]
    elsewhere = [mail for mail in EMAIL.findall(rows_text(elsewhere_rows)) if mail not in broken]
    linked, healed, own_mails, elsewhere = _without_tails(linked, healed, own_mails, elsewhere)
    certain = _unique(
        [mail for mail in linked if mail.lower() in document.text.lower() or not own_mails] + healed + own_mails
    )
    rest = _unique(elsewhere + linked)
    if not certain and len(rest) == 1 and rest[0].lower() not in referees:
        certain, rest = rest, []
    points.emails = [_lowered(mail) for mail in certain[:4]]
    points.doubtful_emails = [_lowered(mail) for mail in rest if mail not in certain and mail.lower() not in referees][
        :4
    ]


def _lowered(mail: str) -> str:
    """Capitals are the page's style, not the address's."""
    return mail.lower() if mail.isupper() else mail


def _without_tails(*lists: list[str]) -> list[list[str]]:
    """An address that is the end of another one ("sayed@…" of "al-sayed@…") was broken over two lines."""
    every = {mail.lower() for mails in lists for mail in mails}

    def is_tail(mail: str) -> bool:
        return any(len(other) > len(mail) and other.endswith(mail.lower()) for other in every)

    return [[mail for mail in mails if not is_tail(mail)] for mails in lists]


def _linked_emails(links: Iterable[str]) -> list[str]:
    found = (unquote(link[7:].split("?")[0]).strip() for link in links if link.lower().startswith("mailto:"))
    return [mail for mail in found if EMAIL.fullmatch(mail)]


def _healed_emails(document: Document) -> tuple[list[str], set[str]]:
    """Addresses that go on in the next line of their column, and the stumps they would have been."""
    if not document.has_geometry:
        return [], set()
    healed: list[str] = []
    stumps: set[str] = set()
    for upper in document.segments:
        if "@" in upper.text and " " not in upper.text.strip():
            pieces = [upper]
        elif re.fullmatch(r"[\w.+-]{1,40}[-._+]", upper.text) and (lower := _begun_above(document, upper)):
            pieces = [upper, lower]
        else:
            continue
        whole = "".join(piece.text for piece in pieces)
        column = [s for s in document.segments if s.page == upper.page and abs(s.x0 - upper.x0) < 2]
        edge = max(s.x1 for s in column)
        longer = [whole + s.text for s in column if _goes_on(pieces[-1], s, edge) and EMAIL.fullmatch(whole + s.text)]
        if longer or len(pieces) > 1:
            healed.append(longer[0] if longer else whole)
            stumps |= {mail for piece in pieces for mail in EMAIL.findall(piece.text)} | ({whole} if longer else set())
    return [mail for mail in healed if mail not in stumps], stumps - set(healed)


def _begun_above(document: Document, upper: Segment) -> Segment | None:
    """The address right below a line that breaks off at a hyphen or a dot."""
    for lower in document.segments:
        level = lower.page == upper.page and abs(lower.x0 - upper.x0) < 2 and abs(lower.size - upper.size) < 0.3
        if level and 0 < lower.y0 - upper.y0 < upper.size * 1.6 and EMAIL.fullmatch(lower.text):
            return lower
    return None


def _goes_on(upper: Segment, lower: Segment, edge: float) -> bool:
    if not (0 < lower.y0 - upper.y0 < upper.size * 1.6 and abs(lower.size - upper.size) < 0.3):
        return False
    letters = r"[A-Z0-9.-]{1,24}" if upper.text.isupper() else r"[a-z0-9.-]{1,24}"
    if not re.fullmatch(letters, lower.text):
        return False
    was_full = upper.x1 > edge - upper.size * 0.8 or upper.x1 + lower.x1 - lower.x0 > edge - 1
    return was_full or not EMAIL.fullmatch(upper.text)


def _find_phones(document: Document, sections: Sections, own: list[Row], points: ContactPoints) -> None:
    regions = list(dict.fromkeys([code for code in [points.country] if code] + list(_REGIONS)))
    linked = [link[4:] for link in document.links if link.lower().startswith("tel:")]
    points.phones = _unique(
        [number for text in linked for number in _numbers(unquote(text), regions)] + _numbers(rows_text(own), regions)
    )[:3]
    if not points.phones:
        others = [row for section in sections.all if section.kind != "references" for row in section.rows]
        points.doubtful_phones = _numbers(rows_text(others), regions)[:2]


def _numbers(text: str, regions: list[str]) -> list[str]:
    """In E.164. Digits inside a range of dates are no phone; "(0)" is not dialled."""
    text = re.sub(r"\(0\)\s?(?=\d)", "", text)
    spans = [(span.begin, span.finish) for span in ranges(text)]
    found: list[str] = []
    for region in regions:
        found += [
            phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
            for match in PhoneNumberMatcher(text, region, Leniency.VALID)
            if not any(begin < match.end and match.start < finish for begin, finish in spans)
        ]
        if found:
            return _unique(found)
    return _unique([f"+{re.sub(r'[^0-9]', '', each)}" for each in _INTERNATIONAL.findall(text)])


def _links(links: Iterable[str], text: str, emails: list[str]) -> Iterable[str]:
    """What stands in the person's own sections; of addresses behind other words only those of known networks."""
    domains = {mail.rpartition("@")[2].lower() for mail in emails}
    shown = text.lower()
    own = [link for link in links if _NETWORK.match(link) or re.sub(r"^https?://|/$", "", link).lower() in shown]
    for link in (*own, *_LINK.findall(text)):
        bare = re.sub(r"[).,;|]+$", "", link).rstrip("/")
        if bare.lower().startswith(("mailto:", "tel:", "#", "javascript:", "file:")) or not _LINK.fullmatch(bare):
            continue
        with_scheme = bare if bare.lower().startswith("http") else f"https://{bare}"
        if bare.lower() not in domains:
            yield with_scheme


def _find_location(own: list[Row], points: ContactPoints) -> None:
    """The first town near the top; certain with its country or state beside it."""
    for segment in (segment for row in own[:40] for segment in row):
        for stretch in re.split(r"[|•·]|\s{2,}|\s[–-]\s|:", segment.text):
            parts = [part.strip(" ,().") for part in re.split(r",|\s(?=[A-Z]{2}$)|\(", stretch.strip())]
            parts = [re.sub(r"^\d{4,5}\s+", "", part) for part in parts if part]
            if not parts or len(stretch) > 60 or len(parts) > 4:
                continue
            town = next((part for part in parts if is_town(part)), None)
            if town is None:
                continue
            after = parts[parts.index(town) + 1 :]
            country = next((code for part in after if (code := country_code(part) or _iso(part))), "")
            points.location = ", ".join([town, *after])
            points.country = country
            points.location_is_certain = bool(country or any(_STATE.fullmatch(part) for part in after)) or is_place(
                stretch
            )
            if points.location_is_certain:
                return


# Two letters that are a country and a state of the USA: they don't tell the country.
_STATES_TOO = frozenset(
    {
        *("AL", "AR", "AZ", "CA", "CO", "DE", "GA", "ID", "IL", "IN", "KY", "LA", "MA"),
        *("MD", "ME", "MN", "MO", "MS", "MT", "NC", "NE", "PA", "SC", "SD", "TN", "VA"),
    }
)


def _iso(part: str) -> str:
    known = _STATE.fullmatch(part) and part in phonenumbers.SUPPORTED_REGIONS
    return part if known and part not in _STATES_TOO else ""


def _unique(values: Iterable[str]) -> list[str]:
    kept: dict[str, str] = {}
    for value in values:
        kept.setdefault(value.lower(), value)
    return list(kept.values())
