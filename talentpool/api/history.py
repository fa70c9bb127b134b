"""The history of a candidate's field: every value that was ever said, by whom, and why one is shown."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from crm.models.api_token import Scope
from crm.permissions import Permission, may
from crm.rest.door import TokenRequest, needs
from talentpool.api.words import Id, Line
from talentpool.field_words import FIELD_WORDS
from talentpool.models import Candidate
from talentpool.queries.custom_fields import custom_fields
from talentpool.queries.history import FieldHistory, field_history

router = Router()


class HistoryQuery(Schema):
    field: Line = Field("", description="Such as headline, emails or positions.")


class SaidOut(Schema):
    value: str
    standing: str = Field(
        description="shown, agrees, other, overruled, replaced, withdrawn, removed, unheard, unreadable"
    )
    reason: str
    who: str = Field(description="The source, or who edited it here.")
    way: str
    at: datetime = Field(description="When it was true at its source, or when it was edited.")
    profile_id: int | None
    edit_id: int | None
    passage: str = Field(description="The place in the document, where there is one.")


class ToldOut(Schema):
    value: str
    is_shown: bool
    why: str
    said: list[SaidOut] = Field(alias="lines")


class HistoryOut(Schema):
    field: str = Field(alias="name")
    values: list[ToldOut] = Field(alias="chapters", description="One for a text; one for each value of a list.")


@router.get("/{candidate_id}/history", response=HistoryOut, summary="Read the history of a field")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def candidate_history(request: TokenRequest, candidate_id: Id, asked: Query[HistoryQuery]) -> FieldHistory:
    candidate = get_object_or_404(Candidate.objects.present(), pk=candidate_id)
    own = {each.name for each in custom_fields(restricted=may(request.member, Permission.VIEW_RESTRICTED_FIELDS))}
    if asked.field not in FIELD_WORDS and asked.field not in own:
        raise ValidationError({"field": f"There is no such field. The fields are: {', '.join(FIELD_WORDS)}."})
    return field_history(candidate, asked.field)
