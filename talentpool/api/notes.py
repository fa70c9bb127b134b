"""What is between us and a person: notes, followers, tags, how warm, who talks with them, who worked with them."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from crm.models import Member
from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.actions.notes import add_note, change_note
from talentpool.actions.tags import tag_named, tag_people, untag
from talentpool.actions.watching import unwatch, watch
from talentpool.api.words import Id, Line, NoteText
from talentpool.models import Candidate, Mention, Note, NoteKind, Tag
from talentpool.queries.colleagues import colleagues_of
from talentpool.queries.conversations import Talk, talks_with
from talentpool.queries.members import members_who_see_people
from talentpool.queries.news import watchers_of
from talentpool.queries.relationship import Relationship, relationship_with
from talentpool.queries.stories import tags_of

router = Router()
MOST_COLLEAGUES = 100


class MemberOut(Schema):
    id: int
    name: str


class NoteOut(Schema):
    id: int
    kind: NoteKind
    text: str
    by: MemberOut | None = Field(description="Empty for a note that was written in an ATS.")
    author: str = Field(description="Who wrote it there.")
    at: datetime
    edited_at: datetime | None
    mentions: list[MemberOut]

    @staticmethod
    def resolve_mentions(note: Note) -> list[Member]:
        return [mention.member for mention in note.mentions.all()]


class NoteIn(Schema):
    text: NoteText = Field(description="`@Name` or `@e-mail` tells that colleague of it.")
    kind: NoteKind = NoteKind.NOTE


class NoteChange(Schema):
    text: NoteText


class WatcherIn(Schema):
    member_id: Id | None = Field(None, description="You, unless you name a colleague.")


class TagIn(Schema):
    name: Line = Field(min_length=1, max_length=60)


class TagOut(Schema):
    id: int
    name: str
    colour: str


class ReasonOut(Schema):
    words: str
    at: datetime
    number: int = Field(description="How many events of the kind count.")


class RelationshipOut(Schema):
    strength: float
    level: int = Field(description="0 cold to 4 hot.")
    word: str
    reasons: list[ReasonOut]
    fading_since: datetime | None
    cools_at: datetime | None = Field(description="When the level falls if nothing happens.")


class ColleagueOut(Schema):
    candidate_id: int = Field(alias="person.pk")
    name: str = Field(alias="person.name")
    employers: list[str]
    months: int
    first_year: int
    last_year: int
    same_place: bool
    owner: MemberOut | None = Field(None, alias="person.owner")


class ColleaguesOut(Schema):
    items: list[ColleagueOut] = Field(description="Those who were longest together first.")
    number: int


class ColleagueQuery(Schema):
    limit: int = Field(25, ge=1, le=MOST_COLLEAGUES)


class TalkOut(Schema):
    who: str
    since: datetime
    last: datetime
    about: list[str]


class MentionOut(Schema):
    id: int
    candidate_id: int
    note_id: int
    text: str = Field(alias="note.text")
    by: MemberOut | None = Field(alias="note.by")
    at: datetime
    seen_at: datetime | None


@router.get("/candidates/{candidate_id}/notes", response=Page[NoteOut], summary="List the notes about a person")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def note_list(request: TokenRequest, candidate_id: Id, asked: Query[PageQuery]) -> dict[str, object]:
    notes = Note.objects.filter(candidate=_person(candidate_id)).select_related("by")
    found, cursor = page_by_id(notes.prefetch_related("mentions__member"), asked)
    return {"items": found, "next_cursor": cursor}


@router.post("/candidates/{candidate_id}/notes", response={200: NoteOut}, summary="Write a note, a call or a meeting")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def note_create(request: TokenRequest, candidate_id: Id, payload: NoteIn) -> Note:
    return add_note(_person(candidate_id), payload.text, kind=payload.kind, by=request.member)


@router.patch("/candidates/{candidate_id}/notes/{note_id}", response=NoteOut, summary="Change a note of yours")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def note_change(request: TokenRequest, candidate_id: Id, note_id: Id, payload: NoteChange) -> Note:
    """What it said before is kept."""
    note = get_object_or_404(Note, pk=note_id, candidate=_person(candidate_id))
    return change_note(note, payload.text, by=request.member)


@router.get("/candidates/{candidate_id}/watchers", response=list[MemberOut], summary="List who follows a person")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def watcher_list(request: TokenRequest, candidate_id: Id) -> list[Member]:
    return watchers_of(_person(candidate_id))


@router.post("/candidates/{candidate_id}/watchers", response={200: list[MemberOut]}, summary="Have somebody follow")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def watcher_add(request: TokenRequest, candidate_id: Id, payload: WatcherIn) -> list[Member]:
    person = _person(candidate_id)
    member = request.member if payload.member_id is None else _member(payload.member_id)
    watch(person, member, by=request.member)
    return watchers_of(person)


@router.delete("/candidates/{candidate_id}/watchers/{member_id}", response=list[MemberOut], summary="End following")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def watcher_remove(request: TokenRequest, candidate_id: Id, member_id: Id) -> list[Member]:
    person = _person(candidate_id)
    unwatch(person, get_object_or_404(Member, pk=member_id), by=request.member)
    return watchers_of(person)


@router.post("/candidates/{candidate_id}/tags", response={200: list[TagOut]}, summary="Give a tag")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def tag_give(request: TokenRequest, candidate_id: Id, payload: TagIn) -> list[Tag]:
    """The tag is made if there is none of the name."""
    person = _person(candidate_id)
    tag_people(tag_named(payload.name), [person.pk], by=request.member)
    return tags_of(person)


@router.delete("/candidates/{candidate_id}/tags/{tag_id}", response=list[TagOut], summary="Take a tag away")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def tag_take(request: TokenRequest, candidate_id: Id, tag_id: Id) -> list[Tag]:
    person = _person(candidate_id)
    untag(person, get_object_or_404(Tag, pk=tag_id), by=request.member)
    return tags_of(person)


@router.get("/candidates/{candidate_id}/relationship", response=RelationshipOut, summary="How warm a person is and why")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def relationship_read(request: TokenRequest, candidate_id: Id) -> Relationship:
    return relationship_with(_person(candidate_id))


@router.get("/candidates/{candidate_id}/colleagues", response=ColleaguesOut, summary="Who of the pool worked with them")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def colleague_list(request: TokenRequest, candidate_id: Id, asked: Query[ColleagueQuery]) -> dict[str, object]:
    found = colleagues_of(_person(candidate_id), today=timezone.localdate(), limit=asked.limit)
    return {"items": found.shown, "number": found.number}


@router.get("/candidates/{candidate_id}/conversations", response=list[TalkOut], summary="Who else talks with a person")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def conversation_list(request: TokenRequest, candidate_id: Id) -> list[Talk]:
    """Of the last 30 days; what you did yourself is left out."""
    return talks_with(_person(candidate_id), but=request.member)


@router.get("/mentions", response=Page[MentionOut], summary="List the notes that mention you")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def mention_list(request: TokenRequest, asked: Query[PageQuery]) -> dict[str, object]:
    present = Mention.objects.filter(member=request.member, candidate__merged_into=None, candidate__erased_at=None)
    found, cursor = page_by_id(present.select_related("note__by"), asked)
    return {"items": found, "next_cursor": cursor}


@router.get("/members", response=list[MemberOut], summary="List the members who see people")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def member_list(request: TokenRequest) -> list[Member]:
    return list(members_who_see_people())


def _person(candidate_id: int) -> Candidate:
    return get_object_or_404(Candidate.objects.present(), pk=candidate_id)


def _member(member_id: int) -> Member:
    member = members_who_see_people().filter(pk=member_id).first()
    if member is None:
        raise ValidationError({"member_id": "No member who sees people has this id."})
    return member
