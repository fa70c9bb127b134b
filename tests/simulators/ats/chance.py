"""Random plausible changes, for runs of thousands: `random_change(world, dice)` makes one and says which."""

import random
from collections.abc import Callable
from typing import Any

from tests.simulators.ats import words
from tests.simulators.ats.clock import DAY, HOUR, day
from tests.simulators.ats.people import add_job, one, person, resume, staff
from tests.simulators.ats.world import Change, World

Act = Callable[[World, random.Random], Any]


def random_change(world: World, dice: random.Random, *, without: tuple[str, ...] = ()) -> Change:
    """The last of the changes it made. `without` leaves out kinds of acts, by the names in ACTS.

    What is not possible just then (nobody left to reject) is left for another throw.
    """
    names = [name for name in ACTS if name not in without]
    weights = [ACTS[name][0] for name in names]
    while True:
        name = dice.choices(names, weights)[0]
        with world.lock:
            before = len(world.changes)
            ACTS[name][1](world, dice)
            if len(world.changes) > before:
                return world.changes[-1]


def application_in(world: World, dice: random.Random, *statuses: str) -> Any:
    """Any application that is so, or None after some tries."""
    for _ in range(40):
        if not world.applications.ids:
            return None
        found = world.applications.get(one(dice, world.applications))
        if found.status in statuses and found.job_id:
            return found
    return None


def candidate(world: World, dice: random.Random) -> Any:
    return world.candidates.get(one(dice, world.candidates)) if world.candidates.ids else None


def edit(world: World, dice: random.Random) -> None:
    if (chosen := candidate(world, dice)) and not chosen.anonymised:
        fresh = person(world, dice)
        name = dice.choice(("first_name", "last_name", "title", "company", "emails", "phones", "custom", "location"))
        value = fresh[name]
        if name == "emails" and dice.random() < 0.5:
            value = [*chosen.emails, *fresh["emails"]]  # type: ignore[misc]
        world.edit_candidate(chosen.id, by=staff(world, dice), **{name: value})


def add(world: World, dice: random.Random) -> None:
    """Somebody new, with a file or without, applies or is kept in mind."""
    new = world.add_candidate(**person(world, dice))
    if dice.random() < 0.3:
        world.attach(new.id, "resume.pdf", resume(new), content_type="application/pdf")
    job = world.jobs.get(one(dice, world.jobs))
    if job.status == "open":
        world.apply(new.id, job.id, source_id=new.source_id, location=new.location)
    else:
        world.apply(new.id, None, pool_id=one(dice, world.pools), source_id=new.source_id)


def apply(world: World, dice: random.Random) -> None:
    if (chosen := candidate(world, dice)) and not chosen.anonymised:
        job = world.jobs.get(one(dice, world.jobs))
        if job.status == "open" and not world.applications.where(candidate_id=chosen.id, job_id=job.id):
            world.apply(chosen.id, job.id, source_id=one(dice, world.sources))


def move(world: World, dice: random.Random) -> None:
    if application := application_in(world, dice, "active"):
        stage = dice.choice(world.stages_of(application.job_id))
        world.move(application.id, stage.id, by=staff(world, dice))


def reject(world: World, dice: random.Random) -> None:
    if application := application_in(world, dice, "active"):
        ours = [reason.id for reason in world.reject_reasons.where(kind="us")]
        world.reject(application.id, dice.choice(ours), by=staff(world, dice))


def withdraw(world: World, dice: random.Random) -> None:
    if application := application_in(world, dice, "active"):
        world.withdraw(application.id)


def unreject(world: World, dice: random.Random) -> None:
    if application := application_in(world, dice, "rejected", "withdrawn"):
        world.unreject(application.id, by=staff(world, dice))


def hire(world: World, dice: random.Random) -> None:
    if application := application_in(world, dice, "active"):
        world.hire(application.id, starts_on=day(world.now() + 30 * DAY), by=staff(world, dice))


def note(world: World, dice: random.Random) -> None:
    if chosen := candidate(world, dice):
        world.add_note(chosen.id, dice.choice(words.NOTES), by=staff(world, dice))


def tag(world: World, dice: random.Random) -> None:
    if chosen := candidate(world, dice):
        name = dice.choice(words.TAGS)
        (world.untag if name in chosen.tags else world.tag)(chosen.id, name, by=staff(world, dice))


def offer(world: World, dice: random.Random) -> None:
    if application := application_in(world, dice, "active"):
        world.make_offer(application.id, by=staff(world, dice), starts_on=day(world.now() + 30 * DAY))


def interview(world: World, dice: random.Random) -> None:
    if application := application_in(world, dice, "active"):
        begin, who = world.now() + 24 * HOUR, staff(world, dice)
        world.plan_interview(
            application.id, name="Interview", starts_at=begin, ends_at=begin + HOUR, interviewer_ids=[who], by=who
        )


def attach(world: World, dice: random.Random) -> None:
    if chosen := candidate(world, dice):
        world.attach(chosen.id, "letter.txt", b"Dear team, I would like to join.", kind="cover_letter")


def job(world: World, dice: random.Random) -> None:
    chosen = world.jobs.get(one(dice, world.jobs))
    if dice.random() < 0.2:
        add_job(world, dice, dice.randrange(100))
    elif dice.random() < 0.5:
        world.edit_job(chosen.id, status="closed" if chosen.status == "open" else "open")
    else:
        world.edit_job(chosen.id, location=dice.choice(words.PLACES))


def merge(world: World, dice: random.Random) -> None:
    loser, winner = candidate(world, dice), candidate(world, dice)
    if loser and loser is not winner and not (loser.anonymised or winner.anonymised):
        world.merge(loser.id, winner.id, by=staff(world, dice))


def delete(world: World, dice: random.Random) -> None:
    if chosen := candidate(world, dice):
        world.delete_candidate(chosen.id, by=staff(world, dice))


def anonymise(world: World, dice: random.Random) -> None:
    if (chosen := candidate(world, dice)) and not chosen.anonymised:
        world.anonymise(chosen.id, by=staff(world, dice))


def bulk(world: World, dice: random.Random) -> None:
    ids = [one(dice, world.applications) for _ in range(8)] if world.applications.ids else []
    world.bulk_move(ids, dice.randrange(5), by=staff(world, dice))


# What happens how often among a thousand, by the name that `without` knows.
ACTS: dict[str, tuple[int, Act]] = {
    "edit": (170, edit),
    "add": (130, add),
    "apply": (70, apply),
    "move": (260, move),
    "reject": (80, reject),
    "withdraw": (20, withdraw),
    "unreject": (20, unreject),
    "hire": (15, hire),
    "note": (90, note),
    "tag": (50, tag),
    "offer": (20, offer),
    "interview": (25, interview),
    "attach": (10, attach),
    "job": (10, job),
    "merge": (10, merge),
    "delete": (10, delete),
    "anonymise": (5, anonymise),
    "bulk": (5, bulk),
}
