"""A neutral applicant tracking system in memory: what every vendor's has, in words of none.

    world = World()
    populate(world, people=200, seed=7)          # people.py
    world.move(application.id, stage.id, by=user.id)
    world.snapshot()                             # plain data, to compare two sides with ==

Every operation is one step under one lock and ends in a `Change`, of which the listeners (webhooks.py) are told at
once. With `state=` the world is kept in a file and survives a SIGKILL.
"""

from pathlib import Path
from typing import Any

from tests.simulators.ats.applications import ApplicationOperations, NotPossible
from tests.simulators.ats.clock import Clock
from tests.simulators.ats.rows import Job, Stage
from tests.simulators.ats.store import Change, NotThere, operation

__all__ = ["USUAL_STAGES", "Change", "NotPossible", "NotThere", "World"]

USUAL_STAGES = (
    ("Application Review", "applied"),
    ("Phone Screen", "screening"),
    ("Interview", "interview"),
    ("Final Interview", "interview"),
    ("Offer", "offer"),
)


class World(ApplicationOperations):
    """`stages_per_job`: each job gets stages of its own (Greenhouse, Ashby), or all share one list (Lever, Odoo)."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        state: Path | str | None = None,
        stages_per_job: bool = True,
        merging_drops_same_job: bool = False,
    ) -> None:
        super().__init__(clock, state)
        self.stages_per_job = stages_per_job
        self.merging_drops_same_job = merging_drops_same_job

    @operation
    def add_job(self, title: str, *, by: int | None = None, **values: Any) -> Job:
        values.setdefault("opened_at", self.now())
        job = self.add(Job(title=title, **values), told=False)
        if self.stages_per_job:
            self.add_stages(job.id)
        elif not self.stages.where(job_id=None):
            self.add_stages(None)
        self.record("job.created", job, by=by)
        return job

    def add_stages(self, job_id: int | None) -> list[Stage]:
        return [
            self.add(Stage(name=name, kind=kind, job_id=job_id, position=position), told=False)
            for position, (name, kind) in enumerate(USUAL_STAGES)
        ]

    @operation
    def edit_job(self, job_id: int, *, by: int | None = None, **values: Any) -> Job:
        """Closing and opening write down when."""
        job = self.row("jobs", job_id)
        if values.get("status", job.status) != job.status:
            stamp = {"closed": "closed_at", "open": "opened_at"}.get(values["status"])
            values |= {stamp: self.now()} if stamp else {}
            values |= {"closed_at": None} if values["status"] == "open" else {}
        self.edit(job, by=by, **values)
        return job

    @operation
    def delete_job(self, job_id: int, *, by: int | None = None) -> None:
        job = self.row("jobs", job_id)
        if self.applications.where(job_id=job_id):
            raise NotPossible("The job has applications.")
        for stage in self.stages.where(job_id=job_id):
            self.remove(stage, told=False)
        self.remove(job, by=by)

    @operation
    def delete_stage(self, stage_id: int, *, by: int | None = None) -> None:
        stage = self.row("stages", stage_id)
        if any(application.stage_id == stage_id for application in self.applications):
            raise NotPossible("Somebody is in the stage.")
        self.remove(stage, by=by)

    def person(self, application_id: int) -> Any:
        return self.candidates.get(self.row("applications", application_id).candidate_id)
