"""What a person's applications say of her, as values of a facet: the views that a pool fed by an ATS is for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from talentpool.models import ApplicationState, Phase
from talentpool.models.job import reached
from talentpool.models.tag import SILVER_MEDALIST
from talentpool.search.facets import FacetKey

FACET = "process"
IN_PROCESS, HIRED, APPLIED, SILVER = "in_process", "hired", "applied", "silver"
LABELS = {
    IN_PROCESS: "In process",
    HIRED: "Hired",
    APPLIED: "Applied in the last two years",
    SILVER: "Silver medalists",
}
_ENDED = set(ApplicationState.values) - {ApplicationState.OPEN}
LATELY = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Way:
    """An application, as far as it matters here."""

    state: str
    phase: str
    applied_at: datetime | None
    family: tuple[int, str] | None = None  # of the job: its id and name


def facets_of_ways(ways: Sequence[Way], tags: Sequence[str], today: date) -> Iterator[FacetKey]:
    """As of the day the document was made: the nightly sweep finds whose two years are over. Who was hired is no
    silver medalist any more."""
    stands = {reached(way.phase, way.state) for way in ways}
    values = {
        IN_PROCESS: any(map(_is_running, ways)),
        HIRED: Phase.HIRED in stands,
        APPLIED: any(way.applied_at and way.applied_at.date() > today - LATELY for way in ways),
        SILVER: is_silver(ways, tags),
    }
    yield from (FacetKey(FACET, value, LABELS[value]) for value, holds in values.items() if holds)
    yield from (FacetKey("family", str(number), name) for number, name in families_of(ways))


def is_silver(ways: Sequence[Way], tags: Sequence[str]) -> bool:
    return SILVER_MEDALIST in tags and all(reached(way.phase, way.state) != Phase.HIRED for way in ways)


def phases_of(ways: Sequence[Way]) -> list[str]:
    """Where the running applications stand, in Rapport's words."""
    return [str(Phase(way.phase).label) for way in ways if way.phase and _is_running(way)]


def _is_running(way: Way) -> bool:
    return way.state == ApplicationState.OPEN and way.phase not in _ENDED


def families_of(ways: Sequence[Way]) -> list[tuple[int, str]]:
    """The job families that somebody has ever applied in."""
    return sorted({way.family for way in ways if way.family})
