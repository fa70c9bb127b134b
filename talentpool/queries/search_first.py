"""Search first: who of the pool might do, shown before a job is given to an agency, with what they would save."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from talentpool.fees import Fee
from talentpool.models import Agency, Candidate, Claim, ContactState, Job
from talentpool.queries.jobs import Suggestion, suggested_for
from talentpool.queries.medalists import Medalist, medalists_for
from talentpool.wishes import InWords, Salary


@dataclass(frozen=True)
class OwnMatch:
    """One of the pool: a silver medalist, or somebody whose work is like the job's."""

    person: Candidate
    medalist: Medalist | None = None
    suggestion: Suggestion | None = None
    claim: Claim | None = None  # of an agency that is owed a fee whoever hires her
    saves: str = ""


@dataclass(frozen=True)
class OwnMatches:
    people: Sequence[OwnMatch]
    fee: str = ""  # what one hire through the agency costs; empty where nothing was agreed

    @property
    def medalists(self) -> int:
        return sum(each.medalist is not None for each in self.people)

    @property
    def claimed(self) -> int:
        return sum(each.claim is not None for each in self.people)

    @property
    def reachable(self) -> int:
        return sum(each.person.contact_state == ContactState.MAY_WRITE for each in self.people)  # type: ignore[attr-defined] # annotated


def own_matches(job: Job, agency: Agency | None, number: InWords = "{:,}".format) -> OwnMatches:
    """Silver medalists first, then the most alike; what they save is told of an agency."""
    medalists = [OwnMatch(each.person, medalist=each) for each in medalists_for(job)]
    known = {each.person.pk for each in medalists}
    others = [OwnMatch(each.line.person, suggestion=each) for each in suggested_for(job, without=known)]
    fee, people = Fee.read(agency.fee if agency else ""), [*medalists, *others]
    claims = _running_claims(each.person.pk for each in people)
    found = [_with_saving(each, claims.get(each.person.pk), fee, number) for each in people]
    return OwnMatches(found, fee.words(number) if fee else "")


def _with_saving(match: OwnMatch, claim: Claim | None, fee: Fee | None, number: InWords) -> OwnMatch:
    if claim or fee is None:
        return replace(match, claim=claim)
    return replace(match, saves=fee.saved(Salary.read(match.person.wants.get("salary", "")), number))


def _running_claims(people: Iterable[int]) -> dict[int, Claim]:
    """Of each person the claim that holds."""
    holding: dict[int, Claim] = {}
    for claim in Claim.objects.running().filter(candidate__in=list(people)).select_related("agency"):
        holding.setdefault(claim.candidate_id, claim)
    return holding
