"""What happens on the way to a job: applying, moving, rejecting, hiring, offers, interviews, scorecards."""

from typing import Any

from tests.simulators.ats.candidates import CandidateOperations
from tests.simulators.ats.rows import Application, Eeoc, Interview, Offer, Rejection, Scorecard, Stage, StageEntry
from tests.simulators.ats.store import operation


class NotPossible(ValueError):
    """What the system refuses, with the sentence it refuses with."""


class ApplicationOperations(CandidateOperations):
    def stages_of(self, job_id: int | None) -> list[Stage]:
        """Of the job, or those that all jobs share; in their order."""
        own = self.stages.where(job_id=job_id) or self.stages.where(job_id=None)
        return sorted((stage for stage in own if stage.active), key=lambda stage: stage.position)

    def current_entry(self, application_id: int) -> StageEntry | None:
        entries = self.stage_entries.where(application_id=application_id, left_at=None)
        return entries[-1] if entries else None

    @operation
    def apply(
        self,
        candidate_id: int,
        job_id: int | None,
        *,
        stage_id: int | None = None,
        by: int | None = None,
        **values: Any,
    ) -> Application:
        """For a job, in its first stage unless told otherwise; without a job it makes a prospect."""
        candidate = self.row("candidates", candidate_id)
        job = self.row("jobs", job_id) if job_id else None
        values.setdefault("prospect", job is None)
        application = self.add(
            Application(
                candidate_id=candidate_id, job_id=job_id, applied_at=self.now(), last_activity_at=self.now(), **values
            ),
            told=False,
        )
        if job is not None and not application.prospect:
            self._enter(application, stage_id or self.stages_of(job_id)[0].id, by)
        self.touch(candidate)
        self.record("application.created", application, by=by)
        return application

    def _enter(self, application: Application, stage_id: int, by: int | None) -> None:
        stage = self.row("stages", stage_id)
        if stage.job_id not in (None, application.job_id):
            raise NotPossible("The stage belongs to another job.")
        self._leave(application)
        entry = StageEntry(application_id=application.id, stage_id=stage_id, entered_at=self.now(), by_id=by)
        self.add(entry, told=False)
        self._set(application, stage_id=stage_id)

    def _leave(self, application: Application) -> None:
        if entry := self.current_entry(application.id):
            self.edit(entry, told=False, left_at=self.now())

    def _set(self, application: Application, **values: Any) -> None:
        self.edit(application, told=False, last_activity_at=self.now(), **values)
        if candidate := self.candidates.get(application.candidate_id):
            self.touch(candidate)

    def _active(self, application_id: int) -> Application:
        application = self.row("applications", application_id)
        if application.status != "active":
            raise NotPossible(f"The application is {application.status}.")
        return application

    @operation
    def move(self, application_id: int, stage_id: int, *, by: int | None = None) -> Application:
        application = self._active(application_id)
        before = application.stage_id
        if before != stage_id:
            self._enter(application, stage_id, by)
            self.record("application.moved", application, by=by, data={"from": before, "to": stage_id})
        return application

    @operation
    def transfer(self, application_id: int, job_id: int, *, stage_id: int | None = None, by: int | None = None):
        """To another job, where it starts in the first stage."""
        application = self._active(application_id)
        before = application.job_id
        self.row("jobs", job_id)
        self._set(application, job_id=job_id, prospect=False, pool_id=None)
        self._enter(application, stage_id or self.stages_of(job_id)[0].id, by)
        self.record("application.moved", application, by=by, data={"from_job": before, "to": application.stage_id})
        return application

    @operation
    def reject(
        self,
        application_id: int,
        reason_id: int | None,
        *,
        note: str = "",
        by: int | None = None,
        status: str = "rejected",
    ) -> Application:
        application = self._active(application_id)
        if reason_id is not None:
            self.row("reject_reasons", reason_id)
        rejection = Rejection(application_id=application.id, reason_id=reason_id, at=self.now(), by_id=by, note=note)
        self.add(rejection, told=False)
        self._set(application, status=status, rejected_at=self.now(), reject_reason_id=reason_id)
        self.record(f"application.{status}", application, by=by)
        return application

    @operation
    def withdraw(self, application_id: int, reason_id: int | None = None, *, by: int | None = None) -> Application:
        """The person says no. The reason is one of theirs unless told otherwise."""
        theirs = next((reason.id for reason in self.reject_reasons.where(kind="them")), None)
        return self.reject(application_id, reason_id or theirs, by=by, status="withdrawn")

    @operation
    def unreject(self, application_id: int, *, by: int | None = None) -> Application:
        application = self.row("applications", application_id)
        if application.status not in ("rejected", "withdrawn"):
            raise NotPossible("The application is not rejected.")
        for rejection in self.rejections.where(application_id=application_id):
            self.remove(rejection, told=False)
        self._set(application, status="active", rejected_at=None, reject_reason_id=None)
        self.record("application.unrejected", application, by=by)
        return application

    @operation
    def hire(self, application_id: int, *, starts_on: str | None = None, by: int | None = None) -> Application:
        application = self._active(application_id)
        if application.job_id is None or application.prospect:
            raise NotPossible("A prospect cannot be hired.")
        for offer in self.offers.where(application_id=application_id, status="created"):
            self.edit(offer, by=by, status="accepted", resolved_at=self.now())
        self._set(application, status="hired", hired_at=self.now(), starts_on=starts_on)
        self.record("application.hired", application, by=by)
        return application

    @operation
    def unhire(self, application_id: int, *, by: int | None = None) -> Application:
        application = self.row("applications", application_id)
        if application.status != "hired":
            raise NotPossible("The application is not hired.")
        self._set(application, status="active", hired_at=None, starts_on=None)
        self.record("application.unhired", application, by=by)
        return application

    @operation
    def edit_application(self, application_id: int, *, by: int | None = None, **values: Any) -> Application:
        application = self.row("applications", application_id)
        if any(getattr(application, name) != value for name, value in values.items()):
            self.edit(application, by=by, last_activity_at=self.now(), **values)
        return application

    @operation
    def make_offer(self, application_id: int, *, by: int | None = None, **values: Any) -> Offer:
        """A new version where there is one; the older one is deprecated."""
        application = self._active(application_id)
        older = self.offers.where(application_id=application_id)
        for offer in older:
            self.edit(offer, by=by, status="deprecated", resolved_at=self.now())
        offer = self.add(Offer(application_id=application.id, version=len(older) + 1, user_id=by, **values), by=by)
        self._set(application)
        return offer

    @operation
    def plan_interview(self, application_id: int, *, by: int | None = None, **values: Any) -> Interview:
        application = self._active(application_id)
        values.setdefault("stage_id", application.stage_id)
        interview = self.add(Interview(application_id=application_id, organizer_id=by, **values), by=by)
        self._set(application)
        return interview

    @operation
    def score(self, application_id: int, *, by: int | None = None, **values: Any) -> Scorecard:
        application = self.row("applications", application_id)
        card = Scorecard(application_id=application_id, interviewer_id=by, submitted_at=self.now(), **values)
        self.add(card, by=by)
        self._set(application)
        return card

    @operation
    def answer_eeoc(self, application_id: int, **values: Any) -> Eeoc:
        self.row("applications", application_id)
        return self.add(Eeoc(application_id=application_id, submitted_at=self.now(), **values))

    def bulk_move(self, application_ids: list[int], position: int, *, by: int | None = None) -> list[int]:
        """Many at once to the stage of that position, without a webhook; answers whom it moved."""
        moved = []
        with self.silently():
            for application in map(self.applications.get, application_ids):
                if application is None or application.status != "active" or application.stage_id is None:
                    continue
                stages = self.stages_of(application.job_id)
                target = stages[min(position, len(stages) - 1)].id
                if application.stage_id != target:
                    self.move(application.id, target, by=by)
                    moved.append(application.id)
        return moved
