"""Applications with every change of stage, and what belongs to them: offers, interviews, scorecards."""

from datetime import datetime

from ats_sync.actions.applying.batch import Batch
from ats_sync.actions.applying.words import meanings
from ats_sync.models import AtsRecord
from ats_sync.providers import provider_class
from ats_sync.vocabulary import ApplicationRecord, Kind, StepRecord
from ats_sync.wording import likely_phase, plain_text
from talentpool.actions.applications import Standing, Telling, key_of
from talentpool.models import Application, ApplicationState, ApplicationStep, Job, StepKind

ENDS = (ApplicationState.REJECTED, ApplicationState.WITHDRAWN)
HIDDEN = "Job that the ATS doesn’t show"
STEP = {
    Kind.STEP: StepKind.MOVED,
    Kind.OFFER: StepKind.OFFER,
    Kind.INTERVIEW: StepKind.INTERVIEW,
    Kind.SCORECARD: StepKind.SCORECARD,
}


def apply_applications(batch: Batch, applications: list[ApplicationRecord]) -> None:
    stages = _stages(batch, applications)
    rejected = any(each.state == ApplicationState.REJECTED for each in applications)
    endings = meanings(batch, Kind.REASON) if rejected else {}
    batch.load((Kind.REASON, each.reason_id) for each in applications if each.reason_id)
    with Telling(batch.now) as telling:
        for each in applications:
            person = batch.person(each.person)
            if person is not None:
                _apply(batch, telling, each, person, stages, endings)


def apply_steps(batch: Batch, steps: list[StepRecord]) -> None:
    with Telling(batch.now) as telling:
        told = [(each, of, _step(batch, telling, each, of)) for each in steps if (of := _whose(batch, each))]
    for each, of, step in told:
        known = batch.record(each.what, each.id)
        whose = {"candidate_id": of.candidate_id, "origin_id": of.origin_id}
        batch.keep(each, step=step if step.pk else None, parent=each.application, **whose)
        batch.note(each, "changed" if known else "new")


def _apply(
    batch: Batch,
    telling: Telling,
    each: ApplicationRecord,
    person: AtsRecord,
    stages: dict[str, AtsRecord],
    endings: dict[str, str],
) -> None:
    known = batch.record(Kind.APPLICATION, each.id)
    if not each.job:
        _keep_prospect(batch, telling, each, known, person)
        return
    told_at = _happened_at(batch, each, known)
    if told_at and _mails_itself(batch, each, known, stages):
        told_at = None
    application = _settle(batch, telling, each, known, person, _standing(batch, each, stages, endings), told_at)
    whose = {"candidate_id": application.candidate_id, "origin_id": application.origin_id}
    batch.keep(each, application=application, parent=each.person, **whose)
    batch.note(each, "changed" if known else "new")


def _keep_prospect(
    batch: Batch, telling: Telling, each: ApplicationRecord, known: AtsRecord | None, person: AtsRecord
) -> None:
    """Somebody who is kept in mind there is in no process: the record is known, and no application is made of it."""
    if known and known.application:
        telling.end(known.application)
    whose = {"candidate_id": person.candidate_id, "origin_id": person.origin_id}
    batch.keep(each, application=None, parent=each.person, **whose)
    batch.note(each, "changed" if known else "new")


def _whose(batch: Batch, step: StepRecord) -> Application | None:
    of = batch.record(Kind.APPLICATION, step.application)
    return of.application if of else None


def _step(batch: Batch, telling: Telling, each: StepRecord, application: Application) -> ApplicationStep:
    at, words = each.at or batch.now, plain_text(each.words)
    known = batch.record(each.what, each.id)
    if known and known.step:
        known.step.words, known.step.at = ("" if each.what == Kind.STEP else words[:500]), at
        known.step.save(update_fields=["words", "at"])
        return known.step
    if each.what == Kind.STEP:
        return telling.step(application, StepKind.MOVED, at=at, key=key_of(StepKind.MOVED, words, at), stage=words)
    return telling.step(application, STEP[each.what], at=at, key=f"{each.what}:{each.id}", words=words)


def _settle(
    batch: Batch,
    telling: Telling,
    each: ApplicationRecord,
    known: AtsRecord | None,
    person: AtsRecord,
    standing: Standing,
    told_at: datetime | None,
) -> Application:
    job = _job(batch, each)
    application = known.application if known else None
    if application is None:
        assert person.candidate_id
        origin_id = person.origin_id or person.candidate_id
        return telling.start(person.candidate_id, origin_id, job, batch.connection.source, standing, told_at=told_at)
    if application.job_id != job.pk or application.candidate_id != person.candidate_id:
        # moved to another job there, or to the one whom its person was merged into
        Application.objects.filter(pk=application.pk).update(job=job, candidate_id=person.candidate_id)
        application = Application.objects.select_related("job").get(pk=application.pk)
    telling.move(application, standing, told_at=told_at)
    return application


def _happened_at(batch: Batch, each: ApplicationRecord, known: AtsRecord | None) -> datetime | None:
    """None for what the first load finds. Where the ATS doesn't say when somebody moved, it was after we last saw her
    where she was."""
    if batch.connection.loaded_at is None:
        return None
    if known is not None and known.application is not None:
        return each.moved_at or batch.heard_at or known.checked_at
    return each.moved_at or each.applied_at or batch.heard_at


def _mails_itself(batch: Batch, each: ApplicationRecord, known: AtsRecord | None, stages: dict[str, AtsRecord]) -> bool:
    """Whether the ATS writes to her about this move."""
    if known is None and provider_class(batch.connection.provider).mails_people:
        return True
    if each.state in ENDS:
        reason = plain_text(each.reason)[:300]
        reasons = AtsRecord.objects.filter(connection=batch.connection, kind=Kind.REASON, name=reason)
        return bool(reason) and reasons.filter(content__mails=True).exists()
    stage = stages.get(each.stage)
    return bool(stage and stage.content.get("mails"))


def _job(batch: Batch, each: ApplicationRecord) -> Job:
    """One that the credentials may not read has a job of that name."""
    record = batch.record(Kind.JOB, each.job)
    if record and record.job:
        return record.job
    job: Job
    job, _ = Job.objects.get_or_create(title=HIDDEN, source=batch.connection.source, defaults={"is_open": False})
    return job


def _stages(batch: Batch, applications: list[ApplicationRecord]) -> dict[str, AtsRecord]:
    batch.load((Kind.STAGE, each.stage) for each in applications if each.stage)
    return {key[1]: record for key, record in batch.records.items() if key[0] == Kind.STAGE}


def _standing(batch: Batch, each: ApplicationRecord, stages: dict[str, AtsRecord], endings: dict[str, str]) -> Standing:
    """A stage is what somebody mapped it to; one that is not known yet is guessed by its name. Where an ATS has
    rejections only, the reason's meaning tells who stepped back."""
    stage = stages.get(each.stage)
    name = each.stage_name or (stage.name if stage else "")
    reason = plain_text(each.reason)[:300]
    by_id = batch.record(Kind.REASON, each.reason_id)
    means = by_id.maps_to if by_id else endings.get(reason)
    stepped_back = each.state == ApplicationState.REJECTED and means == ApplicationState.WITHDRAWN
    return Standing(
        stage=name[:120],
        phase=stage.maps_to if stage and stage.maps_to else likely_phase(name),
        state=ApplicationState.WITHDRAWN if stepped_back else each.state,
        reason=reason,
        applied_at=each.applied_at,
        moved_at=each.moved_at,
    )
