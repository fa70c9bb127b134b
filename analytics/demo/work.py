"""A year of recruiters' work with the demo's people: pipelines, tags, notes, owners, segments, applications."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from crm.models import Member
from talentpool.actions.job_pipelines import follow_job
from talentpool.actions.notes import add_note
from talentpool.actions.pipeline_entries import change_entry, comment_on
from talentpool.actions.pipelines import StagePlan, add_to_pipeline, create_pipeline, move_entry, set_stages
from talentpool.actions.segments import save_search
from talentpool.actions.tags import tag_named, tag_people
from talentpool.models import (
    Application,
    ApplicationState,
    Candidate,
    Job,
    Pipeline,
    PipelineEntry,
    Segment,
    Stage,
)

STAGES = ("Found", "Contacted", "Talking", "Interviewing", "Offer")
# name, need, job title, words of titles that fit, how many people
NEEDS = (
    ("CVICU nurses, Fresno", "Twelve for the new tower in January, nights first.", "CVICU Nurse", ("ICU", "CVICU"), 64),
    ("Telemetry nurses", "Always needed; keep thirty warm.", "Registered Nurse", ("RN", "Registered Nurse"), 90),
    ("Biomedical technicians", "Two retire next summer.", "Biomedical Equipment Technician", ("Technician",), 22),
    ("Future nurse managers", "Who could lead a unit in two years?", "Nurse Manager", ("Charge", "Educator"), 35),
    ("Supply chain, Visalia warehouse", "", "Warehouse Lead", ("Warehouse", "Forklift", "Inventory"), 41),
    ("Patient portal team", "Django and FHIR.", "Software Engineer", ("Engineer", "Developer"), 28),
)
TAGS = ("Silver medalist", "Bilingual", "Would relocate", "Nights", "Former employee", "Do not rush")
NOTES = (
    "Spoke for ten minutes. Likes nights, wants to stay under 40 miles from Clovis.",
    "Runner-up for the charge nurse role in spring. Call first when the next one opens.",
    "Asked about tuition help for the MSN. Sent the sheet.",
    "Prefers text messages. Off on Tuesdays and Wednesdays.",
    "Her manager at Valley Oaks speaks highly of her.",
    "Not now: a baby in March. Come back in September.",
    "Has an offer elsewhere until Friday.",
)
COMMENTS = (
    "Strong on paper. Ask about nights first.",
    "Met her at the open day; would hire her tomorrow.",
    "Wait for the budget, then call.",
    "Her reference at Mercy General is out until Monday.",
)
SEGMENTS: tuple[tuple[str, str, dict[str, list[str]]], ...] = (
    ("Critical care nurses who may be written to", "title:icu OR skill:ecmo OR skill:crrt", {"consent": ["may_write"]}),
    ("Fresno electricians and HVAC", "(title:electrician OR title:hvac) AND location:fresno", {}),
    ("Talent network, not in process", "", {"consent": ["may_write"], "source": ["Talent network"]}),
    ("Python and SQL", "skill:python AND skill:sql", {}),
)
JOBS = ("CVICU Nurse, Nights", "Telemetry RN", "Stationary Engineer", "Accounts Payable Clerk", "Patient Scheduler")


def work_with(members: dict[str, Member], *, now: datetime, seed: int) -> tuple[Segment, Stage]:
    """Needs people in the pool. Returns the segment and the stage that the campaigns are for."""
    random = Random(f"{seed}:work")
    people = list(Candidate.objects.present().order_by("pk"))
    recruiters = [members["tom"], members["priya"], members["mara"]]
    pipelines = [_fill(random, need, people, recruiters, now) for need in NEEDS]
    _tag(random, people, recruiters)
    _note(random, people, recruiters, now)
    _own(random, people, recruiters)
    _apply(random, people, now, by=members["tom"])
    segments = [save_search(name, text=text, facets=facets, by=members["tom"]) for name, text, facets in SEGMENTS]
    return segments[0], pipelines[0].stages.get(position=0)


def nurses() -> list[int]:
    """Whom the campaign about critical care was for."""
    fitting = Candidate.objects.present().filter(current_title__iregex="nurse|\\mRN\\M|ICU")
    return list(fitting.order_by("pk").values_list("pk", flat=True))


def _fill(
    random: Random,
    need: tuple[str, str, str, tuple[str, ...], int],
    people: Sequence[Candidate],
    recruiters: Sequence[Member],
    now: datetime,
) -> Pipeline:
    name, wanted, job_title, words, number = need
    by = random.choice(recruiters)
    pipeline = create_pipeline(name=name, need=wanted, job_title=job_title, stages=STAGES, by=by)
    fitting = [person.pk for person in people if any(word in person.current_title for word in words)]
    chosen = random.sample(fitting, min(number, len(fitting)))
    began = now - timedelta(days=random.randint(40, 160))
    for start in range(0, len(chosen), 8):
        added = began + timedelta(days=start)
        add_to_pipeline(pipeline, chosen[start : start + 8], by=random.choice(recruiters), now=min(added, now))
    stages = list(pipeline.stages.order_by("position"))
    for entry in PipelineEntry.objects.filter(pipeline=pipeline).select_related("stage", "pipeline", "candidate"):
        _advance(random, entry, stages, recruiters, now)
    _look_after(random, pipeline, recruiters, now)
    return pipeline


def _look_after(random: Random, pipeline: Pipeline, recruiters: Sequence[Member], now: datetime) -> None:
    """Some have somebody of their own, a day for the next step, and a word that was said."""
    entries = list(PipelineEntry.objects.filter(pipeline=pipeline).select_related("candidate", "pipeline"))
    for entry in random.sample(entries, len(entries) // 6):
        owner, days = random.choice(recruiters), random.randint(-2, 9)
        change_entry(entry, owner=owner, due_on=(now + timedelta(days=days)).date(), by=owner)
        at = max(entry.moved_at, now - timedelta(days=random.randint(0, 9)))
        comment_on(pipeline, entry.candidate, random.choice(COMMENTS), by=random.choice(recruiters), now=min(at, now))
    interviewing = pipeline.stages.get(name="Interviewing")
    plans = [StagePlan(each.pk, each.name, ["note"] if each == interviewing else []) for each in pipeline.stages.all()]
    set_stages(pipeline, plans, by=pipeline.owner)


def _advance(
    random: Random, entry: PipelineEntry, stages: Sequence[Stage], recruiters: Sequence[Member], now: datetime
) -> None:
    """Some go on, fewer further: one stage at a time."""
    at = entry.added_at
    for stage in stages[1:]:
        at += timedelta(days=random.randint(1, 12), minutes=random.randint(0, 400))
        if at > now or random.random() < 0.45:
            return
        entry = move_entry(entry, stage, version=entry.version, by=random.choice(recruiters), now=at)


def _tag(random: Random, people: Sequence[Candidate], recruiters: Sequence[Member]) -> None:
    for name in TAGS:
        chosen = random.sample(people, max(len(people) // 25, 1))
        tag_people(tag_named(name), [person.pk for person in chosen], by=random.choice(recruiters))


def _note(random: Random, people: Sequence[Candidate], recruiters: Sequence[Member], now: datetime) -> None:
    for person in random.sample(people, max(len(people) // 16, 1)):
        at = max(person.created_at, now - timedelta(days=random.randint(0, 360), minutes=random.randint(0, 600)))
        add_note(person, random.choice(NOTES), by=random.choice(recruiters), now=at)


def _own(random: Random, people: Sequence[Candidate], recruiters: Sequence[Member]) -> None:
    for person in random.sample(people, len(people) // 5):
        person.owner = random.choice(recruiters)
        Candidate.objects.filter(pk=person.pk).update(owner=person.owner)


def _apply(random: Random, people: Sequence[Candidate], now: datetime, *, by: Member) -> None:
    """As a connected ATS would have told: a few are in process, more were hired or not in the past."""
    jobs = Job.objects.bulk_create(
        Job(title=title, location="Fresno, CA", opened_at=now - timedelta(days=45)) for title in JOBS
    )
    for job in jobs:
        follow_job(job, by=by)
    states = (ApplicationState.OPEN, ApplicationState.REJECTED, ApplicationState.HIRED, ApplicationState.WITHDRAWN)
    Application.objects.bulk_create(
        Application(
            candidate=person,
            origin=person,
            job=random.choice(jobs),
            stage="Interview",
            state=random.choices(states, (3, 6, 1, 1))[0],
            applied_at=now - timedelta(days=random.randint(2, 40)),
            state_at=now - timedelta(hours=random.randint(1, 40)),
        )
        for person in random.sample(people, max(len(people) // 30, 1))
    )
