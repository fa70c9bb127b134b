from typing import ClassVar

from django.db import models

from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class Employment(TenantModel):
    """When a person was with an employer, made from the candidate's positions with the search document.

    Derived, so that it is replaced and neither merged nor exported. Months count from the year 0, both included.
    """

    candidate = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="employments")
    employer = models.CharField(max_length=80)  # talentpool.identity.careers.organisation_key
    place = models.CharField(max_length=60, blank=True)
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()

    moving: ClassVar[Moving] = Moving(left_out="made from the people, with the search documents")

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["tenant", "employer", "-last"],
                include=["first", "candidate", "place"],
                name="employment_colleagues",
            )
        ]

    def __str__(self) -> str:
        return f"candidate {self.candidate_id} at {self.employer}"
