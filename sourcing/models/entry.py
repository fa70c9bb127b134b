"""The search log: who searched, when and for which position, by which criteria, and what became of those found."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from crm.models import Member
from crm.tenancy.constraints import AppendOnly
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving

STAYS = Moving(left_out="evidence of the organisation it was written in, chained to its ids; export it per position")


class EntryKind(models.TextChoices):
    SEARCHED = "searched", "Searched"
    PAGED = "paged", "Looked at more of them"
    OPENED = "opened", "Opened"
    CONSIDERED = "considered", "Considered"
    CONTACTED = "contacted", "Contacted"
    POSITION = "position", "Position given"
    MASKED = "masked", "Name masked"  # in the words of an entry, when its person was erased
    REMOVED = "removed", "Removed"  # entries that were kept long enough


class SearchLogEntry(TenantModel):
    """One thing that happened. The application can add entries and change none; `SearchLogLink` chains them.

    It names rows by plain ids, for it outlives them. What people typed is apart, in `SearchLogWords`: a search for a
    name can then lose that name while the chain holds.
    """

    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    member = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    session = models.UUIDField(null=True)  # a member's searches without a pause of half an hour
    search_id = models.BigIntegerField(null=True)  # the entry of the search that this one follows from
    candidate_ids = ArrayField(models.BigIntegerField(), default=list)  # shown, opened, considered, contacted
    total = models.PositiveIntegerField(null=True)
    total_is_estimate = models.BooleanField(default=False)
    job_id = models.BigIntegerField(null=True)
    pipeline_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=20, blank=True)  # of what was considered: "pipeline", "tag", "export"
    detail = models.JSONField(default=dict)  # never says who somebody is
    words_digest = models.CharField(max_length=64, blank=True)
    via = models.CharField(max_length=60, blank=True)

    moving: ClassVar[Moving] = STAYS

    class Meta(TenantModel.Meta):
        constraints = [*TenantModel.Meta.constraints, AppendOnly(name="searchlogentry_append_only")]
        indexes = [
            models.Index(fields=["tenant", "-at"], name="searchlogentry_newest"),
            models.Index(fields=["tenant", "member", "-at"], name="searchlogentry_of_member"),
            models.Index(fields=["tenant", "session"], name="searchlogentry_of_session"),
            models.Index(fields=["tenant", "search_id"], name="searchlogentry_of_search"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class SearchLogWords(TenantModel):
    """The words of an entry: criteria as typed and as run, a position's title, a reason.

    The entry has their digest, made with `salt`: without the salt nobody can try names upon it.
    """

    entry = TenantForeignKey(SearchLogEntry, models.CASCADE, related_name="words_set", db_index=False)
    salt = models.CharField(max_length=32)
    said = models.JSONField()

    moving: ClassVar[Moving] = STAYS

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            AppendOnly(name="searchlogwords_append_only"),
            models.UniqueConstraint(fields=["tenant", "entry"], name="searchlogwords_once"),
        ]

    def __str__(self) -> str:
        return f"words of entry {self.entry_id}"
