"""Agencies and what they submitted, to read."""

from datetime import date, datetime

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from crm.rest.paging import Page, PageQuery, page_by_id
from talentpool.api.words import Id
from talentpool.models import Agency, Submission

router = Router()


class AgencyOut(Schema):
    id: int
    name: str
    contact_name: str
    contact_email: str
    ownership_days: int
    known_days: int
    fee: str = Field(description="“20 %” of the first year's pay or “9000 USD” for a hire; empty where none is known.")
    created_at: datetime
    ended_at: datetime | None


class SubmissionOut(Schema):
    id: int
    agency_id: int
    job_id: int
    job: str = Field(alias="job.title")
    candidate_id: int | None
    name: str = Field(description="As the agency wrote it; empty once the person was erased.")
    result: str = Field(description="claimed, owned, known, taken or refused: what was decided when it came")
    state: str = Field(description="received, in_process, rejected or hired; of the application where one is known")
    counts: bool = Field(description="It is the agency's: no earlier claim of another runs.")
    owned_until: datetime | None
    agreed_on: date
    at: datetime

    @staticmethod
    def resolve_state(submission: Submission) -> str:
        return submission.stage.value


@router.get("", response=Page[AgencyOut], summary="List agencies")
@needs(Scope.READ_AGENCIES, Permission.VIEW_AGENCIES)
def agency_list(request: TokenRequest, asked: Query[PageQuery]) -> dict[str, object]:
    found, cursor = page_by_id(Agency.objects.all(), asked)
    return {"items": found, "next_cursor": cursor}


@router.get("/{agency_id}", response=AgencyOut, summary="Read an agency")
@needs(Scope.READ_AGENCIES, Permission.VIEW_AGENCIES)
def agency_read(request: TokenRequest, agency_id: Id) -> Agency:
    return get_object_or_404(Agency, pk=agency_id)


@router.get("/{agency_id}/submissions", response=Page[SubmissionOut], summary="List an agency's submissions")
@needs(Scope.READ_AGENCIES, Permission.VIEW_AGENCIES)
def agency_submissions(request: TokenRequest, agency_id: Id, asked: Query[PageQuery]) -> dict[str, object]:
    agency = get_object_or_404(Agency, pk=agency_id)
    found, cursor = page_by_id(Submission.objects.filter(agency=agency).for_list(), asked)
    return {"items": found, "next_cursor": cursor}
