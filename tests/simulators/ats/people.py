"""A plausible world of N people from a seed: who applied where in the last year, how far they came, what was said."""

import gc
import random
import unicodedata
from collections.abc import Sequence

from tests.simulators.ats import words
from tests.simulators.ats.clock import DAY, HOUR, day
from tests.simulators.ats.rows import (
    Application,
    Candidate,
    CustomField,
    Department,
    Job,
    Office,
    Pool,
    RejectReason,
    Source,
    Stage,
    User,
)
from tests.simulators.ats.world import World

SAME_PERSON_TWICE = 0.02
LARGE = 10_000


def populate(
    world: World, *, people: int = 200, jobs: int = 12, seed: int = 7, resumes: float = 0.3, days: int = 365
) -> World:
    """Nobody is told of any of it: it was so before anybody connected. A world that has people is left as it is."""
    if len(world.candidates):
        return world
    dice = random.Random(seed)
    start = world.clock.now() - days * DAY
    with world.past(start):
        furnish(world)
        for number in range(jobs):
            add_job(world, dice, number)
    if people >= LARGE:
        gc.disable()
    for number in range(people):
        with world.past(start + round(days * DAY * (number + dice.random()) / people)):
            add_person(world, dice, resumes=resumes)
    world.changes.clear()
    if people >= LARGE:
        # Millions of objects that stay: looking through them again and again took more time than answering.
        gc.freeze()
        gc.enable()
    return world


def furnish(world: World) -> None:
    """Users, departments, offices, sources, reasons, fields, pools: what an administrator sets up once."""
    for number, (given, family) in enumerate(zip(words.GIVEN[:6], words.FAMILY[6:12], strict=True)):
        email = f"{plain_name(given, family)}@employer.example"
        admin, employee = number == 0, f"E{100 + number}"
        world.add(
            User(first_name=given, last_name=family, email=email, admin=admin, employee_id=employee, title="Recruiter")
        )
    world.add(User(first_name="Rapport", last_name="integration", service=True))
    for name in sorted({line.partition("|")[2] for line in words.JOBS}):
        world.add(Department(name=name))
    for place in words.PLACES:
        world.add(Office(name=place.partition(",")[0], location=place))
    for line in words.SOURCES:
        name, kind = line.split("|")
        world.add(Source(name=name, kind=kind))
    for line in words.REASONS:
        name, kind, default = line.split("|")
        world.add(RejectReason(name=name, kind=kind, default=default == "1"))
    for line in words.CUSTOM_FIELDS:
        key, name, of, type_, options = line.split("|")
        world.add(CustomField(key=key, name=name, of=of, type=type_, options=options.split(",") if options else []))
    for line in words.POOLS:
        name, stages = line.split("|")
        world.add(Pool(name=name, stages=stages.split(",")))


def one(dice: random.Random, rows: Sequence[object] | object) -> int:
    """The id of any row of a table."""
    return dice.choice(rows.ids)  # type: ignore[attr-defined]


def staff(world: World, dice: random.Random) -> int:
    return dice.choice([user.id for user in world.users if not user.service])


def add_job(world: World, dice: random.Random, number: int = 0) -> Job:
    title, _, department = words.JOBS[number % len(words.JOBS)].partition("|")
    office = world.offices.get(one(dice, world.offices))
    job = world.add_job(
        title,
        location=office.location,
        department_id=world.departments.where(name=department)[0].id,
        office_ids=[office.id],
        recruiter_ids=[staff(world, dice)],
        hiring_manager_ids=[staff(world, dice)],
        text=f"<p>We are looking for a <strong>{title}</strong> in {office.location}.</p><ul><li>Kind colleagues</li></ul>",
        openings=dice.randint(1, 3),
        requisition_id=f"R-{1000 + number}",
        custom={"cost_centre": f"CC{dice.randint(10, 99)}"},
    )
    world.edit(job, told=False, apply_url=f"https://jobs.employer.example/{job.id}/apply")
    return job


def plain_name(given: str, family: str) -> str:
    """`tomas.garcia`."""
    return unicodedata.normalize("NFKD", f"{given}.{family}".lower()).encode("ascii", "ignore").decode()


