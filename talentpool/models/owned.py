"""What hangs on a candidate."""

from django.db import models

from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel


class OfCandidate(TenantModel):
    """A row about a person: `candidate` says whose it is now, `origin` whose it was when it came.

    Merging people sets `candidate` to the survivor, unmerging sets it back by `origin`, which nothing ever changes.
    """

    candidate = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="%(class)s_set")
    origin = TenantForeignKey("talentpool.Candidate", models.CASCADE, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        abstract = True
