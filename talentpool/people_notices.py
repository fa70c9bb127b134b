"""What apps above have to say over the list of people, and what they ask before anything is done with a result.

Such an app registers a provider in its AppConfig.ready(); the list knows none of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.models import Member


@dataclass(frozen=True)
class PeopleNotice:
    """A template, which finds `context` as `notice`. With `must_answer` nothing is done with a result before."""

    template: str
    context: Mapping[str, Any]
    must_answer: str = ""


Provider = Callable[[Member], PeopleNotice | None]
_providers: list[Provider] = []


def people_notice(provider: Provider) -> Provider:
    """Register what is said over a search's result; None says nothing."""
    _providers.append(provider)
    return provider


def people_notices(member: Member) -> list[PeopleNotice]:
    return [notice for provider in _providers if (notice := provider(member))]


def must_answer(member: Member) -> str:
    """What the member is asked to answer first, as a sentence; empty when she may go on."""
    return next((notice.must_answer for notice in people_notices(member) if notice.must_answer), "")
