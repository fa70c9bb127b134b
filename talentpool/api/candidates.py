"""Candidates: create, read, change, list, search."""

from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from crm.models import Member
from crm.models.api_token import Scope
from crm.permissions import Permission, may
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import MOST, Page, PageQuery, page_by_id
from talentpool.actions.edits import edit_candidate
from talentpool.actions.people import IncomingRecord, Outcome, receive_profiles
from talentpool.actions.sources import source_named
from talentpool.api.people_schemas import (
    CandidateChange,
    CandidateIn,
    CandidateOut,
    MergedOut,
    ReceivedOut,
    SearchOut,
    WhyNotOut,
    shown_people,
)
from talentpool.api.words import Id, Line, Moment
from talentpool.api.words import Query as QueryText
from talentpool.identity.emails import email_key
from talentpool.models import Candidate, KeyKind, ProfileKind, SourceKind
from talentpool.queries.merges import survivor_of
from talentpool.queries.why_not import judged
from talentpool.search.engines.base import Sort
from talentpool.search.facets import FACETS
from talentpool.search.find import QueryError, SearchRequest, find
from talentpool.signals import people_searched
from talentpool.wishes import Remote

router = Router()
Level = Annotated[int, Field(ge=0, le=4)]
Soon = Annotated[int, Field(ge=0, le=3)]


class CandidateQuery(PageQuery):
    email: Line = Field("", description="People who have this address, however it is written.")
    source: Line = Field("", description="People of whom this source said something.")
    external_id: Line = Field("", description="Their id at a source.")
    updated_since: Moment | None = None


class SearchQuery(Schema):
    q: QueryText = Field(
        "",
        description='Words, "phrases", AND, OR, NOT, ( ), title: skill: location: source: tag:, '
        "salary:<60000 available:<2027-01 permit:DE remote:hybrid warmth:>=3 wants: experience:5..10 contacted:>90d "
        'has:resume missing:email silver:yes consent:valid stage: pipeline: near:"Austin, TX" 50mi custom.key:',
    )
    source: list[Line] = Field([], max_length=20)
    title: list[Line] = Field([], max_length=20)
    location: list[Line] = Field([], max_length=20)
    skill: list[Line] = Field([], max_length=20)
    tag: list[Line] = Field([], max_length=20)
    consent: list[Line] = Field([], max_length=20, description="Contact states, such as may_write.")
    warmth: list[Level] = Field([], max_length=5, description="0 cold to 4 hot")
    available: list[Soon] = Field([], max_length=4, description="0 now, 1 in a month, 2 in three months, 3 later")
    remote: list[Remote] = Field([], max_length=3)
    permit: list[Line] = Field([], max_length=20, description="ISO 3166, such as DE; US-sponsor where one is needed")
    pay: list[Line] = Field([], max_length=20, description="Bands of a year's pay, as a saved search has them.")
    exactly: bool = Field(False, description="As typed, without other names of the same thing.")
    less: list[Line] = Field([], max_length=50, description="Other names to do without.")
    employer: list[Line] = Field([], max_length=20)
    experience: list[Level] = Field(
        [], max_length=5, description="Years of work: 0 below 2, 1 to 4, 2 to 9, 3 to 19, 4"
    )
    stage: list[Line] = Field([], max_length=20, description="Stages of pipelines and phases of applications.")
    pipeline: list[Line] = Field([], max_length=20, description="Ids.")
    contacted: list[Level] = Field(
        [], max_length=5, description="0 last month, 1 three months, 2 a year, 3 longer, 4 never"
    )
    engagement: list[Literal["replied", "clicked", "opened"]] = Field([], max_length=3)
    sort: Sort = "relevance"
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(25, ge=1, le=MOST)

    def request(self, member: Member) -> SearchRequest:
        chosen = {name: tuple(map(str, said)) for name in FACETS if (said := getattr(self, name, None))}
        return SearchRequest(
            text=self.q,
            facets=chosen,
            exactly=self.exactly,
            less=tuple(self.less),
            sort=self.sort,
            cursor=self.cursor,
            limit=self.limit,
            with_facets=False,
            sees_restricted=may(member, Permission.VIEW_RESTRICTED_FIELDS),
        )


@router.get("", response=Page[CandidateOut], summary="List candidates")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def candidate_list(request: TokenRequest, asked: Query[CandidateQuery]) -> dict[str, object]:
    people = shown_people()
    if asked.email:
        people = people.filter(identitykey_set__kind=KeyKind.EMAIL, identitykey_set__value=email_key(asked.email))
    if asked.source:
        people = people.filter(profile_set__source__name=asked.source)
    if asked.external_id:
        people = people.filter(profile_set__external_id=asked.external_id)
    if asked.updated_since:
        people = people.filter(updated_at__gte=asked.updated_since)
    found, cursor = page_by_id(people.distinct(), asked)
    return {"items": found, "next_cursor": cursor}


