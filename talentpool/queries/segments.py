"""Segments as pages and programs show them: which a member may see, what they ask in words, how they grew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q

from crm.models import Member
from crm.permissions import Permission, may
from talentpool.models import Segment, SegmentAlert, SegmentDay, SegmentMember, Sharing
from talentpool.queries.selections import search_of
from talentpool.search.engines.base import Place
from talentpool.search.facets import FACETS, value_id
from talentpool.search.find import QueryError, as_stored, tree_of
from talentpool.search.index.values import values_by_id
from talentpool.search.own_fields import facet_labels, is_restricted

SPARK_DAYS, HISTORY_DAYS = 30, 90
PAGE = 50


@dataclass(frozen=True)
class Day:
    day: date
    size: int
    joined: int
    left: int
    is_new_query: bool


@dataclass(frozen=True)
class Line:
    segment: Segment
    today: Day
    sizes: Sequence[int]
    words: Sequence[str]  # what was chosen beside the text


def segments_for(member: Member) -> list[Segment]:
    """Those that this member may see; one that searches restricted fields tells of them, so not everybody."""
    found = list(Segment.objects.live().visible_to(member).select_related("by"))
    if may(member, Permission.VIEW_RESTRICTED_FIELDS):
        return found
    return [segment for segment in found if not asks_restricted(segment)]


def segment_for(member: Member, pk: int) -> Segment | None:
    """Also a hidden one, which is shown again from its page."""
    found: Segment | None = Segment.objects.visible_to(member).select_related("by").filter(pk=pk).first()
    if found is None or may(member, Permission.VIEW_RESTRICTED_FIELDS) or not asks_restricted(found):
        return found
    return None


def asks_restricted(segment: Segment) -> bool:
    if any(is_restricted(facet) for facet in segment.facets if facet in FACETS):
        return True
    request = search_of(segment)
    try:
        tree_of(request)
    except QueryError:
        return False
    try:
        tree_of(replace(request, sees_restricted=False))
    except QueryError:
        return True
    return False


def may_change(segment: Segment, member: Member) -> bool:
    """What is the team's anybody may change who may change people; else who made it."""
    is_theirs = segment.by_id == member.pk or segment.sharing == Sharing.TEAM
    return is_theirs and may(member, Permission.EDIT_CANDIDATES)


def alert_of(segment: Segment, member: Member) -> str:
    """How often the member is told of new matches; empty for never."""
    return str(
        SegmentAlert.objects.filter(segment=segment, member=member).values_list("every", flat=True).first() or ""
    )


def trouble_of(segment: Segment) -> str:
    """Why the search can't be read any more; empty where it can."""
    try:
        tree_of(search_of(segment))
    except QueryError as error:
        return str(error.message)
    return ""


def lines_of(segments: Sequence[Segment], *, today: date) -> list[Line]:
    """Three queries, however many segments there are."""
    histories = _histories(segments, today=today, days=SPARK_DAYS)
    words = chosen_in_words(segments)
    return [
        Line(
            segment,
            (history := histories[segment.pk])[-1],
            [day.size for day in history],
            words[segment.pk],
        )
        for segment in segments
    ]


def history_of(segment: Segment, *, today: date, days: int = HISTORY_DAYS) -> list[Day]:
    """Day by day up to today, from the day on which the segment began if that is later."""
    return _histories([segment], today=today, days=days)[segment.pk]


def _histories(segments: Sequence[Segment], *, today: date, days: int) -> Mapping[int, list[Day]]:
    first = today - timedelta(days=days - 1)
    kept: dict[int, dict[date, SegmentDay]] = {segment.pk: {} for segment in segments}
    for row in SegmentDay.objects.filter(segment__in=kept, day__gte=first, day__lte=today):
        kept[row.segment_id][row.day] = row
    before = (
        SegmentDay.objects.filter(segment__in=kept, day__lt=first).order_by("segment_id", "-day").distinct("segment_id")
    )
    sizes = dict(before.values_list("segment_id", "size"))
    return {segment.pk: _filled(kept[segment.pk], sizes.get(segment.pk), first, today) for segment in segments}


def _filled(rows: Mapping[date, SegmentDay], size: int | None, first: date, today: date) -> list[Day]:
    """Days without a row are as the day before; those before the first one are left out."""
    found = []
    for number in range((today - first).days + 1):
        day = first + timedelta(days=number)
        if row := rows.get(day):
            size = row.size
            found.append(Day(day, row.size, row.joined, row.left, row.is_new_query))
        elif size is not None:
            found.append(Day(day, size, 0, 0, False))
    return found or [Day(today, 0, 0, 0, False)]


def chosen_in_words(segments: Iterable[Segment]) -> Mapping[int, list[str]]:
    """By segment, the chosen values of facets as the boxes beside a result call them."""
    segments = list(segments)
    facets = [each.facets for each in segments]
    pairs = [(name, value) for each in facets for name in each if name in FACETS for value in each[name]]
    known = values_by_id({value_id(name, as_stored(name, value)) for name, value in pairs}) if pairs else {}
    labels = facet_labels({name for each in facets for name in each}, restricted=True)

    def words(name: str, values: Sequence[str]) -> str:
        shown = [known[key].label if (key := value_id(name, as_stored(name, v))) in known else v for v in values]
        return f"{labels.get(name, name)}: {' or '.join(shown)}"

    return {
        segment.pk: [words(name, values) for name, values in segment.facets.items() if name in FACETS]
        for segment in segments
    }


@dataclass(frozen=True)
class MembersPage:
    rows: Sequence[SegmentMember]
    next_cursor: str


def members_of(segment: Segment, *, cursor: str = "", limit: int = PAGE) -> MembersPage:
    """Who joined last comes first; `cursor` is the `next_cursor` of the page before, and nonsense the beginning."""
    rows = SegmentMember.objects.filter(segment=segment, candidate__erased_at=None, candidate__merged_into=None)
    if place := Place.from_text(cursor):
        earlier = Q(joined_at__lt=place.changed_at) | Q(candidate__lt=place.candidate_id)
        rows = rows.filter(earlier, joined_at__lte=place.changed_at)
    ordered = rows.select_related("candidate").order_by("-joined_at", "-candidate")
    found = list(ordered[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    after = Place.of(0, last.joined_at, last.candidate_id).to_text() if last else ""
    return MembersPage(found[:limit], after)
