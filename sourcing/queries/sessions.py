"""Which session of searching a member is in, and from which search somebody was found."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q

from crm.models import Member
from sourcing.models import EntryKind, SearchLogEntry, SearchLogWords

IDLE = timedelta(minutes=30)
FOUND_WITHIN = timedelta(hours=12)  # whoever is opened or chosen later than that is no more led back to a search
SHOWN = (EntryKind.SEARCHED, EntryKind.PAGED)


def session_of(member: Member, *, now: datetime) -> UUID:
    """The one that goes on, or a new one after half an hour of rest."""
    entries = SearchLogEntry.objects.filter(member=member, session__isnull=False, at__gt=now - IDLE)
    return entries.order_by("-at").values_list("session", flat=True).first() or uuid4()


def same_search(session: UUID, said: Mapping[str, Any]) -> int | None:
    """The session's search by the same criteria, whatever its order and page."""
    words = SearchLogWords.objects.filter(
        entry__session=session,
        entry__kind=EntryKind.SEARCHED,
        said__text=said["text"],
        said__facets=said["facets"],
        said__options=said["options"],
    )
    return words.order_by("-entry_id").values_list("entry_id", flat=True).first()


def is_shown(search_id: int, candidate_ids: Sequence[int]) -> bool:
    """Whether one page of the search showed all of them already: a page that is loaded again is no news."""
    pages = SearchLogEntry.objects.filter(Q(pk=search_id) | Q(search_id=search_id), kind__in=SHOWN)
    return pages.filter(candidate_ids__contains=list(candidate_ids)).exists()


def searches_that_found(
    member: Member, candidate_ids: Collection[int], *, now: datetime
) -> dict[tuple[int, UUID | None], list[int]]:
    """The member's latest search that showed each of these people: by (search, session) their ids."""
    pages = SearchLogEntry.objects.filter(
        member=member, at__gt=now - FOUND_WITHIN, kind__in=SHOWN, candidate_ids__overlap=list(candidate_ids)
    )
    left, found = set(candidate_ids), dict[tuple[int, UUID | None], list[int]]()
    for pk, search_id, session, shown in pages.order_by("-at").values_list(
        "pk", "search_id", "session", "candidate_ids"
    ):
        if theirs := left & set(shown):
            found.setdefault((search_id or pk, session), []).extend(sorted(theirs))
            left -= theirs
    return found


def latest_search(member: Member, *, now: datetime) -> tuple[int, UUID | None] | None:
    searches = SearchLogEntry.objects.filter(member=member, at__gt=now - FOUND_WITHIN, kind__in=SHOWN)
    latest = searches.order_by("-at").values_list("pk", "search_id", "session").first()
    return (latest[1] or latest[0], latest[2]) if latest else None
