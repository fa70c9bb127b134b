"""Tags of the organisation, with their colours."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.tags import change_tag, delete_tag, merge_tags
from talentpool.api.notes import TagOut
from talentpool.api.words import Id, Line
from talentpool.models import Tag, TagColour
from talentpool.queries.tags import tags_with_people

router = Router()


class TagWithPeople(TagOut):
    people: int


class TagChange(Schema):
    name: Line | None = Field(None, min_length=1, max_length=60)
    colour: TagColour | None = None


class TagMerge(Schema):
    into: Id = Field(description="The tag that everybody gets in its place.")


class TagGone(Schema):
    people: int = Field(description="How many people had it.")


@router.get("", response=Page[TagWithPeople], summary="List tags")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def tag_list(request: TokenRequest, asked: Query[PageQuery]) -> dict[str, object]:
    found, cursor = page_by_id(tags_with_people(), asked)
    return {"items": found, "next_cursor": cursor}


@router.patch("/{tag_id}", response=TagOut, summary="Rename or colour a tag")
@needs(Scope.WRITE_CANDIDATES, Permission.MANAGE_TAGS)
def tag_change(request: TokenRequest, tag_id: Id, payload: TagChange) -> Tag:
    tag = get_object_or_404(Tag, pk=tag_id)
    colour = payload.colour or TagColour(tag.colour)
    change_tag(tag, name=payload.name or tag.name, colour=colour, by=request.member)
    return tag


@router.post("/{tag_id}/merge", response={200: TagOut}, summary="Merge a tag into another")
@needs(Scope.WRITE_CANDIDATES, Permission.MANAGE_TAGS)
def tag_merge(request: TokenRequest, tag_id: Id, payload: TagMerge) -> Tag:
    tag = get_object_or_404(Tag, pk=tag_id)
    into = Tag.objects.filter(pk=payload.into).first()
    if into is None:
        raise ValidationError({"into": "There is no such tag."})
    merge_tags(tag, into, by=request.member)
    return into


@router.delete("/{tag_id}", response=TagGone, summary="Take a tag from everybody")
@needs(Scope.WRITE_CANDIDATES, Permission.MANAGE_TAGS)
def tag_remove(request: TokenRequest, tag_id: Id) -> TagGone:
    return TagGone(people=delete_tag(get_object_or_404(Tag, pk=tag_id), by=request.member))
