"""People picked for one act, and how an act upon them begins.

A selection of a whole search result is written out as ids when its work begins: from then on the run means the same
people, however often it is taken up again and whatever changes meanwhile.
"""

from collections.abc import Mapping, Sequence
from itertools import chain, islice
from typing import Any

from django.db import transaction

from crm.actions.bulk_runs import finish_bulk_run, start_bulk_run
from crm.models import BulkRun, Member
from talentpool.models import Selection
from talentpool.queries.merges import present_ids
from talentpool.queries.selections import search_of
from talentpool.search.find import matching_ids
from talentpool.signals import people_considered, selection_written_out

SLICE = 1000
AT_ONCE = 100  # as many as are done while the page waits


@transaction.atomic
def select_people(
    *, candidate_ids: Sequence[int] = (), search: Mapping[str, Any] | None = None, by: Member, act: str = ""
) -> Selection:
    """`act` is what they are chosen for, when they were found by a search."""
    selection = Selection.objects.create(candidate_ids=list(dict.fromkeys(candidate_ids)), search=search, by=by)
    if act:
        ids = selection.candidate_ids
        people_considered.send(sender=Selection, by=by, candidate_ids=ids, act=act, selection=selection)
    return selection


def ids_of(selection: Selection) -> list[int]:
    """Whom it means now; of a whole search result everybody who is found."""
    if selection.search is None:
        return list(selection.candidate_ids)
    return [pk for batch in matching_ids(search_of(selection)) for pk in batch]


def write_out(selection: Selection, *, most: int) -> None:
    """Those who are found now, instead of the search: nobody joins them later. More than `most` stay a search."""
    found = list(islice(chain.from_iterable(matching_ids(search_of(selection))), most + 1))
    if len(found) <= most:
        selection.candidate_ids, selection.search = found, None
        selection.save(update_fields=["candidate_ids", "search"])


def act_upon(
    selection: Selection,
    kind: str,
    params: Mapping[str, Any],
    *,
    by: Member,
    title: str,
    total: int,
    back_url: str,
) -> BulkRun:
    """A run of that kind upon the selection: upon a few people it has ended when this returns."""
    few = selection.search is None and total <= AT_ONCE
    begin = finish_bulk_run if few else start_bulk_run
    return begin(kind, {"selection": selection.pk, **params}, by=by, title=title[:200], total=total, back_url=back_url)


def next_ids(run: BulkRun, number: int, *, survivors: bool = True) -> list[int]:
    """The people of the run's next slice; the cursor moves on with them, in the slice's own transaction.

    Who was merged since they were chosen is the survivor, unless `survivors` is off.
    """
    selection = Selection.objects.get(pk=run.params["selection"])
    if not run.cursor and (survivors or selection.search is not None):
        selection.candidate_ids = (
            present_ids(selection.candidate_ids) if selection.search is None else ids_of(selection)
        )
        selection.save(update_fields=["candidate_ids"])
        if selection.search is not None:
            selection_written_out.send(sender=Selection, selection=selection)
    run.total = len(selection.candidate_ids)
    done = run.cursor.get("done", 0)
    ids: list[int] = selection.candidate_ids[done : done + number]
    run.cursor = {"done": done + len(ids)}
    return ids
