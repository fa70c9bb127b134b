"""Who else is talking with a person, about what, and since when: said before somebody writes.

Conversations are what colleagues did within the last 30 days: calls, meetings, notes, steps in pipelines, messages of
campaigns; and tasks that are still open. Each colleague's began with the first of these that no month of silence parts
from the next.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone

from crm.models import Member
from talentpool.models import Activity, ActivityKind, Candidate, Task
from talentpool.queries.messages import letters_to

LATELY = timedelta(days=30)
LONG_AGO = timedelta(days=365)
CONVERSATIONS = (ActivityKind.CALLED, ActivityKind.MET)
# {to} and {pipeline} as the activity's data has them.
WORDS = {
    ActivityKind.CALLED: "a call",
    ActivityKind.MET: "a meeting",
    ActivityKind.NOTED: "a note",
    ActivityKind.PIPELINE_ADDED: "{pipeline}",
    ActivityKind.PIPELINE_MOVED: "{to} in {pipeline}",
}
MOST_LINES = 500


@dataclass(frozen=True)
class Talk:
    """One colleague's conversation with the person."""

    who: str
    since: datetime
    last: datetime
    about: tuple[str, ...]  # the newest first

    @property
    def subject(self) -> str:
        return ", ".join(self.about[:3])


@dataclass
class _Said:
    when: list[datetime] = field(default_factory=list)
    about: dict[str, datetime] = field(default_factory=dict)

    def add(self, at: datetime, about: str) -> None:
        self.when.append(at)
        self.about[about] = max(at, self.about.get(about, at))


def talks_with(person: Candidate, *, but: Member, now: datetime | None = None) -> list[Talk]:
    """Of everybody but one member, who is about to write; the latest first."""
    now = now or timezone.now()
    said: dict[str, _Said] = defaultdict(_Said)
    for who, at, about in _lines(person, but, now):
        said[who].add(at, about)
    talks = [_talk(who, each, now) for who, each in said.items()]
    return sorted((talk for talk in talks if now - talk.last <= LATELY), key=lambda talk: talk.last, reverse=True)


def _lines(person: Candidate, but: Member, now: datetime) -> Iterator[tuple[str, datetime, str]]:
    kinds = list(WORDS)
    done = Activity.objects.filter(candidate=person, kind__in=kinds, at__gt=now - LONG_AGO, by__isnull=False)
    for line in done.exclude(by=but).select_related("by").order_by("-at", "-pk")[:MOST_LINES]:
        words = {"pipeline": "a pipeline", "to": ""} | line.data
        yield str(line.by), line.at, WORDS[ActivityKind(line.kind)].format_map(words)
    for letter in letters_to(person.pk, limit=20):
        if letter.leaves and letter.by and letter.by != but.name and letter.at <= now:
            yield letter.by, letter.at, f"“{letter.subject}”"
    tasks = Task.objects.open().filter(candidate=person, created_at__gt=now - LATELY).exclude(assignee=but)
    for task in tasks.select_related("assignee").order_by("-pk")[:20]:
        yield task.assignee.name, task.created_at, f"to do: {task.text[:80]}"


def _talk(who: str, said: _Said, now: datetime) -> Talk:
    newest, *older = sorted(said.when, reverse=True)
    since = newest
    for at in older:
        if since - at > LATELY:
            break
        since = at
    about = sorted(said.about, key=lambda words: said.about[words], reverse=True)
    return Talk(who, since, newest, tuple(words for words in about if now - said.about[words] <= LATELY))


@dataclass(frozen=True)
class Crowd:
    """How many of many people colleagues are talking with."""

    people: int
    since: datetime | None
    names: tuple[str, ...]


def talks_with_many(candidate_ids: Collection[int], *, but: Member, now: datetime | None = None) -> Crowd:
    """Calls and meetings of the last 30 days, of everybody but the one who is about to write."""
    now = now or timezone.now()
    talked = Activity.objects.filter(
        kind__in=CONVERSATIONS, at__gt=now - LATELY, by__isnull=False, candidate__in=list(candidate_ids)
    ).exclude(by=but)
    found = talked.aggregate(people=Count("candidate", distinct=True), since=Min("at"))
    names = talked.values_list("by__name", flat=True).order_by("by__name").distinct()[:5] if found["people"] else ()
    return Crowd(found["people"], found["since"], tuple(names))
