"""What is new about the people whom a member follows: notes, moves, replies, applications, since she last looked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from crm.models import Member
from talentpool.models import Activity, ActivityKind, Application, Candidate, Mention, Watcher

# {who} is the member who did it; the other words are the activity's data.
WORDS = {
    ActivityKind.NOTED: "{who} wrote a note",
    ActivityKind.CALLED: "{who} spoke with them",
    ActivityKind.MET: "{who} met them",
    ActivityKind.PIPELINE_ADDED: "{who} added them to {pipeline}",
    ActivityKind.PIPELINE_MOVED: "{who} moved them to {to} in {pipeline}",
    ActivityKind.MESSAGE_REPLIED: "Replied to “{campaign}”",
    ActivityKind.MAIL_RECEIVED: "Wrote “{subject}”",
    ActivityKind.MERGED: "{who} merged them with another profile",
}


@dataclass(frozen=True)
class News:
    person: Candidate
    words: str
    at: datetime


def news_for(member: Member, *, since: datetime | None = None, limit: int = 20) -> list[News]:
    """Newest first. After `since` where it is given, else after what she has seen of each person; her own doings
    are no news to her."""
    followed = Q(candidate__watcher_set__member=member, candidate__merged_into=None, candidate__erased_at=None)
    seen, began = F("candidate__watcher_set__seen_at"), F("candidate__watcher_set__at")
    activities = Activity.objects.filter(followed, Q(at__gt=since or seen), Q(at__gt=began), kind__in=list(WORDS))
    lines = activities.exclude(by=member).select_related("candidate", "by").order_by("-at", "-pk").distinct()
    found = [News(line.candidate, _words(line), line.at) for line in lines[:limit]]
    applied = Application.objects.filter(followed, Q(applied_at__gt=since or seen), Q(applied_at__gt=began))
    applied = applied.select_related("candidate", "job")
    found += [
        News(each.candidate, f"Applied for {each.job.title}", each.applied_at)
        for each in applied.order_by("-applied_at").distinct()[:limit]
        if each.applied_at
    ]
    return sorted(found, key=lambda news: news.at, reverse=True)[:limit]


def unread_mentions(member: Member, *, limit: int = 20) -> list[Mention]:
    unread = Mention.objects.filter(member=member, seen_at=None, candidate__merged_into=None, candidate__erased_at=None)
    unread = unread.select_related("candidate", "note__by").prefetch_related("note__mentions")
    return list(unread.order_by("-at", "-pk")[:limit])


def watchers_of(person: Candidate) -> list[Member]:
    watching = Watcher.objects.filter(candidate=person, member__removed_at=None)
    return list(Member.objects.filter(pk__in=watching.values("member")))


def _words(line: Activity) -> str:
    words: dict[str, object] = {
        "who": line.by.name if line.by else "Rapport",
        "pipeline": "",
        "to": "",
        "campaign": "",
        "subject": "",
    }
    return WORDS[ActivityKind(line.kind)].format_map(words | line.data)


def without_repetition(news: Iterable[News]) -> list[News]:
    """The newest of each person, for a card that has few lines."""
    seen: dict[int, News] = {}
    for each in news:
        seen.setdefault(each.person.pk, each)
    return list(seen.values())
