"""The person's name: large, early, capitalised, and echoed by the e-mail address."""

import re
import unicodedata
from typing import NamedTuple

from talentpool.resumes.dates import ranges
from talentpool.resumes.headings import heading
from talentpool.resumes.places import is_place
from talentpool.resumes.rows import Row, Segment
from talentpool.resumes.words import DEGREE, organisation_score, title_score

_LABEL = re.compile(r"^(?:full\s+)?(?:name|nom|nombre|nome|naam)\s*:\s*", re.IGNORECASE)
_NO_NAME = re.compile(r"[\d@/:;]|\b(?:curriculum|vitae|lebenslauf|resume|résumé|cv)\b", re.IGNORECASE)
_LONGEST = 60
_ROWS = 70


class Name(NamedTuple):
    text: str
    confidence: float


class _Candidate(NamedTuple):
    score: float
    text: str
    hits: int
    largest: bool
    first: bool


def name_of(rows: list[Row], body_size: float, emails: list[str]) -> Name:
    top = [row for row in rows[:_ROWS] if row[0].page == 0]
    largest = max((s.size for row in top for s in row if re.search(r"\w{2}", s.text)), default=1.0)
    local = _echo(emails)
    candidates = [
        candidate
        for index, row in enumerate(top)
        for segment in row
        if (candidate := _candidate(index, segment, _below(top, index, segment, largest, body_size), largest, local))
        is not None
    ]
    if not candidates:
        return Name("", 0.0)
    best = max(candidates, key=lambda each: each.score)
    return Name(_recased(best.text), _confidence(best, largest, body_size))


_PROVIDERS = re.compile(
    r"^(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|icloud|me|mac|aol|gmx|web|t-online|proton"
    r"|protonmail|posteo|mailbox"
    r"|orange|free|laposte|wanadoo|sfr|libero|virgilio|tiscali|terra|uol|bol|sapo|ziggo|kpn|planet|xs4all|example)\."
)


def _echo(emails: list[str]) -> str:
    """The letters of an address that may repeat a name: hello@adalovelace.me says it in its domain."""
    if not emails:
        return ""
    local, _, domain = emails[0].lower().partition("@")
    return _letters(local if _PROVIDERS.match(domain) else local + " " + domain.rpartition(".")[0])


def _confidence(best: _Candidate, largest: float, body_size: float) -> float:
    stands_out = best.largest and largest > body_size * 1.2
    if title_score(best.text) >= 1 and best.hits < 2:
        return 0.4
    if best.hits or stands_out:
        return 0.95 if best.hits and (stands_out or best.first) else 0.85
    return 0.75 if best.first else 0.5


def _below(rows: list[Row], index: int, segment: Segment, largest: float, body_size: float) -> Segment | None:
    """A second line of the same large letters belongs to the name."""
    if segment.size < largest * 0.95 or segment.size <= body_size * 1.4:
        return None
    for row in rows[index + 1 : index + 3]:
        for other in row:
            alike = (
                abs(other.x0 - segment.x0) < 2 and abs(other.size - segment.size) < 0.5 and other.bold == segment.bold
            )
            if alike and len(other.text.split()) < 4 and not ranges(other.text) and heading(other.text) is None:
                return other
    return None


def _candidate(index: int, segment: Segment, below: Segment | None, largest: float, local: str) -> _Candidate | None:
    text = _LABEL.sub("", segment.text).strip(" ,;|•·–—-")
    if below is not None:
        text += below.text if text.endswith("-") else f" {below.text}"
    text = _before_title(text)
    words = text.split()
    is_largest = segment.size >= largest * 0.95
    if not 1 < len(words) <= 6 and not (len(words) == 1 and is_largest):
        return None
    if _NO_NAME.search(text) or heading(text) or len(text) > _LONGEST or not re.search(r"[^\W\d_]", text):
        return None
    capitalised = sum(word[:1].isupper() or not (word[:1].islower() or word[:1].isupper()) for word in words) / len(
        words
    )
    hits = sum(len(folded) > 2 and folded in local for folded in map(_letters, words))
    score = (
        3 * segment.size / largest
        + 1.2 * min(hits, 2)
        + capitalised
        + 0.5 * segment.bold
        - (0 if hits > 1 else 1.5 * title_score(text) + 0.8 * organisation_score(text))
        - 0.5 * is_place(text)
        - 0.02 * index
    )
    return _Candidate(score, text, hits, is_largest, index == 0)


def _before_title(text: str) -> str:
    """ "Ada Lovelace, Chief Programmer" and "Ada Lovelace – MSc" are a name and something more."""
    parts = re.split(r",\s+|\s+[|–—·•-]\s+", text, maxsplit=1)
    more = len(parts) == 2 and len(parts[0].split()) > 1 and title_score(parts[0]) == 0
    return parts[0] if more and (title_score(parts[1]) >= 1 or DEGREE.match(parts[1])) else text


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", folded)


def _recased(text: str) -> str:
    """Names set in capitals are written as names again."""
    return text.title() if text.isupper() and len(text) > 3 else text
