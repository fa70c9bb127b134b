from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import LeanTenantModel, TenantManager, TenantModel, TenantQuerySet
from crm.tenancy.moving import Moving, Ref

# Facets whose values are ids, and of what.
NAMED = {
    "tag": "talentpool.Tag",
    "source": "talentpool.Source",
    "family": "talentpool.JobFamily",
    "pipeline": "talentpool.Pipeline",
}


class Sharing(models.TextChoices):
    TEAM = "team", "The whole team"
    CHOSEN = "chosen", "Colleagues I choose"
    PRIVATE = "private", "Only me"


class SegmentQuerySet(TenantQuerySet["Segment"]):
    def live(self) -> "SegmentQuerySet":
        """Whose members are kept."""
        return self.filter(hidden_at=None)

    def named(self, name: str, *, by: Member | None) -> "SegmentQuerySet":
        """That bear a name, as far as this member may know: somebody else's own bears it unseen."""
        return self.filter(~Q(sharing=Sharing.PRIVATE) | Q(by=by), name=name)

    def visible_to(self, member: Member) -> "SegmentQuerySet":
        """Who may see restricted fields is not asked here: talentpool.queries.segments does."""
        shared = SegmentShare.objects.filter(member=member).values("segment")
        return self.filter(Q(sharing=Sharing.TEAM) | Q(by=member) | Q(sharing=Sharing.CHOSEN, pk__in=shared))


class Segment(TenantModel):
    """A saved search that stays current: whoever comes to match is a member within the second, until they don't.

    `size` and the members are kept by talentpool.search.index.memberships as people change, and counted anew by
    talentpool.actions.segment_counts; `counted_at` is None until the first count of the query has ended.
    """

    name = models.CharField(max_length=120)
    text = models.TextField(blank=True)  # the query as typed
    facets = models.JSONField(default=dict)  # {"source": ["…"]}
    exactly = models.BooleanField(default=True)  # as typed, without other names; as all were before there were any
    less = models.JSONField(default=list)  # other names to do without
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # None: ready-made
    sharing = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.TEAM, db_default=Sharing.TEAM)
    # What a ready-made one stands for, such as family:12; such a one is hidden and never removed.
    ready_made = models.CharField(max_length=200, blank=True, db_default="")
    hidden_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0, db_default=0)
    counted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = TenantManager.from_queryset(SegmentQuerySet)()
    moving: ClassVar[Moving] = Moving(
        refs={"facets": [Ref(label, f"{facet}.*") for facet, label in NAMED.items()]},
        plain=["less"],
        emptied=["counted_at", "ready_made"],
        arrives={"size": lambda size: 0},
    )

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "name"], condition=~Q(sharing="private"), name="segment_shared_name_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "by", "name"], condition=Q(sharing="private"), name="segment_private_name_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "ready_made"], condition=~Q(ready_made=""), name="segment_ready_made_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def search(self) -> dict[str, Any]:
        """As a Selection has it."""
        return {"text": self.text, "facets": self.facets, "exactly": self.exactly, "less": self.less}


class SegmentShare(TenantModel):
    """A colleague whom a segment that isn't everybody's is shared with."""

    segment = TenantForeignKey(Segment, models.CASCADE, related_name="shares", db_index=False)
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "segment", "member"], name="segment_share_once"),
        ]

    def __str__(self) -> str:
        return f"segment {self.segment_id} for member {self.member_id}"


class SegmentMember(LeanTenantModel):
    """A person in a segment, since when. Derived like a search document: judged anew whenever the person changes, also
    by being merged, so that no merge has to move these rows."""

    segment = TenantForeignKey(Segment, models.CASCADE, related_name="members", db_index=False)
    candidate = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="+")
    joined_at = models.DateTimeField()

    moving: ClassVar[Moving] = Moving(left_out="made anew from the people and the search")

    class Meta(LeanTenantModel.Meta):
        constraints = [
            *LeanTenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "segment", "candidate"], name="segment_member_once"),
        ]
        indexes = [models.Index(fields=["tenant", "segment", "-joined_at", "-candidate"], name="segment_member_latest")]

    def __str__(self) -> str:
        return f"candidate {self.candidate_id} in segment {self.segment_id}"


class SegmentDay(TenantModel):
    """What became of a segment on one day in the organisation's zone; a day without a change has no row.

    With `is_new_query` the segment was made or its query changed that day: its size moved without people's doing.
    """

    segment = TenantForeignKey(Segment, models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    size = models.PositiveBigIntegerField(default=0)
    joined = models.PositiveBigIntegerField(default=0)
    left = models.PositiveBigIntegerField(default=0)
    is_new_query = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        ordering = ["day"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "segment", "day"], name="segment_day_once"),
        ]

    def __str__(self) -> str:
        return f"segment {self.segment_id} on {self.day}"


class Selection(TenantModel):
    """People somebody picked for one act: by ids, or as the whole result of a search."""

    candidate_ids = models.JSONField(default=list)
    search = models.JSONField(
        null=True
    )  # {"text": …, "facets": …, "exactly": …, "less": […]}: the whole result, or None
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    moving: ClassVar[Moving] = Moving(
        refs={
            "candidate_ids": [Ref("talentpool.Candidate", "*")],
            "search": [Ref(label, f"facets.{facet}.*") for facet, label in NAMED.items()],
        }
    )

    def __str__(self) -> str:
        return f"{len(self.candidate_ids)} people" if self.search is None else "a whole search result"
