"""Who else is talking with a person, about what, and since when: said before somebody writes.

Conversations are what colleagues did within the last 30 days: calls, meetings, e-mails, notes, steps in pipelines,
messages of campaigns; and tasks that are still open. Each colleague's began with the first of these that no month of
silence parts from the next.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from crm.models import Member
from crm.tenancy.scope import current_tenant_id
from talentpool.models import Activity, ActivityKind, Candidate, Task
from talentpool.queries.messages import Letter, letters_to

LATELY = timedelta(days=30)
LONG_AGO = timedelta(days=365)
CONVERSATIONS = (ActivityKind.CALLED, ActivityKind.MET, ActivityKind.MAIL_RECEIVED, ActivityKind.MAIL_SENT)
# {to}, {pipeline} and {subject} as the activity's data has them.
WORDS = {
    ActivityKind.CALLED: "a call",
    ActivityKind.MET: "a meeting",
    ActivityKind.MAIL_RECEIVED: "“{subject}”",
    ActivityKind.MAIL_SENT: "“{subject}”",
    ActivityKind.NOTED: "a note",
    ActivityKind.PIPELINE_ADDED: "{pipeline}",
    ActivityKind.PIPELINE_MOVED: "{to} in {pipeline}",
}
MOST_LINES = 500

# The ids as one array: PostgreSQL hashes it, where a list of 100,000 parameters takes seconds to read.
CROWD = """
    WITH talked AS (
        SELECT candidate_id, at, by_id FROM talentpool_activity
        WHERE tenant_id = %s AND kind = ANY(%s) AND at > %s AND by_id <> %s AND candidate_id = ANY(%s)
    )
    SELECT count(DISTINCT candidate_id), min(at), array_agg(DISTINCT by_id) FROM talked
"""


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


def talks_with(
    person: Candidate, *, but: Member, now: datetime | None = None, letters: Sequence[Letter] | None = None
) -> list[Talk]:
    """Of everybody but one member, who is about to write; the latest first. `letters` where they are read already."""
    now = now or timezone.now()
    said: dict[str, _Said] = defaultdict(_Said)
    for who, at, about in _lines(person, but, now, letters_to(person.pk, limit=20) if letters is None else letters):
        said[who].add(at, about)
    talks = [_talk(who, each, now) for who, each in said.items()]
    return sorted((talk for talk in talks if now - talk.last <= LATELY), key=lambda talk: talk.last, reverse=True)


def _lines(
    person: Candidate, but: Member, now: datetime, letters: Sequence[Letter]
) -> Iterator[tuple[str, datetime, str]]:
    kinds = list(WORDS)
    done = Activity.objects.filter(candidate=person, kind__in=kinds, at__gt=now - LONG_AGO, by__isnull=False)
    for line in done.exclude(by=but).select_related("by").order_by("-at", "-pk")[:MOST_LINES]:
        words = {"pipeline": "a pipeline", "to": "", "subject": "an e-mail"} | line.data
        yield str(line.by), line.at, WORDS[ActivityKind(line.kind)].format_map(words)
    for letter in letters:
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
    """Calls, meetings and e-mails of the last 30 days, of everybody but the one who is about to write."""
    since = (now or timezone.now()) - LATELY
    kinds = [kind.value for kind in CONVERSATIONS]
    with connection.cursor() as cursor:
        cursor.execute(CROWD, [current_tenant_id(), kinds, since, but.pk, list(candidate_ids)])
        [(people, first, members)] = cursor.fetchall()
    names = Member.objects.filter(pk__in=members or ()).order_by("name").values_list("name", flat=True)[:5]
    return Crowd(people, first, tuple(names) if people else ())
