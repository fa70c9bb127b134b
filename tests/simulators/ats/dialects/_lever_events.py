"""What Lever's webhooks say of a change, as the documentation lists their events and data.

Nothing is told of postings, offers, notes, feedback and files.
"""

from collections.abc import Iterable

from tests.simulators.ats.dialect import Event
from tests.simulators.ats.dialects import _lever_rows as shapes
from tests.simulators.ats.world import Change, World


def told(world: World, change: Change) -> Iterable[Event]:
    """Ids and times only; whoever wants to know more has to ask."""
    about = {
        "opportunityId": shapes.uid("opportunity", change.application_id),
        "contactId": shapes.uid("contact", change.candidate_id),
    }
    row = world.applications.get(change.application_id)
    if change.kind == "application.created" and row.job_id:
        yield Event("applicationCreated", {"applicationId": shapes.uid("application", row.id), **about})
    elif change.kind == "application.moved":
        steps = {"fromStageId": shapes.uid("stage", change.data.get("from"))}
        yield Event("candidateStageChange", about | steps | {"toStageId": shapes.uid("stage", change.data["to"])})
    elif change.kind in ("application.rejected", "application.withdrawn", "application.hired"):
        yield Event("candidateArchiveChange", about | {"fromArchived": None, "toArchived": shapes.archived(row)})
        if row.status == "hired":
            yield Event("candidateHired", about)
    elif change.kind in ("application.unrejected", "application.unhired"):
        yield Event("candidateArchiveChange", about | {"fromArchived": {}, "toArchived": None})
    elif change.kind == "application.deleted":
        yield Event("candidateDeleted", about | {"deletedBy": shapes.uid("user", change.by_id)})
    elif change.kind == "candidate.deleted":
        for gone in change.data["application_ids"]:
            one = {"opportunityId": shapes.uid("opportunity", gone), "deletedBy": shapes.uid("user", change.by_id)}
            yield Event("candidateDeleted", about | one)
    else:
        yield from told_of_contact(world, change)


def told_of_contact(world: World, change: Change) -> Iterable[Event]:
    noun, _, verb = change.kind.partition(".")
    if noun == "candidate":
        name = "contactCreated" if verb == "created" else "contactUpdated"
        who = change.data.get("winner_id", change.candidate_id)
        stamp = "createdAt" if verb == "created" else "updatedAt"
        yield Event(name, {"contactId": shapes.uid("contact", who), stamp: change.at, "accountId": "simulated"})
    elif noun == "interview":
        yield Event(
            f"interview{verb.capitalize()}",
            {
                "interviewId": shapes.uid("interview", change.row_id),
                "panelId": shapes.uid("panel", change.row_id),
                "opportunityId": shapes.uid("opportunity", change.application_id),
                f"{verb}At": change.at,
            },
        )
