"""What the words of an ATS mean here: stages, reasons, sources, users, departments, families and fields of its own."""

from typing import Literal

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from ats_sync.actions.connections import map_words
from ats_sync.forms.words import families_in, meanings_in
from ats_sync.models import AtsRecord, Connection
from ats_sync.queries.words import MEANS, words_of
from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.api.words import Id, Line

router = Router()
MOST = 500


class WordOut(Schema):
    id: int
    kind: str
    external_id: str = Field(description="The ATS’s own id or key.")
    name: str = Field(description="What it is called there.")
    parent: str = Field(description="Of a stage its job, where stages belong to one.")
    maps_to: str = Field(
        description="A phase, withdrawn or rejected, an id of a source or member, a name, a field’s key."
    )
    family_id: int | None = Field(description="Of a department or family of theirs, the job family that it is here.")


class MeaningIn(Schema):
    """Only what is sent is changed."""

    id: Id
    maps_to: Line | None = Field(None, description="Empty takes it back; of a field “+” makes a new one of yours.")
    family_id: Id | None = Field(None, description="Of a department or family of theirs; null means none.")


class MeaningsIn(Schema):
    meanings: list[MeaningIn] = Field(min_length=1, max_length=MOST)


class MappedOut(Schema):
    changed: int


@router.get("/connections/{connection_id}/words", response=Page[WordOut], summary="List the ATS’s words")
@needs(Scope.READ_ATS, Permission.VIEW_ATS)
def word_list(
    request: TokenRequest,
    connection_id: Id,
    asked: Query[PageQuery],
    kind: Literal["", "stage", "reason", "source", "user", "department", "family", "field"] = "",
) -> dict[str, object]:
    connection = get_object_or_404(Connection, pk=connection_id)
    rows = AtsRecord.objects.filter(connection=connection, kind__in=[kind] if kind else list(MEANS), gone_at=None)
    found, cursor = page_by_id(rows.order_by(), asked)
    return {"items": found, "next_cursor": cursor}


@router.post("/connections/{connection_id}/words", response=MappedOut, summary="Say what words of the ATS mean")
@needs(Scope.SETTINGS, Permission.MANAGE_ATS)
def words_map(request: TokenRequest, connection_id: Id, wish: MeaningsIn) -> dict[str, int]:
    """Of everybody at once, what is here already and what comes. Words that aren’t named stay as they are."""
    connection = get_object_or_404(Connection, pk=connection_id)
    groups = words_of(connection, by_job=True)
    known = {word.id for group in groups for word in group.words}
    if any(each.id not in known for each in wish.meanings):
        raise ValidationError("That is no word of this ATS.")
    said = {f"word-{each.id}": each.maps_to for each in wish.meanings if each.maps_to is not None}
    families = {
        f"family-{each.id}": str(each.family_id or "") for each in wish.meanings if "family_id" in each.model_fields_set
    }
    meanings, of_words = meanings_in(said, groups), families_in(families, groups)
    return {"changed": map_words(connection, meanings, families=of_words, by=request.member)}
