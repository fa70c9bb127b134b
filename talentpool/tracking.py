"""What an app that keeps the pool in step with an ATS knows of a person's applications. The pool itself knows none.

Such an app makes a `Tracker` and registers it in its AppConfig.ready().
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from crm.home import Link
from crm.models import Member
from talentpool.models import Candidate, Job


@dataclass(frozen=True)
class Tracked:
    """How fresh an application is, and what this member may do about it."""

    as_of: datetime | None
    is_stale: bool
    where: str  # the connection's name
    links: Sequence[Link] = ()


@dataclass(frozen=True)
class Sending:
    """A change of the person's that goes to the ATS, or did not get there."""

    words: str
    state: str
    tone: str
    error: str
    url: str


@dataclass(frozen=True)
class Track:
    by_application: Mapping[int, Tracked] = field(default_factory=dict)
    links: Sequence[Link] = ()
    sending: Sequence[Sending] = ()

    @property
    def as_of(self) -> datetime | None:
        """The oldest: all of it is known as of then."""
        return min((each.as_of for each in self.by_application.values() if each.as_of), default=None)

    @property
    def is_stale(self) -> bool:
        return any(each.is_stale for each in self.by_application.values())


class Tracker(Protocol):
    def track(self, person: Candidate, member: Member) -> Track: ...

    def may_add(self, member: Member) -> bool:
        """Whether there is an ATS now to which this member may add people."""
        ...

    def member_of(self, job: Job) -> Member | None:
        """Whose job it is, among our members."""
        ...


_TRACKERS: list[Tracker] = []


def register(tracker: Tracker) -> None:
    _TRACKERS.append(tracker)


def track_of(person: Candidate, member: Member) -> Track:
    tracks = [tracker.track(person, member) for tracker in _TRACKERS]
    return Track(
        {pk: tracked for track in tracks for pk, tracked in track.by_application.items()},
        [link for track in tracks for link in track.links],
        [each for track in tracks for each in track.sending],
    )


def may_add(member: Member) -> bool:
    return any(tracker.may_add(member) for tracker in _TRACKERS)


def member_of(job: Job) -> Member | None:
    return next((found for tracker in _TRACKERS if (found := tracker.member_of(job))), None)
