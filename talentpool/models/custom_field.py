from typing import ClassVar

from django.db import models

from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving
from talentpool.custom_values import CustomKind

FACETS = range(1, 7)  # so many fields of an organisation can stand beside a search


class CustomField(TenantModel):
    """A field that an organisation adds to people: “Shirt size”.

    Values never live here but with profiles and edits, under the key, which never changes. Choices that are no longer
    offered stay known, so that whoever has one keeps it.
    """

    key = models.CharField(max_length=30)  # as in custom.shirt_size
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=[(each.value, each.label) for each in CustomKind])
    help_text = models.CharField(max_length=300, blank=True)
    choices = models.JSONField(default=list)  # ["S", "M", …] in the order in which they are offered
    past_choices = models.JSONField(default=list)  # those that are no longer offered
    position = models.PositiveSmallIntegerField(default=0)
    is_restricted = models.BooleanField(default=False)  # not for hiring managers
    facet = models.PositiveSmallIntegerField(null=True, blank=True)  # which of FACETS it is
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    moving: ClassVar[Moving] = Moving(plain=["choices", "past_choices"])

    class Meta(TenantModel.Meta):
        ordering = ["position", "pk"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "key"], name="custom_field_once"),
            models.UniqueConstraint(fields=["tenant", "facet"], name="custom_facet_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """As lineage, edits, imports and searches call it."""
        return f"custom.{self.key}"

    @property
    def facet_name(self) -> str:
        return f"field{self.facet}" if self.facet else ""
