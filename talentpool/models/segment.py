from typing import Any, ClassVar

from django.db import models

from crm.models import Member
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving, Ref

# Facets whose values are ids, and of what.
NAMED = {"tag": "talentpool.Tag", "source": "talentpool.Source", "family": "talentpool.JobFamily"}


class Segment(TenantModel):
    """A saved search that stays current."""

    name = models.CharField(max_length=120)
    text = models.TextField(blank=True)  # the query as typed
    facets = models.JSONField(default=dict)  # {"source": ["…"]}
    exactly = models.BooleanField(default=True)  # as typed, without other names; as all were before there were any
    less = models.JSONField(default=list)  # other names to do without
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    moving: ClassVar[Moving] = Moving(refs={"facets": [Ref(label, f"{facet}.*") for facet, label in NAMED.items()]})

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "name"], name="segment_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def search(self) -> dict[str, Any]:
        """As a Selection has it."""
        return {"text": self.text, "facets": self.facets, "exactly": self.exactly, "less": self.less}


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
