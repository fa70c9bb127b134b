from typing import ClassVar

from django.db import models

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.moving import Moving, Ref
from talentpool.models.owned import OfCandidate


class ActivityKind(models.TextChoices):
    RECEIVED = "received", "Came from a source"
    EDITED = "edited", "Edited"
    NOTED = "noted", "Noted"
    CALLED = "called", "Spoke on the telephone"
    MET = "met", "Met"
    TASK_DONE = "task_done", "Task done"
    TAGGED = "tagged", "Tagged"
    UNTAGGED = "untagged", "Tag removed"
    FILE_ADDED = "file_added", "File added"
    OWNER_CHANGED = "owner_changed", "Owner changed"
    PIPELINE_ADDED = "pipeline_added", "Added to a pipeline"
    PIPELINE_MOVED = "pipeline_moved", "Moved in a pipeline"
    PIPELINE_REMOVED = "pipeline_removed", "Removed from a pipeline"
    CONSENT_GIVEN = "consent_given", "Consent given"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Consent withdrawn"
    MESSAGE_SENT = "message_sent", "Message sent"
    MESSAGE_OPENED = "message_opened", "Message opened"
    MESSAGE_CLICKED = "message_clicked", "Link opened"
    MESSAGE_REPLIED = "message_replied", "Replied"
    MESSAGE_BOUNCED = "message_bounced", "Message bounced"
    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
    MERGED = "merged", "Merged"
    UNMERGED = "unmerged", "Merge undone"
    MAIL_RECEIVED = "mail_received", "Wrote an e-mail"
    MAIL_SENT = "mail_sent", "Got an e-mail"
    APPLICATION = "application", "Application"


class Activity(OfCandidate):
    """Something that happened with a person. `data` holds names as they were then, so that the line stays true."""

    kind = models.CharField(max_length=20, choices=ActivityKind.choices)
    at = models.DateTimeField()
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    data = models.JSONField(default=dict)

    moving: ClassVar[Moving] = Moving(named=["data"], refs={"data": [Ref("talentpool.Profile", "profile")]})

    class Meta(OfCandidate.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["tenant", "candidate", "-at", "-id"], name="activity_of_candidate"),
            # Who talked with anybody lately, for the warnings before a campaign.
            models.Index(
                fields=["tenant", "at"],
                condition=models.Q(kind__in=["called", "met", "mail_received", "mail_sent"]),
                name="activity_conversations",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
