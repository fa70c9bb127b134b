"""What an ATS holds and what we hold of it, in the same plain words, to compare both sides with ==."""

from typing import Any

from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import Kind
from ats_sync.wording import plain_text
from talentpool.models import Application
from tests.simulators.ats.world import World

STATES = {"active": "open", "rejected": "rejected", "withdrawn": "withdrawn", "hired": "hired"}


def theirs(world: World) -> dict[str, Any]:
    """Of the neutral world: who there is, where everybody stands, and what was written about them."""
    present = [row for row in world.candidates if not row.anonymised]
    ids = {row.id for row in present}
    return {
        "people": {
            str(row.id): (
                f"{row.first_name} {row.last_name}".strip(),
                sorted({one["value"].lower() for one in row.emails}),
            )
            for row in present
        },
        "applications": {
            str(row.id): (str(row.candidate_id), *_way(world, row))
            for row in world.applications
            if row.candidate_id in ids
        },
        "notes": {
            str(row.id): (str(row.candidate_id), plain_text(row.body))
            for row in world.notes
            if row.candidate_id in ids and row.kind == "note"
        },
        "files": {
            str(row.id): (str(row.candidate_id), row.filename) for row in world.attachments if row.candidate_id in ids
        },
    }


def ours(connection: Connection) -> dict[str, Any]:
    held = AtsRecord.objects.filter(connection=connection, gone_at=None)
    people = held.filter(kind=Kind.PERSON).select_related("profile")
    applications = held.filter(kind=Kind.APPLICATION).select_related("application__job")
    return {
        "people": {each.external_id: _person(each.profile.fields) for each in people},
        "applications": {each.external_id: (each.parent, *_standing(each.application)) for each in applications},
        "notes": {
            each.external_id: (each.parent, each.note.text)
            for each in held.filter(kind=Kind.NOTE).select_related("note")
        },
        "files": {
            each.external_id: (each.parent, each.file.name)
            for each in held.filter(kind=Kind.FILE).select_related("file")
        },
    }


def _person(fields: dict[str, Any]) -> tuple[str, list[str]]:
    name = f"{fields.get('given_name', '')} {fields.get('family_name', '')}".strip()
    return name, sorted({each.lower() for each in fields.get("emails", ())})


def _way(world: World, row: Any) -> tuple[str, ...]:
    """Nothing for who is kept in mind without a job."""
    if row.prospect or not row.job_id:
        return ()
    stage = world.stages.get(row.stage_id)
    return world.jobs.get(row.job_id).title, STATES[row.status], stage.name if stage else ""


def _standing(application: Application | None) -> tuple[str, ...]:
    return (application.job.title, application.state, application.stage) if application else ()


def differences(connection: Connection, world: World) -> dict[str, Any]:
    """By kind and id what only one side has or what differs, as (there, here); empty when both are equal."""
    there, here = theirs(world), ours(connection)
    return {
        f"{kind} {key}": (there[kind].get(key), here[kind].get(key))
        for kind in there
        for key in sorted({*there[kind], *here[kind]})
        if there[kind].get(key) != here[kind].get(key)
    }
