"""How the demo's recruiters work together: who follows whom, who named whom, what is still to be done, who answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from crm.models import Member
from talentpool.actions.activities import record_activity
from talentpool.actions.notes import add_note
from talentpool.actions.reminders import add_task
from talentpool.actions.tags import change_tag
from talentpool.actions.warmth import refresh_everybody
from talentpool.actions.watching import watch
from talentpool.dates import due_on
from talentpool.models import Activity, ActivityKind, Candidate, Mention, NoteKind, PipelineEntry, Tag, TagColour

COLOURS = {
    "Silver medalist": TagColour.GREY,
    "Bilingual": TagColour.BLUE,
    "Would relocate": TagColour.GREEN,
    "Nights": TagColour.PURPLE,
    "Former employee": TagColour.ORANGE,
    "Do not rush": TagColour.RED,
}
TALKS = (
    (NoteKind.CALL, "Called back within the hour. Would start in January if nights are two a week at most."),
    (NoteKind.CALL, "Long talk about the new tower. Wants to see the unit before she decides."),
    (NoteKind.MEETING, "Coffee at the job fair. Brings a friend from the same unit next time."),
    (NoteKind.CALL, "Not looking before spring, glad to hear from us again in February."),
)
MENTIONS = (
    "@{name} you know the charge nurse there: could you ask how she works under pressure?",
    "Speaks Hmong and Spanish, @{name}. Would be good for the clinic in Merced.",
    "@{name} please call before Friday, another offer is on the table.",
)
# what, days from now; negative is overdue
TASKS = (
    ("Call about the offer", -3),
    ("Send the sheet on tuition help", -1),
    ("Ask the unit manager for two dates", 0),
    ("Check the license in the state registry", 1),
    ("Invite to the open house", 3),
    ("Ask again whether the baby has arrived", 24),
)


def relate(members: dict[str, Member], *, now: datetime, seed: int) -> None:
    """Needs people, pipelines and campaigns; ends by reckoning how warm everybody is."""
    random = Random(f"{seed}:relations")
    in_pipelines = list(Candidate.objects.filter(pk__in=PipelineEntry.objects.values("candidate")).order_by("pk"))
    recruiters = [members["tom"], members["priya"], members["mara"]]
    for tag in Tag.objects.filter(name__in=COLOURS):
        change_tag(tag, name=tag.name, colour=COLOURS[tag.name], by=members["tom"])
    _reply(random, now)
    _talk(random, in_pipelines, recruiters, now)
    _follow_and_name(random, in_pipelines, recruiters, now)
    _give_tasks(random, in_pipelines, recruiters, now)
    refresh_everybody(now=now)


def _reply(random: Random, now: datetime) -> None:
    """One in nine of those who opened the letter answered it."""
    opened = Activity.objects.filter(kind=ActivityKind.MESSAGE_OPENED).order_by("pk")
    for line in opened:
        if random.random() < 1 / 9:
            at = min(line.at + timedelta(hours=random.randint(1, 40)), now)
            record_activity(line.candidate_id, ActivityKind.MESSAGE_REPLIED, at=at, **line.data)


def _talk(random: Random, people: Sequence[Candidate], recruiters: Sequence[Member], now: datetime) -> None:
    for person in random.sample(people, max(len(people) // 3, 1)):
        kind, text = random.choice(TALKS)
        at = max(
            person.created_at, now - timedelta(days=int(random.triangular(1, 300, 10)), minutes=random.randint(0, 600))
        )
        add_note(person, text, kind=kind, by=random.choice(recruiters), now=at)


def _follow_and_name(random: Random, people: Sequence[Candidate], recruiters: Sequence[Member], now: datetime) -> None:
    for number, person in enumerate(random.sample(people, min(9, len(people)))):
        follower, writer = random.sample(recruiters, 2)
        watch(person, follower, by=random.choice([follower, writer]), now=now - timedelta(days=20))
        if number % 2 == 0:
            text = MENTIONS[number // 2 % len(MENTIONS)].format(name=follower.name)
            add_note(person, text, by=writer, now=now - timedelta(hours=3 + number * 7))
    Mention.objects.update(mailed_at=now)  # nobody is there to read the demo's letters


def _give_tasks(random: Random, people: Sequence[Candidate], recruiters: Sequence[Member], now: datetime) -> None:
    for member in recruiters:
        zone, today = member.tenant.zone, now.astimezone(member.tenant.zone).date()
        chosen = random.sample(people, min(len(TASKS), len(people)))
        for person, (text, days) in zip(chosen, TASKS, strict=False):
            due = due_on(today + timedelta(days=days), None, zone)
            by = random.choice(recruiters)
            task = add_task(text, assignee=member, by=by, candidate=person, due=due, now=now - timedelta(days=4))
            task.reminded_at = now
            task.save(update_fields=["reminded_at"])
