"""Tasks as pages list them."""

from datetime import datetime

from django.db.models import F

from crm.models import Member
from talentpool.models import Candidate, Task
from talentpool.models.task import TaskQuerySet

PAGE = 50


def tasks_for_page(member: Member, *, who: str, state: str, now: datetime) -> TaskQuerySet:
    """`who`: "" for her own, "all", "asked" for what she gave others, or a member's id."""
    tasks: TaskQuerySet = Task.objects.for_list().filter(candidate__merged_into=None, candidate__erased_at=None)
    if who == "":
        tasks = tasks.filter(assignee=member)
    elif who == "asked":
        tasks = tasks.filter(by=member).exclude(assignee=member)
    elif who != "all":
        tasks = tasks.filter(assignee_id=int(who))
    if state == "done":
        return tasks.filter(done_at__isnull=False).order_by(F("done_at").desc(), "-pk")
    return (tasks.overdue(now) if state == "overdue" else tasks.open()).soonest_first()


def tasks_about(person: Candidate, *, limit: int = 30) -> list[Task]:
    """What is still to be done, soonest first."""
    return list(Task.objects.open().for_list().filter(candidate=person).soonest_first()[:limit])
