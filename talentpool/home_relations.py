"""What Home says to this member in person: where colleagues named her, what she is to do, news of whom she follows."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import formats, timezone

from crm.home import HomeCard, HomePage, Line, Link, home_cards
from crm.permissions import Permission
from talentpool.models import Task
from talentpool.queries.news import news_for, unread_mentions, without_repetition

LINES = 6


@home_cards(Permission.VIEW_CANDIDATES)
def mentions(page: HomePage) -> Iterator[HomeCard]:
    found = unread_mentions(page.member, limit=LINES + 1)
    if found:
        lines = tuple(
            Line(
                icon="at-sign",
                title=str(each.candidate),
                url=page.url("talentpool:candidate", each.candidate_id) + "#notes",
                text=f"{each.note.who}: {each.note.text[:200]}",
                at=each.at,
            )
            for each in found[:LINES]
        )
        link = Link("All news", page.url("talentpool:news"))
        yield HomeCard(
            title="Colleagues mentioned you", order=3, lines=lines, links=(link,), note="unread", tone="accent"
        )


@home_cards(Permission.VIEW_CANDIDATES)
def my_tasks(page: HomePage) -> Iterator[HomeCard]:
    """Overdue ones first, for they are due longest; what lies beyond a week waits on the page of tasks."""
    mine = Task.objects.open().filter(assignee=page.member, due_at__lte=page.now + timedelta(days=7))
    found = list(mine.for_list().soonest_first()[: LINES + 1])
    if not found:
        return
    tasks_url = page.url("talentpool:tasks")
    late = sum(task.overdue_at is not None and task.overdue_at <= page.now for task in found)
    lines = tuple(
        Line(
            icon="circle-alert" if task.overdue_at and task.overdue_at <= page.now else "circle",
            title=task.text,
            url=page.url("talentpool:candidate", task.candidate_id) if task.candidate_id else tasks_url,
            text=" · ".join(filter(None, [str(task.candidate or ""), due_words(task)])),
        )
        for task in found[:LINES]
    )
    note, tone = (f"{late}{'+' if late > LINES else ''} overdue", "bad") if late else ("this week", "")
    link = Link("All tasks", tasks_url)
    yield HomeCard(title="My tasks", order=4, lines=lines, links=(link,), note=note, tone=tone)


@home_cards(Permission.VIEW_CANDIDATES)
def news(page: HomePage) -> Iterator[HomeCard]:
    found = without_repetition(news_for(page.member))
    if found:
        lines = tuple(
            Line(
                icon="eye",
                title=str(each.person),
                url=page.url("talentpool:candidate", each.person.pk),
                text=each.words,
                at=each.at,
            )
            for each in found[:LINES]
        )
        link = Link("All news", page.url("talentpool:news"))
        yield HomeCard(title="News of people you follow", order=50, lines=lines, links=(link,), needs_you=False)


def due_words(task: Task) -> str:
    if task.due_at is None:
        return ""
    return "due " + formats.date_format(timezone.localtime(task.due_at), "j M" if task.whole_day else "j M, H:i")
