"""Reading the search log: searches with their criteria, their positions, and how many of those found became what."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.models import Member
from sourcing.models import EntryKind, SearchLogEntry, SearchLogWords
from sourcing.queries.positions import Position, positions_of, sessions_for
from talentpool.models import Candidate

PAGE = 50
MOST_PEOPLE = 500  # of a search's page
COUNTED = (EntryKind.OPENED, EntryKind.CONSIDERED, EntryKind.CONTACTED)
SHOWING = (EntryKind.SEARCHED, EntryKind.PAGED)


@dataclass(frozen=True)
class LoggedSearch:
    entry: SearchLogEntry
    said: Mapping[str, Any]
    position: Position | None
    counts: Mapping[str, int]  # of people, by kind

    @property
    def filters(self) -> str:
        """In words as they were shown then, or as they are kept where the words are not known."""
        chosen = self.said.get("facets_in_words") or self.said.get("facets") or {}
        return "; ".join(f"{name}: {', '.join(map(str, values))}" for name, values in chosen.items())


@dataclass(frozen=True)
class LogPage:
    searches: list[LoggedSearch]
    next_before: int | None


@dataclass
class Found:
    """Somebody whom a search showed, and what became of that. `person` is None once erased."""

    candidate_id: int
    person: Candidate | None
    opened: datetime | None = None
    acts: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)


def searches(
    *,
    member: Member | None = None,
    since: date | None = None,
    until: date | None = None,
    position: str = "",
    words: str = "",
) -> QuerySet[SearchLogEntry]:
    """`position` is “job:7”, “pipeline:7”, “none”, or “unanswered”; days are those of the current time zone."""
    found = SearchLogEntry.objects.filter(kind=EntryKind.SEARCHED)
    if member:
        found = found.filter(member=member)
    if since:
        found = found.filter(at__gte=_midnight(since))
    if until:
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    if words:
        found = found.filter(
            Q(words_set__said__text__icontains=words) | Q(words_set__said__facets_in_words__icontains=words)
        )
    return _for_position(found, position) if position else found


def _for_position(found: QuerySet[SearchLogEntry], position: str) -> QuerySet[SearchLogEntry]:
    kind, _, value = position.partition(":")
    if kind == "unanswered":
        return found.exclude(
            session__in=SearchLogEntry.objects.filter(kind=EntryKind.POSITION, session__isnull=False).values("session")
        )
    key = {f"{kind}_id": int(value)} if kind in ("job", "pipeline") else {}
    return found.filter(session__in=sessions_for(**key))


def log_page(found: QuerySet[SearchLogEntry], *, before: int | None = None) -> LogPage:
    """Newest first, from the one after `before` on."""
    found = found.select_related("member").order_by("-at", "-pk")
    if before and (last := SearchLogEntry.objects.filter(pk=before).values_list("at", flat=True).first()):
        found = found.filter(Q(at__lt=last) | Q(at=last, pk__lt=before))
    entries = list(found[: PAGE + 1])
    shown = entries[:PAGE]
    return LogPage(with_words(shown), shown[-1].pk if len(entries) > PAGE else None)


def with_words(entries: Collection[SearchLogEntry]) -> list[LoggedSearch]:
    """Three queries for any number."""
    ids = [entry.pk for entry in entries]
    said = dict(SearchLogWords.objects.filter(entry__in=ids).values_list("entry_id", "said"))
    positions: dict[UUID | None, Position] = positions_of({entry.session for entry in entries})
    counts = _counts(ids)
    return [
        LoggedSearch(entry, said.get(entry.pk, {}), positions.get(entry.session), counts.get(entry.pk, {}))
        for entry in entries
    ]


def _counts(search_ids: list[int]) -> dict[int, dict[str, int]]:
    people: dict[tuple[int, str], set[int]] = defaultdict(set)
    followed = SearchLogEntry.objects.filter(search_id__in=search_ids, kind__in=COUNTED)
    for search_id, kind, ids in followed.values_list("search_id", "kind", "candidate_ids"):
        people[search_id or 0, kind].update(ids)
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for (search_id, kind), whom in people.items():
        counts[search_id][kind] = len(whom)
    return counts


def found_by(search: SearchLogEntry) -> list[Found]:
    """Everybody shown, and whoever was chosen with a whole result, in the order in which they came."""
    entries = [search, *SearchLogEntry.objects.filter(search_id=search.pk).order_by("at", "pk")]
    ids = list(dict.fromkeys(pk for entry in entries for pk in entry.candidate_ids))
    people = Candidate.objects.filter(erased_at=None).in_bulk(ids[:MOST_PEOPLE])
    found = {pk: Found(pk, people.get(pk)) for pk in ids[:MOST_PEOPLE]}
    for entry in entries:
        _note(entry, (found[pk] for pk in entry.candidate_ids if pk in found))
    return list(found.values())


def _note(entry: SearchLogEntry, whom: Iterable[Found]) -> None:
    for each in whom:
        if entry.kind == EntryKind.OPENED:
            each.opened = each.opened or entry.at
        elif entry.kind == EntryKind.CONSIDERED and entry.act not in each.acts:
            each.acts.append(entry.act)
        elif entry.kind == EntryKind.CONTACTED and entry.act not in each.contacts:
            each.contacts.append(entry.act)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
