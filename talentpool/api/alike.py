"""People like a candidate, and who of the pool might do for a job."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from talentpool.api.people_schemas import HitOut, ReasonOut, shown_people
from talentpool.api.words import Id
from talentpool.models import Agency, Candidate, Job
from talentpool.queries.medalists import Medalist
from talentpool.queries.search_first import OwnMatch, own_matches
from talentpool.search.alike import like_person
from talentpool.search.find import Reason

people = Router()
jobs = Router()


class AlikeOut(Schema):
    items: list[HitOut] = Field(description="The most alike first.")


class MedalistOut(Schema):
    job_id: int = Field(description="The earlier job.")
    furthest: str = Field(description="interview or offer")
    at: datetime | None
    state: str = Field(description="rejected or withdrawn")
    reason: str
    words: list[str] = Field(description="What interviewers said, the last first.")


class ClaimOut(Schema):
    agency_id: int
    until: datetime


class OwnMatchOut(Schema):
    candidate_id: int
    name: str
    contact_state: str
    silver_medalist: MedalistOut | None = Field(description="Null where title and skills are what fits.")
    reasons: list[ReasonOut]
    fits: bool = Field(description="Has all words of the job's title, or came far for a job like it.")
    claim: ClaimOut | None = Field(description="Of an agency that is owed a fee whoever hires them.")
    saves: str = Field(description="What hiring them without the agency saves; empty without an agency or a fee.")


class OwnMatchesOut(Schema):
    items: list[OwnMatchOut] = Field(description="Silver medalists first, then the most alike.")
    fee: str = Field(description="What one hire through the agency costs, in words.")


class AgencyQuery(Schema):
    agency_id: Id | None = Field(None, description="The agency that might look for somebody instead.")


@people.get("/{candidate_id}/alike", response=AlikeOut, summary="People like a candidate")
@needs(Scope.READ_CANDIDATES, Permission.VIEW_CANDIDATES)
def candidate_alike(request: TokenRequest, candidate_id: Id) -> dict[str, object]:
    hits = like_person(get_object_or_404(Candidate.objects.present(), pk=candidate_id))
    found = {person.pk: person for person in shown_people().filter(pk__in=[hit.candidate_id for hit in hits])}
    shown = [hit for hit in hits if hit.candidate_id in found]
    return {"items": [{"candidate": found[hit.candidate_id], "reasons": _reasons(hit.reasons)} for hit in shown]}


@jobs.get("/{job_id}/people", response=OwnMatchesOut, summary="Who of the pool might do for a job")
@needs(Scope.READ_CANDIDATES, Permission.MANAGE_JOBS)
def job_people(request: TokenRequest, job_id: Id, asked: Query[AgencyQuery]) -> dict[str, object]:
    """Silver medalists of jobs like it, and whose title and skills fit; with an agency, what they would save."""
    job = get_object_or_404(Job.objects.select_related("family"), pk=job_id)
    agency = Agency.objects.filter(pk=asked.agency_id).first() if asked.agency_id else None
    if asked.agency_id and agency is None:
        raise ValidationError({"agency_id": "There is no such agency."})
    matches = own_matches(job, agency)
    return {"items": [_match(each) for each in matches.people], "fee": matches.fee}


def _match(match: OwnMatch) -> dict[str, Any]:
    suggestion = match.suggestion
    return {
        "candidate_id": match.person.pk,
        "name": str(match.person),
        "contact_state": match.person.contact_state,  # type: ignore[attr-defined] # annotated
        "silver_medalist": _medalist(match.medalist) if match.medalist else None,
        "reasons": _reasons(suggestion.line.reasons) if suggestion else [],
        "fits": suggestion is None or suggestion.fits,
        "claim": match.claim,
        "saves": match.saves,
    }


def _medalist(medalist: Medalist) -> dict[str, Any]:
    way = medalist.application
    return {
        "job_id": way.job_id,
        "furthest": medalist.furthest.value,
        "at": medalist.at,
        "state": way.state,
        "reason": way.reason,
        "words": [step.words for step in medalist.words],
    }


def _reasons(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    return [{"label": each.label, "html": str(each.html), "note": each.note} for each in reasons]
