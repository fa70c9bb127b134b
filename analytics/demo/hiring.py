"""A year and a half of applications in the ATS that the demo's organisation had before, as its last export told."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from talentpool.actions.applications import Standing, Telling
from talentpool.models import Application, ApplicationState, Candidate, Job, Source, SourceKind, StepKind

SOURCE = "Applications until the new ATS"
# Title, place, and what stands in the titles of who applies for it.
JOBS = (
    ("Charge Nurse, Emergency", "Fresno, CA", r"nurs|\brn\b|\bcna\b"),
    ("Respiratory Therapist", "Fresno, CA", r"therap|respirat|radiolog|phlebotom|laborator"),
    ("Medical Assistant, Clovis", "Clovis, CA", r"assistant|medical|patient|schedul|clinic"),
    ("HVAC Technician", "Visalia, CA", r"hvac|technician|engineer|electric|plumb|mainten|mechanic"),
    ("Staff Accountant", "Fresno, CA", r"account|financ|payable|billing|payroll|controller"),
)
DAYS = 540
SHARE = 12  # one of so many people applied
FEWEST = 15  # in a small demo too
REASONS = ("Lacks the licence", "Somebody else fitted better", "Too far away", "Shifts did not suit", "Pay")
SCORECARDS = (
    "Calm when it got busy, and knew why each step is done. Would take them for the next opening.",
    "Strong on the work itself; another one had done it for longer. Keep in touch.",
    "The team liked them at once. Asked good questions about handover between shifts.",
    "Careful and friendly, a little slow in the exercise. Yes with a mentor at the side.",
    "Leads by example. It came down to the start date and nothing else.",
)
OWN_REASONS = ("Took another job", "Pay", "Stayed where she was")


def tell_history(*, now: datetime, seed: int) -> None:
    """Each applies in their trade and goes as far as chance lets; who was known before, after they became known."""
    random = Random(f"{seed}:hiring")
    source = Source.objects.create(name=SOURCE, kind=SourceKind.ATS, trust=60)
    jobs = Job.objects.bulk_create(
        Job(title=title, location=place, is_open=False, source=source, opened_at=now - timedelta(days=DAYS))
        for title, place, _ in JOBS
    )
    people = list(Candidate.objects.present().filter(application_set=None).order_by("pk"))
    wanted = [(person, job) for person in people if (job := _in_trade(person, jobs))]
    for person, job in random.sample(wanted, min(max(len(people) // SHARE, FEWEST), len(wanted))):
        began = max(person.created_at + timedelta(days=random.randint(1, 60)), now - timedelta(days=DAYS))
        if random.random() < 0.25:  # she applied first, and is known since
            began = person.created_at - timedelta(days=random.randint(1, 20))
        began += timedelta(days=random.randint(0, 200))
        if began < now - timedelta(days=60):
            _go(random, person, job, source, began, now)


def _in_trade(person: Candidate, jobs: Sequence[Job]) -> Job | None:
    title = person.current_title.lower()
    return next((job for job, (_, _, words) in zip(jobs, JOBS, strict=True) if re.search(words, title)), None)


def _go(random: Random, person: Candidate, job: Job, source: Source, began: datetime, now: datetime) -> None:
    standing = Standing("New", "applied", applied_at=began, moved_at=began)
    with Telling(began) as telling:
        application = telling.start(person.pk, person.pk, job, source, standing)
    at = began + timedelta(days=random.randint(1, 9))
    if random.random() < 0.45:
        at = _come_to(application, StepKind.INTERVIEW, "Interview", "interview", at, random.randint(3, 14))
        with Telling(at) as telling:
            words = random.choice(SCORECARDS)
            telling.step(application, StepKind.SCORECARD, at=at, key="scorecard:1", words=words)
        if random.random() < 0.4:
            at = _come_to(application, StepKind.OFFER, "Offer", "offer", at, random.randint(2, 8))
            if random.random() < 0.8:
                _end(application, ApplicationState.HIRED, "", at)
                return
    steps_back = random.random() < 0.2
    reasons: Sequence[str] = OWN_REASONS if steps_back else REASONS
    state = ApplicationState.WITHDRAWN if steps_back else ApplicationState.REJECTED
    _end(application, state, random.choice(reasons), min(at, now))


def _come_to(application: Application, kind: StepKind, stage: str, phase: str, at: datetime, days: int) -> datetime:
    with Telling(at) as telling:
        telling.move(application, Standing(stage, phase, moved_at=at))
        telling.step(application, kind, at=at, key=f"{kind.value}:1", words=stage)
    return at + timedelta(days=days)


def _end(application: Application, state: ApplicationState, reason: str, at: datetime) -> None:
    ended = Standing(application.stage, application.phase, state, reason, moved_at=at)
    with Telling(at) as telling:
        telling.move(application, ended)