@router.get("/search", response=SearchOut, summary="Search candidates")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def candidate_search(request: TokenRequest, asked: Query[SearchQuery]) -> dict[str, object]:
    try:
        page = find(search := asked.request(request.member))
    except QueryError as error:
        where = f"{error.message} (at character {error.position + 1})"
        raise ValidationError({"q": where}) from error
    if search.text or search.facets:
        people_searched.send(sender=Candidate, by=request.member, asked=search, page=page)
    people = {person.pk: person for person in shown_people().filter(pk__in=[hit.candidate_id for hit in page.hits])}
    items = [
        {
            "candidate": people[hit.candidate_id],
            "reasons": [{"label": each.label, "html": str(each.html), "note": each.note} for each in hit.reasons],
        }
        for hit in page.hits
        if hit.candidate_id in people
    ]
    told = ("next_cursor", "total", "total_is_estimate", "engine", "other_names")
    return {"items": items, **{name: getattr(page, name) for name in told}}


@router.get("/{candidate_id}/why-not", response=WhyNotOut, summary="Why a search finds a candidate or not")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def candidate_why_not(request: TokenRequest, candidate_id: Id, asked: Query[SearchQuery]) -> dict[str, object]:
    """Each part of the search against this candidate, and what the index says of them."""
    person = get_object_or_404(Candidate.objects.present(), pk=candidate_id)
    try:
        found = judged(asked.request(request.member), person)
    except QueryError as error:
        raise ValidationError({"q": str(error.message)}) from error
    parts = list(found.verdict.flat())[1:] if found.verdict else []
    return {
        "matches": found.matches,
        "found": found.is_found,
        "index_is_current": found.index.is_current,
        "parts": [
            {
                "depth": depth - 1,
                "words": part.words,
                "holds": part.holds,
                "decides": part.decides,
                "left_out": part.is_left_out,
            }
            for depth, part in parts
        ],
    }


@router.post("", response={200: ReceivedOut, 201: ReceivedOut}, summary="Bring in a record of a person")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def candidate_create(request: TokenRequest, payload: CandidateIn) -> Status[dict[str, object]]:
    """201 for somebody new. A record of somebody known adds to that person, and 200 says `updated` or `unchanged`."""
    source = source_named(payload.source, kind=SourceKind.API, by=request.member)
    [received] = receive_profiles(
        [
            IncomingRecord(
                source=source,
                kind=ProfileKind.API,
                fields=payload.fields(),
                raw=payload.model_dump(mode="json", exclude_defaults=True, exclude={"observed_at"}),
                external_id=payload.external_id,
                observed_at=payload.observed_at,
            )
        ],
        by=request.member,
    )
    if received.candidate_id is None:
        raise ValidationError("This person asked to be erased, so the record was kept out.")
    status = 201 if received.outcome is Outcome.NEW else 200
    return Status(status, {"outcome": received.outcome, "candidate": shown_people().get(pk=received.candidate_id)})


@router.get("/{candidate_id}", response={200: CandidateOut, 301: MergedOut}, summary="Read a candidate")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def candidate_read(request: TokenRequest, candidate_id: Id, response: HttpResponse) -> Any:
    """Who was merged into somebody answers 301 with the survivor's address."""
    return _moved(request, candidate_id, response) or get_object_or_404(shown_people(), pk=candidate_id)


@router.patch("/{candidate_id}", response={200: CandidateOut, 308: MergedOut}, summary="Change a candidate")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def candidate_change(request: TokenRequest, candidate_id: Id, payload: CandidateChange, response: HttpResponse) -> Any:
    """Only what you send is changed. Your value is shown from now on, and what it replaced is kept.

    Who was merged into somebody answers 308 with the survivor's address.
    """
    if moved := _moved(request, candidate_id, response, status=308):
        return moved
    candidate = get_object_or_404(Candidate.objects.present(), pk=candidate_id)
    edit_candidate(candidate, payload.changes(), by=request.member)
    return shown_people().get(pk=candidate_id)


def _moved(
    request: TokenRequest, candidate_id: int, response: HttpResponse, *, status: int = 301
) -> Status[dict[str, int]] | None:
    if not Candidate.objects.filter(pk=candidate_id, merged_into__isnull=False).exists():
        return None
    survivor = survivor_of(candidate_id)
    response["Location"] = request.path.rpartition("/")[0] + f"/{survivor}"
    return Status(status, {"merged_into": survivor})
