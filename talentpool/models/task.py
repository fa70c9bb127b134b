from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantQuerySet
from talentpool.models.owned import OfCandidate


class TaskQuerySet(TenantQuerySet["Task"]):
    def open(self) -> "TaskQuerySet":
        return self.filter(done_at=None)

    def overdue(self, now: datetime) -> "TaskQuerySet":
        return self.open().filter(overdue_at__lte=now)

    def soonest_first(self) -> "TaskQuerySet":
        return self.order_by(models.F("due_at").asc(nulls_last=True), "pk")

    def for_list(self) -> "TaskQuerySet":
        return self.select_related("candidate", "assignee", "by")


class Task(OfCandidate):
    """Something that a member is to do, about a person or about nobody.

    Somebody who names only a day is reminded on that day's morning, and the task is overdue when the day is over.
    """

    # A task about nobody has neither.
    candidate = TenantForeignKey(  # type: ignore[assignment]
        "talentpool.Candidate", models.CASCADE, null=True, blank=True, related_name="task_set"
    )
    origin = TenantForeignKey(  # type: ignore[assignment]
        "talentpool.Candidate", models.CASCADE, null=True, related_name="+", db_index=False
    )
    text = models.CharField(max_length=500)
    due_at = models.DateTimeField(null=True, blank=True)  # when its reminder is due
    overdue_at = models.DateTimeField(null=True, blank=True)
    whole_day = models.BooleanField(default=False)
    assignee = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    reminded_at = models.DateTimeField(null=True, blank=True)  # for the due_at that holds now

    objects: ClassVar = TenantManager.from_queryset(TaskQuerySet)()

    class Meta(OfCandidate.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["tenant", "assignee", "due_at"], condition=Q(done_at=None), name="task_open"),
            models.Index(
                fields=["tenant", "due_at"], condition=Q(done_at=None, reminded_at=None), name="task_to_remind"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def audit_label(self) -> str:
        return f"Task {self.pk}"

    @property
    def is_overdue(self) -> bool:
        return self.done_at is None and self.overdue_at is not None and self.overdue_at <= timezone.now()
