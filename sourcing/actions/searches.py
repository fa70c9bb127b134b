"""What is written down of a search, and of whoever was found by it.

A search by the same criteria is one search in a session: further pages and other orders are pages of it. Nothing is
asked of the member: whom she opens or chooses is led back to her latest search that showed them.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.models import Member
from sourcing.actions.entries import append_entry
from sourcing.digests import clean
from sourcing.models import EntryKind, SearchLogEntry
from sourcing.queries.sessions import is_shown, latest_search, same_search, searches_that_found, session_of
from talentpool.models import Selection
from talentpool.search.find import SearchPage, SearchRequest
from talentpool.search.language import parse, to_text
from talentpool.search.own_fields import own_fields

OF_THE_PAGE = ("text", "facets", "sort", "cursor", "limit", "with_facets")  # all else of a request is an option
IDS_OF_AN_ENTRY = 1_000
CONSIDERING = frozenset({"pipeline", "tag", "remind", "export", "write", "ats"})  # tidying up is none


@transaction.atomic
def log_search(asked: SearchRequest, page: SearchPage, *, by: Member, now: datetime) -> SearchLogEntry | None:
    """None where the same page of the same search is in the log already."""
    session = session_of(by, now=now)
    ids = [hit.candidate_id for hit in page.hits]
    said = criteria_of(asked, page)
    found = {"sort": asked.sort, "engine": page.engine, "fell_back": page.fell_back}
    total: dict[str, Any] = {"total": page.total, "total_is_estimate": page.total_is_estimate}
    if search_id := same_search(session, said):
        if is_shown(search_id, ids):
            return None
        return append_entry(
            EntryKind.PAGED,
            by=by, at=now, session=session, search_id=search_id, candidate_ids=ids, detail=found, **total,
        )  # fmt: skip
    return append_entry(
        EntryKind.SEARCHED, by=by, at=now, session=session, candidate_ids=ids, said=said, detail=found, **total
    )


def criteria_of(asked: SearchRequest, page: SearchPage | None = None) -> dict[str, Any]:
    """As typed and as run; facets also in words, for their values are ids."""
    own = own_fields(restricted=asked.sees_restricted) if ":" in asked.text else {}
    options = {name: value for name, value in asdict(asked).items() if name not in OF_THE_PAGE}
    facets, names = (page.facets, page.other_names) if page else ((), ())
    chosen = {facet.label: [each.label for each in facet.values if each.selected] for facet in facets}
    said = {
        "text": asked.text,
        "as_run": to_text(parse(asked.text, own)),
        "other_names": [] if asked.exactly else [f"{each.name}: {each.sentence}" for each in names],
        "facets": {name: list(values) for name, values in asked.facets.items()},
        "facets_in_words": {label: values for label, values in chosen.items() if values},
        "options": options,
    }
    return dict(clean(said))


@transaction.atomic
def log_opened(candidate_id: int, *, act: str, by: Member, now: datetime) -> SearchLogEntry | None:
    """Once per search and way of looking; who was opened from elsewhere is no matter of this log."""
    for search_id, session in searches_that_found(by, [candidate_id], now=now):
        before = SearchLogEntry.objects.filter(kind=EntryKind.OPENED, search_id=search_id, act=act)
        if not before.filter(candidate_ids=[candidate_id]).exists():
            return append_entry(
                EntryKind.OPENED,
                by=by, at=now, session=session, search_id=search_id, candidate_ids=[candidate_id], act=act,
            )  # fmt: skip
    return None


@transaction.atomic
def log_considered(
    candidate_ids: Sequence[int], *, act: str, by: Member, now: datetime, selection: Selection | None = None
) -> None:
    """Who was chosen for an act. Of a whole result the ids follow when it is written out."""
    if act not in CONSIDERING:
        return
    if selection is not None and selection.search is not None:
        if found := latest_search(by, now=now):
            detail = {"selection": selection.pk, "everyone": True}
            append_entry(
                EntryKind.CONSIDERED, by=by, at=now, search_id=found[0], session=found[1], act=act, detail=detail
            )
        return
    for (search_id, session), ids in searches_that_found(by, candidate_ids, now=now).items():
        append_entry(
            EntryKind.CONSIDERED, by=by, at=now, session=session, search_id=search_id, candidate_ids=ids, act=act
        )


@transaction.atomic
def log_written_out(selection: Selection, *, now: datetime) -> None:
    chosen = SearchLogEntry.objects.filter(
        kind=EntryKind.CONSIDERED, member=selection.by_id, at__gte=selection.created_at, detail__selection=selection.pk
    )
    if (first := chosen.order_by("pk").first()) is None:
        return
    ids = selection.candidate_ids
    for start in range(0, len(ids), IDS_OF_AN_ENTRY):
        append_entry(
            EntryKind.CONSIDERED,
            by=selection.by, at=now, session=first.session, search_id=first.search_id, act=first.act,
            candidate_ids=ids[start : start + IDS_OF_AN_ENTRY], detail={"selection": selection.pk},
        )  # fmt: skip
