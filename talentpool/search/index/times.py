"""Days and lengths of a person's document, and how they read as the reason of a hit. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.utils import timezone

from talentpool.identity.careers import FOREVER, period_of
from talentpool.models import Candidate
from talentpool.person import Position
from talentpool.search.clauses import AT_WORK_SINCE
from talentpool.search.facets import FacetKey

MOST_MONTHS = 60 * 12  # a post said to be longer is a slip
_MONTH = 30.4375  # days
CONTACTED = (  # days since then are fewer than
    (31, "In the last month"),
    (92, "In the last three months"),
    (366, "In the last year"),
    (10**9, "Over a year ago"),
)
NEVER = "Never"
EXPERIENCE = (  # years are fewer than
    (2, "Less than 2"),
    (5, "2 to 4"),
    (10, "5 to 9"),
    (20, "10 to 19"),
    (10**9, "20 and more"),
)
_LABELS = {"updated": "Changed", "added": "Added", "contacted": "Last contact"}


def marks_of_times(person: Candidate) -> Iterator[tuple[str, int]]:
    for name, at in (
        ("updated", person.updated_at),
        ("added", person.created_at),
        ("contacted", person.last_contact_at),
    ):
        if at:
            yield name, timezone.localdate(at).toordinal()
    yield from _experience([Position.from_json(stored) for stored in person.positions], timezone.localdate())


def facets_of_times(marks: Mapping[str, int], today: date) -> Iterator[FacetKey]:
    """Bands, as of the day the document was made: the nightly sweep finds who has passed from one into the next."""
    days = today.toordinal() - marks["contacted"] if "contacted" in marks else None
    band = next((n for n, (least, _) in enumerate(CONTACTED) if days is not None and days < least), len(CONTACTED))
    yield FacetKey("contacted", str(band), NEVER if days is None else CONTACTED[band][1])
    length = today.toordinal() - marks[AT_WORK_SINCE] if AT_WORK_SINCE in marks else marks.get("experience")
    if length is not None:
        band = next(n for n, (less, _) in enumerate(EXPERIENCE) if _years(length) < less)
        yield FacetKey("experience", str(band), EXPERIENCE[band][1])


def words_of_mark(name: str, number: int) -> tuple[str, str] | None:
    """Label and text of a day or a length that was asked for; None for marks that a text of the person says."""
    if name in _LABELS:
        return _LABELS[name], f"{date.fromordinal(number):%-d %B %Y}"
    if name == AT_WORK_SINCE:
        number = timezone.localdate().toordinal() - number
    if name in (AT_WORK_SINCE, "experience"):
        years = _years(number)
        return "Experience", f"{years} year{'' if years == 1 else 's'}" if years else "less than a year"
    return None


def _years(days: int) -> int:
    """Whole ones; days are rounded months."""
    return int((days + 0.5) / (12 * _MONTH))


def _experience(posts: Sequence[Position], today: date) -> Iterator[tuple[str, int]]:
    """The time at work, jobs side by side counted once: as days where it is over, as the day that it would have begun
    on where it goes on."""
    months = 0
    last_month = today.year * 12 + today.month
    for first, last in _joined(_known(posts, last_month)):
        if last == FOREVER:
            begun = date((first - 1) // 12, (first - 1) % 12 + 1, 1)
            yield AT_WORK_SINCE, (begun - timedelta(days=round(months * _MONTH))).toordinal()
            return
        months += last - first + 1
    if months:
        yield "experience", round(months * _MONTH)


def _known(posts: Sequence[Position], last_month: int) -> Iterator[tuple[int, int]]:
    """First and last months that can be; a job that is to begin is no experience yet."""
    for post in posts:
        period = period_of(post)
        first, last = period.first, period.last if period.last == FOREVER else min(period.last, last_month)
        is_long = (last_month if last == FOREVER else last) - first >= MOST_MONTHS
        if period.known and first <= last_month and not is_long:
            yield first, last


def _joined(periods: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Those that touch or overlap as one, in order; the one that goes on comes last."""
    begun: tuple[int, int] | None = None
    for first, last in sorted(periods):
        if begun and first <= begun[1] + 1:
            begun = (begun[0], max(begun[1], last))
            continue
        if begun:
            yield begun
        begun = (first, last)
    if begun:
        yield begun
