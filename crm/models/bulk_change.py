from typing import ClassVar

from django.db import models

from crm.models.bulk_run import BulkRun
from crm.tenancy.fields import TenantForeignKey
from crm.tenancy.models import TenantModel
from crm.tenancy.moving import Moving


class BulkChange(TenantModel):
    """What one slice of a run changed and how it was before, written in the slice's own transaction.

    The shape of `was` is known to the run's kind alone. Kept for as long as the run can be undone.
    """

    run = TenantForeignKey(BulkRun, models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()  # of people whom the slice changed
    was = models.JSONField()

    moving: ClassVar[Moving] = Moving(left_out="work of the organisation that it was started in")

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.number} of {self.run_id}"
