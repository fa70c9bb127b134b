"""What the buttons of the pages do."""

from typing import Any

from tests.simulators.ats.dialect import Answer, Request
from tests.simulators.ats.rows import Candidate
from tests.simulators.ats.world import NotThere, World


def acted(world: World, request: Request, parts: list[str]) -> Answer:
    """Done, and back to where it was clicked (or to everybody, when the person is gone)."""
    values = request.form
    if values.get("silent"):
        with world.silently():
            target = act(world, parts, values)
    else:
        target = act(world, parts, values)
    return Answer(status=303, headers={"Location": target})


def act(world: World, parts: list[str], values: dict[str, str]) -> str:
    by = next((user.id for user in world.users if user.admin), None)
    if parts == ["new"]:
        return f"/desk/candidate/{add(world, values, by)}"
    noun, number, verb = parts[0], int(parts[1]), parts[2]
    if noun == "job" and verb == "toggle":
        job = world.row("jobs", number)
        world.edit_job(number, status="closed" if job.status == "open" else "open", by=by)
        return "/"
    if noun == "application":
        of_application(world, verb, number, values, by)
        return f"/desk/candidate/{world.row('applications', number).candidate_id}"
    return of_candidate(world, verb, number, values, by)


def add(world: World, values: dict[str, str], by: int | None) -> int:
    emails = [{"value": values["email"].strip(), "type": "personal"}] if values.get("email", "").strip() else []
    names = {name: values[name].strip() for name in ("first_name", "last_name")}
    candidate = world.add_candidate(by=by, emails=emails, **names)
    world.apply(candidate.id, int(values["job"]) if values.get("job") else None, by=by)
    return candidate.id


def of_application(world: World, verb: str, number: int, values: dict[str, str], by: int | None) -> None:
    if verb == "move":
        world.move(number, int(values["stage"]), by=by)
    elif verb == "reject":
        reason = world.row("reject_reasons", int(values["reason"]))
        (world.withdraw if reason.kind == "them" else world.reject)(number, reason.id, by=by)
    elif verb in ("hire", "unhire", "unreject"):
        getattr(world, verb)(number, by=by)
    else:
        raise NotThere("There is no such button.")


def of_candidate(world: World, verb: str, number: int, values: dict[str, str], by: int | None) -> str:
    here = f"/desk/candidate/{number}"
    if verb == "edit":
        world.edit_candidate(number, by=by, **edited(world.row("candidates", number), values))
    elif verb == "note":
        world.add_note(number, values["body"], by=by)
    elif verb == "apply":
        world.apply(number, int(values["job"]), by=by)
    elif verb == "anonymise":
        world.anonymise(number, by=by)
    elif verb == "merge":
        world.merge(number, int(values["winner"]), by=by)
        return f"/desk/candidate/{int(values['winner'])}"
    elif verb == "delete":
        world.delete_candidate(number, by=by)
        return "/"
    else:
        raise NotThere("There is no such button.")
    return here


def edited(row: Candidate, values: dict[str, str]) -> dict[str, Any]:
    """The first e-mail is the one on the form; the others stay."""
    fields: dict[str, Any] = {name: values[name].strip() for name in ("first_name", "last_name", "title", "company")}
    email, rest = values.get("email", "").strip(), row.emails[1:]
    kind = row.emails[0]["type"] if row.emails else "personal"
    return fields | {"emails": [{"value": email, "type": kind}, *rest] if email else rest}
