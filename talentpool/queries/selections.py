"""Who a selection or a segment means."""

from collections.abc import Mapping
from typing import Any

from crm.permissions import Permission, may
from talentpool.models import Candidate, Segment, Selection
from talentpool.queries.merges import present_ids
from talentpool.search.find import SearchRequest, count


def search_of(stored: Selection | Segment) -> SearchRequest:
    """The search as it was stored; of a selection only where it means a whole result.

    What was stored before there were other names is searched as typed, as it was then.
    """
    search: Mapping[str, Any] = stored.search or {}
    return SearchRequest(
        text=search.get("text", ""),
        facets={name: tuple(values) for name, values in search.get("facets", {}).items()},
        exactly=search.get("exactly", True),
        less=tuple(search.get("less", ())),
        with_facets=False,
        # A saved search is the team's; what somebody selects is found with her own eyes.
        sees_restricted=isinstance(stored, Segment) or may(stored.by, Permission.VIEW_RESTRICTED_FIELDS),
    )


def size_of(selection: Selection) -> int:
    """How many people it means now: who was merged since counts as the survivor, who was erased not at all."""
    if selection.search is not None:
        return count(search_of(selection))
    return Candidate.objects.present().filter(pk__in=present_ids(selection.candidate_ids)).count()


def erasable_ids(selection: Selection) -> list[int]:
    """Those of the chosen who are still people of their own: of somebody merged since, the other is not erased too."""
    chosen = Candidate.objects.present().filter(pk__in=selection.candidate_ids)
    return list(chosen.order_by("pk").values_list("pk", flat=True))
