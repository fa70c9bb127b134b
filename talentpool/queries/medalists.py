"""Silver medalists: who came as far as an interview or an offer for an earlier job and wasn't hired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from talentpool.models import Application, ApplicationState, ApplicationStep, Candidate, Job, Phase, StepKind
from talentpool.models.job import FAR, FAR_STEPS
from talentpool.search.alike import words_of_title

MOST = 25
LATELY = timedelta(days=14)  # for how long a job is one that has just opened
_JOBS = 10


@dataclass(frozen=True)
class Medalist:
    person: Candidate
    application: Application  # the one that came furthest, and of those the last
    furthest: Phase
    words: Sequence[ApplicationStep]  # what was said of her on that way, the last first

    @property
    def at(self) -> datetime | None:
        return self.application.state_at or self.application.applied_at


def medalists_for(job: Job, *, most: int = MOST) -> list[Medalist]:
    """Of earlier jobs of its family, or of the same title where it has none; offers first, then the latest.

    Nobody who was hired since, who is in process for anything now, or who has applied for this job already.
    """
    said = ApplicationStep.objects.exclude(words="").order_by("-at", "-pk")
    ways = _nearly(job).select_related("job").prefetch_related(Prefetch("steps", said, to_attr="said"))
    ordered = sorted(ways.order_by("pk"), key=lambda way: (_furthest(way) != Phase.OFFER, -_when(way)))
    first: dict[int, Application] = {}
    for way in ordered:
        first.setdefault(way.candidate_id, way)
    people = Candidate.objects.present().with_contact_state().in_bulk(first)
    chosen = [way for way in first.values() if way.candidate_id in people][:most]
    return [Medalist(people[way.candidate_id], way, _furthest(way), _telling(way)) for way in chosen]


def jobs_with_medalists(*, now: datetime) -> list[tuple[Job, int]]:
    """The jobs that opened lately, the newest first, each with how many people came far for one like it."""
    jobs = Job.objects.filter(is_open=True, opened_at__gt=now - LATELY).select_related("family").order_by("-opened_at")
    counted = [(job, _nearly(job).values("candidate").distinct().count()) for job in jobs[:_JOBS]]
    return [(job, number) for job, number in counted if number]


def _telling(way: Application) -> list[ApplicationStep]:
    """The steps whose words say more than their kind and why it ended."""
    known = {way.reason.casefold(), *(str(kind.label).casefold() for kind in StepKind)}
    return [step for step in way.said if step.words.casefold() not in known][:3]  # type: ignore[attr-defined]


def _nearly(job: Job) -> QuerySet[Application]:
    steps = ApplicationStep.objects.filter(application=OuterRef("pk"))
    elsewhere = Application.objects.filter(candidate=OuterRef("candidate"))
    came_far = Q(phase__in=FAR) | Exists(steps.filter(kind__in=FAR_STEPS))
    return (
        Application.objects.filter(_alike(job), candidate__merged_into=None, candidate__erased_at=None)
        .filter(came_far, state__in=(ApplicationState.REJECTED, ApplicationState.WITHDRAWN))
        .exclude(job=job)
        .exclude(Exists(elsewhere.filter(state__in=(ApplicationState.OPEN, ApplicationState.HIRED))))
        .exclude(Exists(elsewhere.filter(job=job)))
        .annotate(had_offer=Exists(steps.filter(kind=StepKind.OFFER)))
    )


def _alike(job: Job) -> Q:
    if job.family_id:
        return Q(job__family=job.family_id)
    words = words_of_title(job.title)
    same = Q(job__title__iexact=job.title)
    return same | Q(*(Q(job__title__icontains=word) for word in words)) if words else same


def _furthest(way: Application) -> Phase:
    return Phase.OFFER if way.phase == Phase.OFFER or way.had_offer else Phase.INTERVIEW  # type: ignore[attr-defined]


def _when(way: Application) -> float:
    at = way.state_at or way.applied_at
    return at.timestamp() if at else (timezone.now() - timedelta(days=36_500)).timestamp()
