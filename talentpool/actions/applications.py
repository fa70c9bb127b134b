"""Ways through jobs as an ATS tells them: written down with their steps, which the person's story tells too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from talentpool.actions.activities import record_activity
from talentpool.actions.tags import tag_named
from talentpool.models import (
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
from talentpool.models.tag import SILVER_MEDALIST
from talentpool.signals import application_gone, application_moved

FAR = (Phase.INTERVIEW, Phase.OFFER)  # who came so far and was not chosen was nearly
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


def start_application(
    candidate_id: int,
    origin_id: int,
    job: Job,
    source: Source,
    standing: Standing,
    *,
    now: datetime,
    told_at: datetime | None = None,
) -> Application:
    """A way through a job that was not known before, wherever it has got to by now. `told_at` is what the signal
    calls `at`."""
    application: Application = Application.objects.create(
        candidate_id=candidate_id, origin_id=origin_id, job=job, source=source, state_at=now, **_columns(standing)
    )
    add_step(application, StepKind.APPLIED, at=standing.applied_at or standing.moved_at or now, key="applied")
    if standing.state != ApplicationState.OPEN or standing.phase not in ("", Phase.APPLIED):
        _tell_move(application, standing, now=now)
    application_moved.send(sender=Application, application_id=application.pk, before=None, at=told_at)
    return application


def move_application(
    application: Application, standing: Standing, *, now: datetime, told_at: datetime | None = None
) -> bool:
    """Brings it to where the ATS says it stands; False when it stood there before."""
    before = Standing(application.stage, application.phase, ApplicationState(application.state), application.reason)
    columns = _columns(standing)
    changed = [name for name, value in columns.items() if getattr(application, name) != value]
    for name in changed:
        setattr(application, name, columns[name])
    application.state_at = now
    application.save(update_fields=[*changed, "state_at"])
    if (before.stage, before.state) == (standing.stage, standing.state):
        return bool(changed)
    if before.state != ApplicationState.OPEN and standing.state == ApplicationState.OPEN:
        at = standing.moved_at or now
        add_step(application, StepKind.REOPENED, at=at, key=f"reopened:{at.isoformat()}")
    _tell_move(application, standing, now=now)
    application_moved.send(sender=Application, application_id=application.pk, before=before, at=told_at)
    return True


def end_application(application: Application, *, now: datetime) -> None:
    """It is no more in the ATS: nobody is in process because of it."""
    if application.state == ApplicationState.OPEN:
        application.state = ApplicationState.WITHDRAWN
    application.state_at = now
    application.save(update_fields=["state", "state_at"])
    add_step(application, StepKind.DELETED, at=now, key="deleted")
    application_gone.send(sender=Application, application_id=application.pk)


def add_step(
    application: Application, kind: StepKind, *, at: datetime, key: str, stage: str = "", words: str = ""
) -> ApplicationStep | None:
    """Told once, whatever else comes; None when it was told before. Whoever calls is the only one who tells of the
    application now."""
    if ApplicationStep.objects.filter(application=application, key=key[:120]).exists():
        return None
    step: ApplicationStep = ApplicationStep.objects.create(
        application=application,
        key=key[:120],
        kind=kind,
        stage=stage[:120],
        words=words[:500],
        at=at,
        candidate_id=application.candidate_id,
        origin_id=application.origin_id,
    )
    record_activity(
        application.candidate_id,
        ActivityKind.APPLICATION,
        at=at,
        origin_id=application.origin_id,
        what=WORDS[kind].format(stage=stage),
        job=application.job.title,
        detail=f": {words}" if words else "",
        application_id=application.pk,
    )
    return step


def key_of(kind: StepKind, stage: str, at: datetime) -> str:
    """By stage and second: the same change is told by a webhook to the second and by a list to the millisecond."""
    return f"{kind.value}:{stage[:60]}:{at:%Y-%m-%dT%H:%M:%S}"


def _columns(standing: Standing) -> dict[str, Any]:
    columns = {
        "stage": standing.stage[:120],
        "phase": standing.phase,
        "state": standing.state.value,
        "reason": standing.reason[:300],
    }
    return columns | ({"applied_at": standing.applied_at} if standing.applied_at else {})


def _tell_move(application: Application, standing: Standing, *, now: datetime) -> None:
    at = standing.moved_at or now
    kind = ENDS.get(standing.state, StepKind.MOVED)
    add_step(
        application, kind, at=at, key=key_of(kind, standing.stage, at), stage=standing.stage, words=standing.reason
    )
    if kind == StepKind.REJECTED:
        _honour(application, now=now)


def _honour(application: Application, *, now: datetime) -> None:
    """Rejected after an interview: somebody to come back to."""
    if application.phase not in FAR and not _has_been_far(application):
        return
    CandidateTag.objects.get_or_create(
        candidate_id=application.candidate_id,
        tag=tag_named(SILVER_MEDALIST),
        defaults={"origin_id": application.origin_id, "at": now},
    )


def _has_been_far(application: Application) -> bool:
    steps: Sequence[str] = (StepKind.INTERVIEW, StepKind.SCORECARD, StepKind.OFFER)
    return ApplicationStep.objects.filter(application=application, kind__in=steps).exists()
