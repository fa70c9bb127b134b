from django.db import models
from django.db.models.functions import Lower

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from talentpool.models.owned import OfCandidate


class TagColour(models.TextChoices):
    """The palette; tokens.css has each in light and dark, readable in both."""

    GREY = "grey", "Grey"
    RED = "red", "Red"
    ORANGE = "orange", "Orange"
    YELLOW = "yellow", "Yellow"
    GREEN = "green", "Green"
    TEAL = "teal", "Teal"
    BLUE = "blue", "Blue"
    PURPLE = "purple", "Purple"
    PINK = "pink", "Pink"


class Tag(TenantModel):
    name = models.CharField(max_length=60)
    colour = models.CharField(
        max_length=10, choices=TagColour.choices, default=TagColour.TEAL, db_default=TagColour.TEAL
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint("tenant", Lower("name"), name="tag_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


SILVER_MEDALIST = "Silver medalist"  # the tag that a rejection after an interview gives


class CandidateTag(OfCandidate):
    once = ("tag",)

    tag = TenantForeignKey(Tag, models.CASCADE, related_name="+")
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta(OfCandidate.Meta):
        abstract = False
        constraints = [
            *OfCandidate.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "candidate", "tag", "origin"], name="candidate_tag_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.candidate_id}"
