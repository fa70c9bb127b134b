"""For which position a session of searching was. The last answer holds, for the searches before it and after it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from sourcing.models import EntryKind, SearchLogEntry, SearchLogWords


@dataclass(frozen=True)
class Position:
    """`title` as it was called then; empty for “no position”, which has a reason."""

    title: str
    reason: str = ""
    job_id: int | None = None
    pipeline_id: int | None = None

    def __str__(self) -> str:
        return self.title or f"No position: {self.reason}"


def positions_of(sessions: Collection[UUID | None]) -> dict[UUID | None, Position]:
    words = SearchLogWords.objects.filter(entry__session__in=sessions, entry__kind=EntryKind.POSITION)
    return {
        each.entry.session: Position(
            each.said.get("title", ""), each.said.get("reason", ""), each.entry.job_id, each.entry.pipeline_id
        )
        for each in words.select_related("entry").order_by("entry__at", "entry_id")
    }


def position_of(session: UUID | None) -> Position | None:
    return positions_of([session]).get(session)


def sessions_for(*, job_id: int | None = None, pipeline_id: int | None = None) -> QuerySet[SearchLogEntry, UUID | None]:
    """Sessions for which the position was given, also where another was given later; none of the two: no position."""
    given = SearchLogEntry.objects.filter(kind=EntryKind.POSITION)
    if job_id:
        given = given.filter(job_id=job_id)
    elif pipeline_id:
        given = given.filter(pipeline_id=pipeline_id)
    else:
        given = given.filter(job_id=None, pipeline_id=None)
    return given.values_list("session", flat=True)


def given_positions() -> list[tuple[str, str]]:
    """Every position that was given, as “job:7” and its latest title, for a choice."""
    words = SearchLogWords.objects.filter(entry__kind=EntryKind.POSITION).select_related("entry").order_by("entry_id")
    found: dict[str, str] = {}
    for each in words.exclude(entry__job_id=None, entry__pipeline_id=None):
        key = f"pipeline:{each.entry.pipeline_id}" if each.entry.pipeline_id else f"job:{each.entry.job_id}"
        found[key] = each.said.get("title", "")
    return sorted(found.items(), key=lambda pair: pair[1].casefold())
