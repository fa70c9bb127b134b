"""Bodies of Ashby's webhooks, and which act fires which of them (its page “Related Webhooks”)."""

from collections.abc import Callable
from typing import Any

from tests.simulators.ats.dialects import _ashby_rows as shapes
from tests.simulators.ats.dialects import _ashby_steps as steps
from tests.simulators.ats.dialects._ashby_rows import Shown, uuid_of
from tests.simulators.ats.world import Change, World

Told = list[tuple[str, Shown]]


def body_of(act: str | None, name: str, data: Shown) -> Shown:
    return {"webhookActionId": act, "action": name, "data": data}


def of_application(*names: str) -> Callable[[World, Change], Told]:
    """Nothing for who is only kept in mind."""

    def tell(world: World, change: Change) -> Told:
        row = world.applications.get(change.row_id)
        if row.prospect or not row.job_id:
            return []
        return [(name, {"application": shapes.application(world, row)}) for name in names]

    return tell


def hired(world: World, change: Change) -> Told:
    told = of_application("candidateHire", "candidateStageChange", "applicationUpdate")(world, change)
    accepted = world.offers.where(application_id=change.row_id, status="accepted")
    if told and accepted:
        told[0][1]["offer"] = steps.offer(world, accepted[-1])
    return told


def candidate_deleted(world: World, change: Change) -> Told:
    return [("candidateDelete", {"candidate": {"id": uuid_of(change.row_id)}})]


def candidate_merged(world: World, change: Change) -> Told:
    winner = {"id": uuid_of(change.data["winner_id"])}
    return [("candidateMerge", {"deletedCandidate": {"id": uuid_of(change.row_id)}, "mergedCandidate": winner})]


def job_created(world: World, change: Change) -> Told:
    return [("jobCreate", {"job": shapes.job(world, world.jobs.get(change.row_id))})]


def job_updated(world: World, change: Change) -> Told:
    """Opening and closing publishes or takes back the posting, too."""
    row = world.jobs.get(change.row_id)
    told: Told = [("jobUpdate", {"job": shapes.job(world, row)})]
    if "status" in change.fields:
        name = "jobPostingPublish" if row.status == "open" else "jobPostingUnpublish"
        told += [(each, {"jobPosting": shapes.posting(world, row)}) for each in (name, "jobPostingUpdate")]
    return told


def of_offer(name: str) -> Callable[[World, Change], Told]:
    return lambda world, change: [(name, {"offer": steps.offer(world, world.offers.get(change.row_id))})]


def of_interview(*names: str) -> Callable[[World, Change], Told]:
    return lambda world, change: [
        (name, {"interviewSchedule": steps.schedule(world, world.interviews.get(change.row_id))}) for name in names
    ]


MOVED = of_application("candidateStageChange", "applicationUpdate")
TELLERS: dict[str, Callable[[World, Change], Any]] = {
    "application.created": of_application("applicationSubmit"),
    "application.updated": of_application("applicationUpdate"),
    **dict.fromkeys(
        [f"application.{kind}" for kind in ("moved", "rejected", "withdrawn", "unrejected", "unhired")], MOVED
    ),
    "application.hired": hired,
    "candidate.deleted": candidate_deleted,
    "candidate.merged": candidate_merged,
    "job.created": job_created,
    "job.updated": job_updated,
    "offer.created": of_offer("offerCreate"),
    "offer.updated": of_offer("offerUpdate"),
    "interview.created": of_interview("interviewScheduleCreate", "interviewScheduleUpdate"),
    "interview.updated": of_interview("interviewScheduleUpdate"),
}