def person(world: World, dice: random.Random) -> dict[str, object]:
    given, family = dice.choice(words.GIVEN), dice.choice(words.FAMILY)
    plain = plain_name(given, family)
    title, place = dice.choice(words.JOBS).partition("|")[0], dice.choice(words.PLACES)
    employer, started = dice.choice(words.EMPLOYERS), world.now() - dice.randint(200, 3000) * DAY
    return {
        "first_name": given,
        "last_name": family,
        "title": title,
        "company": employer,
        "location": place,
        "emails": [{"value": f"{plain}.{dice.randrange(10**6)}@mail.example", "type": "personal"}],
        "phones": [{"value": f"+1 559 555 {dice.randrange(10**4):04d}", "type": "mobile"}] * (dice.random() < 0.8),
        "links": [{"value": f"https://www.linkedin.com/in/{plain}-{dice.randrange(10**6)}", "type": "linkedin"}]
        * (dice.random() < 0.5),
        "addresses": [{"value": place, "type": "home"}] * (dice.random() < 0.5),
        "employments": [{"company": employer, "title": title, "start": day(started), "end": None}],
        "educations": [
            {
                "school": dice.choice(words.SCHOOLS),
                "degree": dice.choice(words.DEGREES),
                "discipline": dice.choice(words.DISCIPLINES),
                "start": day(started - 1500 * DAY),
                "end": day(started),
            }
        ],
        "tags": dice.sample(words.TAGS, dice.choice((0, 0, 0, 1, 2))),
        "custom": {"shift": dice.choice(("Days", "Nights", "Weekends"))},
        "source_id": one(dice, world.sources),
        "recruiter_id": staff(world, dice),
    }


def add_person(world: World, dice: random.Random, *, resumes: float = 0.3) -> Candidate:
    """With an application, its history, perhaps a file and a note; now and then somebody who is there already."""
    values = person(world, dice)
    if len(world.candidates) > 20 and dice.random() < SAME_PERSON_TWICE:
        twin = world.candidates.get(one(dice, world.candidates))
        values |= {name: getattr(twin, name) for name in ("first_name", "last_name", "emails") if not twin.anonymised}
    candidate = world.add_candidate(**values)
    if dice.random() < resumes:
        world.attach(
            candidate.id, f"{candidate.last_name} resume.pdf", resume(candidate), content_type="application/pdf"
        )
    if dice.random() < 0.2:
        world.add_note(candidate.id, dice.choice(words.NOTES), by=staff(world, dice))
    if dice.random() < 0.08:
        world.apply(candidate.id, None, pool_id=one(dice, world.pools), source_id=candidate.source_id)
    else:
        take_part(world, dice, candidate)
    return candidate


def take_part(world: World, dice: random.Random, candidate: Candidate) -> Application:
    """From applying to wherever it ended, some days apart but never later than now."""
    moment, latest = world.now(), world.clock.now()
    job = world.jobs.get(one(dice, world.jobs))
    application = world.apply(candidate.id, job.id, source_id=candidate.source_id, location=candidate.location)
    if dice.random() < 0.3:
        world.answer_eeoc(application.id, **{name: dice.choice(answers) for name, answers in words.EEOC.items()})
    for stage in world.stages_of(job.id)[1 : dice.choice((1, 1, 1, 2, 3, 4, 5))]:
        moment = min(latest, moment + dice.randint(6, 200) * HOUR)
        with world.past(moment):
            enter(world, dice, application, stage)
    with world.past(min(latest, moment + dice.randint(24, 400) * HOUR)):
        end(world, dice, application)
    return application


def enter(world: World, dice: random.Random, application: Application, stage: Stage) -> None:
    world.move(application.id, stage.id, by=staff(world, dice))
    if stage.kind == "interview":
        begin = world.now() + 48 * HOUR
        interviewers = [staff(world, dice)]
        interview = world.plan_interview(
            application.id, name=stage.name, starts_at=begin, ends_at=begin + HOUR, interviewer_ids=interviewers
        )
        world.score(application.id, by=interviewers[0], interview_id=interview.id, rating=dice.choice(("yes", "mixed")))
    if stage.kind == "offer":
        world.make_offer(application.id, by=staff(world, dice), starts_on=day(world.now() + 40 * DAY))


def end(world: World, dice: random.Random, application: Application) -> None:
    stage = world.stages.get(application.stage_id)
    if stage.kind == "offer" and dice.random() < 0.7:
        world.hire(application.id, starts_on=day(world.now() + 40 * DAY), by=staff(world, dice))
    elif dice.random() < 0.5:
        ours = [reason.id for reason in world.reject_reasons.where(kind="us")]
        world.reject(application.id, dice.choice(ours), by=staff(world, dice))
    elif dice.random() < 0.15:
        world.withdraw(application.id)


def resume(candidate: Candidate) -> bytes:
    """One page of PDF with Latin text, from which a reader gets the lines again."""
    lines = [candidate.name, candidate.title, *(contact["value"] for contact in [*candidate.emails, *candidate.phones])]
    lines += [f"{job['title']}, {job['company']}, since {job['start']}" for job in candidate.employments]
    lines += [f"{study['degree']}, {study['school']}, {study['end']}" for study in candidate.educations]
    shown = [line.encode("latin-1", "replace").decode("latin-1") for line in lines]
    escaped = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in shown]
    text = "BT /F1 12 Tf 60 780 Td 16 TL " + " ".join(f"({line}) Tj T*" for line in escaped) + " ET"
    return _pdf(text.encode("latin-1"))


def _pdf(stream: bytes) -> bytes:
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    return (
        body + head + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(body))
    )
