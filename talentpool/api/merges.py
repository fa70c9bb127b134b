"""Merging people, undoing it, and the pairs of whom somebody has to say whether they are one."""

from datetime import datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from crm.models.api_token import Scope
from crm.permissions import Permission, may
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import MOST
from talentpool.actions.match_pairs import answer_pair
from talentpool.actions.merges import merge_candidates, unmerge
from talentpool.api.words import Id
from talentpool.models import Candidate, MatchPair, Merge, PairState
from talentpool.queries.evidence import evidence_of_merges, evidence_of_pairs
from talentpool.queries.match_pairs import merges_into, waiting_pairs

merges = Router()
pairs = Router()

ANSWERS = {"merge": PairState.MERGED, "not_the_same": PairState.APART, "later": PairState.LATER}


class EvidenceOut(Schema):
    comparison: str = ""
    level: str = ""
    bits: float = Field(0.0, description="What it adds to the score; below zero it speaks against.")
    words: str = ""
    values: str = Field("", description="What was found, such as “Siemens AG 2015–2019”, as far as it may be shown.")


class MergeIn(Schema):
    survivor_id: Id = Field(description="Whose id and page stay.")
    absorbed_id: Id = Field(description="Whose rows go over; the id leads to the survivor from now on.")
    despite_apart: bool = Field(False, description="Also if somebody said that they are not the same.")


class MergeOut(Schema):
    id: int
    survivor_id: int
    absorbed_id: int
    at: datetime
    automatic: bool
    evidence: list[EvidenceOut] = Field(alias="told")
    undone_at: datetime | None


class UndoIn(Schema):
    apart: bool | None = Field(None, description="Remember that they aren’t the same; by default if it was automatic.")


class StayingOut(Schema):
    words: str = Field(description="Such as “2 notes”.")
    number: int
    examples: list[str]


class UnmergedOut(Schema):
    survivor_id: int
    absorbed_id: int
    stays: list[StayingOut] = Field(description="What was added since the merge and stays with the survivor.")


class PairOut(Schema):
    id: int
    candidate_ids: list[int]
    bits: float
    strong: bool = Field(description="May be merged without looking closely.")
    state: Literal["waiting", "later", "merged", "apart"]
    evidence: list[EvidenceOut] = Field(alias="told")
    found_at: datetime

    @staticmethod
    def resolve_candidate_ids(pair: MatchPair) -> list[int]:
        return [pair.low_id, pair.high_id]


class PairsOut(Schema):
    items: list[PairOut]
    next_cursor: str | None


class PairQuery(Schema):
    strong: bool | None = Field(None, description="Only those with strong evidence, or only the others.")
    cursor: str | None = Field(None, max_length=100, description="The `next_cursor` of the page before.")
    limit: int = Field(25, ge=1, le=MOST)


class AnswerIn(Schema):
    answer: Literal["merge", "not_the_same", "later"]
    survivor_id: Id | None = Field(None, description="Which of the two stays; else the one with more to them.")


@merges.post("", response={201: MergeOut}, summary="Merge two candidates")
@needs(Scope.WRITE_CANDIDATES, Permission.MERGE_CANDIDATES)
def merge_create(request: TokenRequest, payload: MergeIn) -> Status[Merge]:
    """One step that can be undone at any time. 422 says why two can't be merged."""
    survivor, absorbed = (get_object_or_404(Candidate, pk=pk) for pk in (payload.survivor_id, payload.absorbed_id))
    merge = merge_candidates(survivor, absorbed, by=request.member, despite_apart=payload.despite_apart)
    return Status(201, _told(request, merge))


@merges.get("/{merge_id}", response=MergeOut, summary="Read a merge")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def merge_read(request: TokenRequest, merge_id: Id) -> Merge:
    return _told(request, get_object_or_404(Merge.objects.select_related("survivor", "absorbed"), pk=merge_id))


@merges.post("/{merge_id}/undo", response=UnmergedOut, summary="Undo a merge")
@needs(Scope.WRITE_CANDIDATES, Permission.MERGE_CANDIDATES)
def merge_undo(request: TokenRequest, merge_id: Id, payload: UndoIn) -> UnmergedOut:
    """Each gets back what came as theirs, also when either was merged with others since."""
    parted = unmerge(get_object_or_404(Merge, pk=merge_id), by=request.member, apart=payload.apart)
    stays = [StayingOut(words=each.words, number=each.number, examples=list(each.examples)) for each in parted.stays]
    return UnmergedOut(survivor_id=parted.survivor.pk, absorbed_id=parted.absorbed.pk, stays=stays)


@pairs.get("", response=PairsOut, summary="List the pairs that wait for an answer")
@needs(Scope.READ_CANDIDATES, Permission.MERGE_CANDIDATES)
def pair_list(request: TokenRequest, asked: Query[PairQuery]) -> dict[str, object]:
    """The strongest first."""
    found, cursor = waiting_pairs(strong=asked.strong, cursor=asked.cursor or "", limit=asked.limit)
    return {"items": _with_values(request, found), "next_cursor": cursor}


@pairs.post("/{pair_id}/answer", response=PairOut, summary="Answer whether two are one person")
@needs(Scope.WRITE_CANDIDATES, Permission.MERGE_CANDIDATES)
def pair_answer(request: TokenRequest, pair_id: Id, payload: AnswerIn) -> MatchPair:
    """An answer is given once: `merge` can be undone by its merge, `not_the_same` is remembered."""
    pair = get_object_or_404(MatchPair.objects.select_related("low", "high"), pk=pair_id)
    both = {pair.low_id: pair.low, pair.high_id: pair.high}
    if payload.survivor_id and payload.survivor_id not in both:
        raise ValidationError({"survivor_id": "That is neither of the two."})
    survivor = both[payload.survivor_id] if payload.survivor_id else None
    answer_pair(pair, ANSWERS[payload.answer], by=request.member, survivor=survivor)
    pair.refresh_from_db()
    return _with_values(request, [pair])[0]


def _told(request: TokenRequest, merge: Merge) -> Merge:
    """With the values of its evidence, as the page has them."""
    among = [*merges_into(merge.survivor), *merges_into(merge.absorbed)]
    told = evidence_of_merges([merge], among=among, restricted=_sees_all(request))
    merge.told = told[merge.pk]  # type: ignore[attr-defined]
    return merge


def _with_values(request: TokenRequest, found: list[MatchPair]) -> list[MatchPair]:
    told = evidence_of_pairs(found, restricted=_sees_all(request))
    for pair in found:
        pair.told = told[pair.pk]  # type: ignore[attr-defined]
    return found


def _sees_all(request: TokenRequest) -> bool:
    return may(request.member, Permission.VIEW_RESTRICTED_FIELDS)
