"""Who was merged with whom, who must not be, and about which pairs somebody has to decide."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantManager, TenantModel, TenantQuerySet
from crm.tenancy.moving import Moving, Ref
from talentpool.identity.verdicts import Gate


class MergeQuerySet(TenantQuerySet["Merge"]):
    def live(self) -> "MergeQuerySet":
        return self.filter(undone_at=None)


class Merge(TenantModel):
    """That one person's rows went over to another, and what else it changed: all that undoing it needs.

    Rows themselves need nothing here: they carry whose they were when they came.
    """

    survivor = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="merges")
    absorbed = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="merged_by", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    automatic = models.BooleanField(default=False)
    bits = models.FloatField(null=True, blank=True)  # of the score, where one was made
    evidence = models.JSONField(default=list)  # as in MatchPair
    inherited = models.JSONField(default=dict)  # {"owner": {"before": …, "after": …}}: the survivor's own columns
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    objects: ClassVar = TenantManager.from_queryset(MergeQuerySet)()
    moving: ClassVar[Moving] = Moving(refs={"inherited": [Ref("crm.Member", "owner.*")]}, plain=["evidence"])

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "absorbed"], condition=Q(undone_at=None), name="merge_live_once"),
            models.CheckConstraint(condition=~Q(survivor=F("absorbed")), name="merge_of_two"),
        ]
        indexes = [models.Index(fields=["tenant", "-at", "-id"], name="merge_recent")]

    def __str__(self) -> str:
        return f"candidate {self.absorbed_id} merged into {self.survivor_id}"


class ApartQuerySet(TenantQuerySet["Apart"]):
    def holding(self) -> "ApartQuerySet":
        return self.filter(withdrawn_at=None)


class Apart(TenantModel):
    """That somebody said of two people, as they came, that they are not the same; holds for whoever joins either."""

    low = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="+", db_index=False)
    high = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TenantManager.from_queryset(ApartQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "low", "high"], name="apart_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"candidates {self.low_id} and {self.high_id} are not the same"


class PairState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    LATER = "later", "Later"
    MERGED = "merged", "Merged"
    APART = "apart", "Not the same"


class MatchPairQuerySet(TenantQuerySet["MatchPair"]):
    def waiting(self) -> "MatchPairQuerySet":
        """Open questions, strongest first: both people are still in the pool, on their own."""
        here = {f"{side}__{gone}": None for side in ("low", "high") for gone in ("merged_into", "erased_at")}
        due = Q(state=PairState.WAITING) | Q(state=PairState.LATER, later_until__lte=models.functions.Now())
        return self.filter(due, **here).order_by("-bits", "-pk")


class MatchPair(TenantModel):
    """Two people who may be one, and what somebody said to it. Asked once: an answer stays."""

    low = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="+", db_index=False)
    high = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="+")
    bits = models.FloatField()
    gate = models.CharField(max_length=10, choices=Gate.choices, blank=True, default=Gate.NONE)
    strong = models.BooleanField(default=False)  # may be answered in bulk
    # [{"comparison": "email", "level": "equal", "bits": 16.0, "words": "The same e-mail address"}], strongest first
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=PairState.choices, default=PairState.WAITING)
    later_until = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    objects: ClassVar = TenantManager.from_queryset(MatchPairQuerySet)()
    moving: ClassVar[Moving] = Moving(plain=["evidence"])

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "low", "high"], name="match_pair_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="match_pair_in_order"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "-bits", "-id"],
                condition=Q(state__in=["waiting", "later"]),
                name="match_pair_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"candidates {self.low_id} and {self.high_id}: {self.get_state_display()}"
