"""What uses a segment, for its page. The pool itself knows none of them: each app above registers a function that finds
what of its own is meant for a segment, in its AppConfig.ready()."""

from collections.abc import Callable, Iterable

from crm.home import Link
from crm.models import Member
from talentpool.models import Segment

Uses = Callable[[Segment, Member], Iterable[Link]]
_USES: list[Uses] = []


def register(uses: Uses) -> None:
    _USES.append(uses)


def uses_of(segment: Segment, member: Member) -> list[Link]:
    return [link for uses in _USES for link in uses(segment, member)]
