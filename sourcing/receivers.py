"""News from the talent pool, for the search log."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from crm.models import Member
from sourcing.actions.masking import mask_words
from sourcing.actions.scheduled import log_segment_run
from sourcing.actions.searches import log_considered, log_opened, log_search, log_written_out
from talentpool.models import Selection
from talentpool.search.find import SearchPage, SearchRequest
from talentpool.signals import (
    candidate_erased,
    people_considered,
    people_searched,
    person_opened,
    segment_ran,
    selection_written_out,
)


@receiver(people_searched)
def _log_search(sender: Any, by: Member, asked: SearchRequest, page: SearchPage, **kwargs: Any) -> None:
    log_search(asked, page, by=by, now=timezone.now())


@receiver(person_opened)
def _log_opened(sender: Any, by: Member, candidate_id: int, act: str, **kwargs: Any) -> None:
    log_opened(candidate_id, act=act, by=by, now=timezone.now())


@receiver(people_considered)
def _log_considered(
    sender: Any, by: Member | None, candidate_ids: Sequence[int], act: str, selection: Selection | None, **kwargs: Any
) -> None:
    if by is not None:
        log_considered(candidate_ids, act=act, by=by, now=timezone.now(), selection=selection)


@receiver(selection_written_out)
def _log_written_out(sender: Any, selection: Selection, **kwargs: Any) -> None:
    log_written_out(selection, now=timezone.now())


@receiver(segment_ran)
def _log_segment_run(sender: Any, signal: Any, **ran: Any) -> None:
    log_segment_run(**ran)


@receiver(candidate_erased)
def _mask_words(sender: Any, candidate_id: int, told: Sequence[str] = (), **kwargs: Any) -> None:
    mask_words(told, now=timezone.now())
