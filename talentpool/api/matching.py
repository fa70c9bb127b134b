"""How careful people are brought together: the two thresholds, and what becomes of the open questions by them."""

from typing import Any, Literal

from django.utils import timezone
from ninja import Field, Router, Schema

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from talentpool.actions.matching_rules import SETTINGS, change_rules, current_rules, thresholds_of
from talentpool.queries.matching import foreseen

router = Router()
Caution = Literal[-3, 0, 4, 8]
AskLess = Literal[-3, 0, 3, 6]


class MatchingChange(Schema):
    """Only what is sent is changed."""

    automatic: bool | None = Field(None, description="Merge by itself what is beyond doubt.")
    caution: Caution | None = Field(
        None, description="Bits above the score from which a pool of this size merges: -3 more, 0 as measured, 8 least."
    )
    ask_less: AskLess | None = Field(
        None, description="Bits above the lowest score that is asked about: -3 about all, 6 about the likeliest."
    )
    career_gate: bool | None = Field(
        None, description="One employer at the same time, one town and a very rare name are enough."
    )
    phone_gate: bool | None = Field(
        None, description="One phone and one name are enough when nothing differs: father and son become one."
    )


class ForeseenOut(Schema):
    """The open questions that nobody has answered or put off."""

    merged: int = Field(description="Merge by themselves")
    strong: int = Field(description="Are asked, and can be merged in bulk")
    asked: int = Field(description="Are asked, the strong ones among them")
    gone: int = Field(description="Are no longer asked")


class MatchingOut(Schema):
    automatic: bool
    caution: float
    ask_less: float
    career_gate: bool
    phone_gate: bool
    records: int = Field(description="The size of the pool when it was last counted; the thresholds grow with it.")
    merge_from: float = Field(description="Bits of evidence from which a pair merges by itself.")
    ask_from: float = Field(description="Bits of evidence from which a pair is asked about.")
    open_questions: ForeseenOut


@router.get("", response=MatchingOut, summary="Read the thresholds of matching")
@needs(Scope.SETTINGS, Permission.MANAGE_ORGANISATION)
def matching_read(request: TokenRequest) -> dict[str, Any]:
    return _told()


@router.patch("", response=MatchingOut, summary="Change the thresholds of matching")
@needs(Scope.SETTINGS, Permission.MANAGE_ORGANISATION)
def matching_change(request: TokenRequest, payload: MatchingChange) -> dict[str, Any]:
    """Open questions below the new lowest score go; what merges by itself from now on is merged in the next seconds."""
    rules = current_rules(now=timezone.now())
    wanted = {name: getattr(rules, name) for name in SETTINGS}
    change_rules(**wanted | payload.model_dump(exclude_none=True), by=request.member)
    return _told()


def _told() -> dict[str, Any]:
    rules = current_rules(now=timezone.now())
    thresholds = thresholds_of(rules)
    return {name: getattr(rules, name) for name in (*SETTINGS, "records")} | {
        "merge_from": thresholds.merge,
        "ask_from": thresholds.ask,
        "open_questions": foreseen(thresholds, automatic=rules.automatic),
    }
