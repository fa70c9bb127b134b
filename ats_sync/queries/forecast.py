"""What would happen to people who are added to the ATS, before anything is sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from ats_sync.models import AtsRecord, Connection, Push, PushKind
from ats_sync.vocabulary import Kind
from talentpool.models import Candidate


class Outcome(models.TextChoices):
    NEW = "new", "Would be added"
    APPLIES = "applies", "Is there already, would become an applicant for the job"
    THERE = "there", "Is there already"
    WAITS = "waits", "Is on the way there already"
    CANNOT = "cannot", "Can’t be added"


HAPPENS = (Outcome.NEW, Outcome.APPLIES)
NO_ADDRESS = "no e-mail address or phone number, so nobody could tell whether they are there already"


@dataclass(frozen=True)
class Forecast:
    person: Candidate
    outcome: Outcome
    why: str = ""

    @property
    def happens(self) -> bool:
        return self.outcome in HAPPENS


def forecasts(connection: Connection, candidate_ids: Sequence[int], job: str) -> list[Forecast]:
    """By what is known here; four queries. `job` is the ATS's id, or nothing for a prospect."""
    people = Candidate.objects.present().in_bulk(list(candidate_ids))
    held = AtsRecord.objects.filter(connection=connection, candidate__in=people, gone_at=None)
    there = {pk for pk in held.filter(kind=Kind.PERSON).values_list("candidate_id", flat=True) if pk}
    applied = _applicants(connection, list(people), job) if job else set()
    waiting = Push.objects.filter(connection=connection, candidate__in=people, kind__in=[PushKind.ADD, PushKind.APPLY])
    going = {each.candidate_id for each in waiting.waiting() if str(each.content.get("job", "")) == job}
    return [_forecast(people[pk], pk in there, pk in applied, pk in going, job) for pk in candidate_ids if pk in people]


def _forecast(person: Candidate, is_there: bool, has_applied: bool, is_going: bool, job: str) -> Forecast:
    if is_going:
        return Forecast(person, Outcome.WAITS)
    if has_applied:
        return Forecast(person, Outcome.THERE, "and in process for this job")
    if is_there:
        return Forecast(person, Outcome.APPLIES if job else Outcome.THERE)
    if not any(point["kind"] in ("email", "phone") for point in person.contact_points):
        return Forecast(person, Outcome.CANNOT, NO_ADDRESS)
    return Forecast(person, Outcome.NEW)


def _applicants(connection: Connection, candidate_ids: Sequence[int], job: str) -> set[int]:
    """Who of them has an open application for that job."""
    rows = AtsRecord.objects.filter(
        connection=connection,
        kind=Kind.APPLICATION,
        candidate__in=candidate_ids,
        gone_at=None,
        application__state="open",
        application__job__in=AtsRecord.objects.filter(connection=connection, kind=Kind.JOB, external_id=job).values(
            "job"
        ),
    )
    return {pk for pk in rows.values_list("candidate_id", flat=True) if pk}


def numbers(found: Sequence[Forecast]) -> list[tuple[str, int]]:
    """How many of each outcome, in words, the ones that happen first."""
    counted = Counter(each.outcome for each in found)
    return [(str(outcome.label), counted[outcome]) for outcome in Outcome if counted[outcome]]
