"""Agencies in figures, and whose a person is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from talentpool.models import Agency, AgencyJob, Candidate, Claim, Submission, SubmissionResult, SubmissionState

_COUNTING = [SubmissionResult.CLAIMED, SubmissionResult.OWNED]


@dataclass(frozen=True)
class Ownership:
    """One claim on a person, and whether it is the one that holds now."""

    claim: Claim
    holds: bool
    is_over: bool


@dataclass(frozen=True)
class AgencyFigures:
    submitted: int
    accepted: int  # theirs to submit
    known: int
    taken: int
    in_process: int
    hired: int
    running: int  # claims that hold a person now

    @property
    def conversion(self) -> tuple[int, int]:
        return self.hired, self.accepted


def agencies_with_counts() -> QuerySet[Agency]:
    hired = Q(submissions__state=SubmissionState.HIRED, submissions__result__in=_COUNTING)
    return Agency.objects.annotate(
        submitted=Count("submissions", distinct=True),
        accepted=Count("submissions", filter=Q(submissions__result__in=_COUNTING), distinct=True),
        hired=Count("submissions", filter=hired, distinct=True),
        jobs=Count("openings", filter=Q(openings__closed_at=None, openings__job__is_open=True), distinct=True),
    ).order_by("ended_at", "name")


def figures_of(agency: Agency, now: datetime | None = None) -> AgencyFigures:
    """As the list shows them: what the ATS says of an application goes before what was set by hand."""
    submissions = list(Submission.objects.filter(agency=agency).for_list())
    results = [each.result for each in submissions]
    stages = [each.stage for each in submissions if each.counts]
    return AgencyFigures(
        submitted=len(submissions),
        accepted=len(stages),
        known=results.count(SubmissionResult.KNOWN),
        taken=sum(1 for each in submissions if not each.counts and each.result not in ("known", "refused")),
        in_process=stages.count(SubmissionState.IN_PROCESS),
        hired=stages.count(SubmissionState.HIRED),
        running=Claim.objects.filter(agency=agency, until__gt=now or timezone.now()).count(),
    )


def ownership_of(person: Candidate, now: datetime | None = None) -> Sequence[Ownership]:
    """All claims on a person in the order in which they were made; at most one holds."""
    now = now or timezone.now()
    claims = list(Claim.objects.filter(candidate=person).select_related("agency").order_by("at", "pk"))
    first = next((claim.pk for claim in claims if claim.until > now), None)
    return [Ownership(claim, holds=claim.pk == first, is_over=claim.until <= now) for claim in claims]


def agencies_of(person: Candidate) -> dict[str, Any]:
    """Every submission of a person, and whose she is; one query for most people, whom no agency has sent."""
    submissions = list(Submission.objects.filter(candidate=person).for_list())
    return {"submissions": submissions, "ownership": ownership_of(person) if submissions else ()}


def openings_of(agency: Agency) -> QuerySet[AgencyJob]:
    """With how many the agency has submitted for each."""
    mine = Count("job__submissions", filter=Q(job__submissions__agency=agency), distinct=True)
    return AgencyJob.objects.filter(agency=agency).select_related("job").annotate(submitted=mine).order_by("job__title")
