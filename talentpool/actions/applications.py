"""Ways through jobs as an ATS tells them: written down with their steps, which the person's story tells too."""

from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from talentpool.actions.activities import record_lines
from talentpool.actions.tags import tag_named
from talentpool.models import (
    Activity,
    ActivityKind,
    Application,
    ApplicationState,
    ApplicationStep,
    CandidateTag,
    Job,
    Phase,
    Source,
    StepKind,
)
from talentpool.models.job import FAR, FAR_STEPS
from talentpool.models.tag import SILVER_MEDALIST
from talentpool.signals import application_gone, applications_moved

ENDS = {
    ApplicationState.HIRED: StepKind.HIRED,
    ApplicationState.REJECTED: StepKind.REJECTED,
    ApplicationState.WITHDRAWN: StepKind.WITHDRAWN,
}
WORDS = {
    StepKind.APPLIED: "Applied",
    StepKind.MOVED: "Moved to {stage}",
    StepKind.REJECTED: "Rejected",
    StepKind.WITHDRAWN: "Withdrew",
    StepKind.HIRED: "Hired",
    StepKind.REOPENED: "Application opened again",
    StepKind.OFFER: "Offer",
    StepKind.INTERVIEW: "Interview",
    StepKind.SCORECARD: "Scorecard",
    StepKind.DELETED: "Application deleted in the ATS",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in a job, as the ATS says; `moved_at` is since when."""

    stage: str = ""
    phase: str = ""
    state: ApplicationState = ApplicationState.OPEN
    reason: str = ""
    applied_at: datetime | None = None
    moved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """`before` is None for an application that was not known; `at` is when it moved, or None for what is history, of
    unknown time, or told to the candidate by the ATS itself: nobody is to be told of it."""

    application: Application
    before: Standing | None
    at: datetime | None


@dataclass(slots=True)
class Telling:
    """What is told of applications in one go: their steps and the lines of people's stories are written together at
    the end, for a busy ATS tells of fifty a second. Whoever tells is the only one who tells of these applications now.

        with Telling(now) as telling:
            application = telling.start(candidate_id, origin_id, job, source, standing)
            telling.step(application, StepKind.OFFER, at=now, key="offer:1")
    """

    now: datetime
    _steps: dict[tuple[int, str], ApplicationStep] = field(default_factory=dict)
    _moves: list[Move] = field(default_factory=list)
    _rejected: list[Application] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.write()

    def start(
        self,
        candidate_id: int,
        origin_id: int,
        job: Job,
        source: Source,
        standing: Standing,
        *,
        told_at: datetime | None = None,
    ) -> Application:
        """A way through a job that was not known before, wherever it has got to by now."""
        whose = {"candidate_id": candidate_id, "origin_id": origin_id}
        application: Application = Application.objects.create(
            job=job, source=source, state_at=self.now, **whose, **_columns(standing)
        )
        applied_at = standing.applied_at or standing.moved_at or self.now
        self.step(application, StepKind.APPLIED, at=applied_at, key="applied")
        if standing.state != ApplicationState.OPEN or standing.phase not in ("", Phase.APPLIED):
            self._move(application, standing)
        self._moves.append(Move(application, None, told_at))
        return application

    def move(self, application: Application, standing: Standing, *, told_at: datetime | None = None) -> bool:
        """Brings it to where the ATS says it stands; False when it stood there before."""
        before = Standing(application.stage, application.phase, ApplicationState(application.state), application.reason)
        columns = _columns(standing)
        changed = [name for name, value in columns.items() if getattr(application, name) != value]
        for name in changed:
            setattr(application, name, columns[name])
        application.state_at = self.now
        application.save(update_fields=[*changed, "state_at"])
        if (before.stage, before.state) == (standing.stage, standing.state):
            return bool(changed)
        if before.state != ApplicationState.OPEN and standing.state == ApplicationState.OPEN:
            at = standing.moved_at or self.now
            self.step(application, StepKind.REOPENED, at=at, key=f"reopened:{at.isoformat()}")
        self._move(application, standing)
        self._moves.append(Move(application, before, told_at))
        return True

    def end(self, application: Application) -> None:
        """It is no more in the ATS: nobody is in process because of it."""
        if application.state == ApplicationState.OPEN:
            application.state = ApplicationState.WITHDRAWN
        application.state_at = self.now
        application.save(update_fields=["state", "state_at"])
        self.step(application, StepKind.DELETED, at=self.now, key="deleted")
        application_gone.send(sender=Application, application_id=application.pk)

    def step(
        self, application: Application, kind: StepKind, *, at: datetime, key: str, stage: str = "", words: str = ""
    ) -> ApplicationStep:
        """Told once, whatever else comes: without an id after `write` when it was told before."""
        step = ApplicationStep(
            application=application,
            key=key[:120],
            kind=kind,
            stage=stage[:120],
            words=words[:500],
            at=at,
            candidate_id=application.candidate_id,
            origin_id=application.origin_id,
        )
        return self._steps.setdefault((application.pk, step.key), step)

    def write(self) -> None:
        steps = self._untold()
        ApplicationStep.objects.bulk_create(steps)
        record_lines(_line(step) for step in steps)
        self._honour()
        moves, self._steps, self._moves, self._rejected = self._moves, {}, [], []
        if moves:
            applications_moved.send(sender=Application, moves=moves)

    def _untold(self) -> list[ApplicationStep]:
        told = ApplicationStep.objects.filter(
            application__in={application for application, _ in self._steps}, key__in={key for _, key in self._steps}
        )
        known = set(told.values_list("application_id", "key")) if self._steps else set()
        return [step for key, step in self._steps.items() if key not in known]

    def _move(self, application: Application, standing: Standing) -> None:
        at = standing.moved_at or self.now
        kind = ENDS.get(standing.state, StepKind.MOVED)
        key = key_of(kind, standing.stage, at)
        self.step(application, kind, at=at, key=key, stage=standing.stage, words=standing.reason)
        if kind == StepKind.REJECTED:
            self._rejected.append(application)

    def _honour(self) -> None:
        """Rejected after an interview: somebody to come back to."""
        if not self._rejected:
            return
        steps = ApplicationStep.objects.filter(application__in=self._rejected, kind__in=FAR_STEPS)
        far = set(steps.values_list("application_id", flat=True))
        nearly = [each for each in self._rejected if each.phase in FAR or each.pk in far]
        if nearly:
            tag = tag_named(SILVER_MEDALIST)
            given = {each.candidate_id: each.origin_id for each in nearly}
            CandidateTag.objects.bulk_create(
                (
                    CandidateTag(tag=tag, candidate_id=whose, origin_id=origin, at=self.now)
                    for whose, origin in given.items()
                ),
                ignore_conflicts=True,
            )


def key_of(kind: StepKind, stage: str, at: datetime) -> str:
    """By stage and second: the same change is told by a webhook to the second and by a list to the millisecond."""
    return f"{kind.value}:{stage[:60]}:{at:%Y-%m-%dT%H:%M:%S}"


def _line(step: ApplicationStep) -> Activity:
    return Activity(
        candidate_id=step.candidate_id,
        origin_id=step.origin_id,
        kind=ActivityKind.APPLICATION,
        at=step.at,
        data={
            "what": WORDS[StepKind(step.kind)].format(stage=step.stage),
            "job": step.application.job.title,
            "detail": f": {step.words}" if step.words else "",
            "application_id": step.application_id,
        },
    )


def _columns(standing: Standing) -> dict[str, Any]:
    columns = {
        "stage": standing.stage[:120],
        "phase": standing.phase,
        "state": standing.state.value,
        "reason": standing.reason[:300],
    }
    return columns | ({"applied_at": standing.applied_at} if standing.applied_at else {})
