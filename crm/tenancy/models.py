"""What every table of a tenant has in common."""

from typing import ClassVar, TypeVar

from django.db import models

from crm.tenancy.constraints import RowsOfTenant
from crm.tenancy.moving import Moving
from crm.tenancy.scope import current_tenant_id, tenant_id_or_none

Row = TypeVar("Row", bound=models.Model, covariant=True)


class TenantQuerySet(models.QuerySet[Row]):
    """Base of the query sets of tenant tables; a subclass names its filters as adjectives or relations."""


class TenantManager(models.Manager[Row]):
    """Says in the query what row security enforces, so that neither lock hangs on the other."""

    def get_queryset(self) -> models.QuerySet[Row]:
        queryset = super().get_queryset()
        tenant_id = tenant_id_or_none()
        return queryset if tenant_id is None else queryset.filter(tenant_id=tenant_id)


class TenantModel(models.Model):
    tenant = models.ForeignKey(
        "crm.Tenant", models.CASCADE, default=current_tenant_id, editable=False, db_index=False, related_name="+"
    )

    objects = TenantManager()
    moving: ClassVar[Moving] = Moving()  # when the whole pool moves to another organisation

    class Meta:
        abstract = True
        constraints = [
            RowsOfTenant(name="%(class)s_rows_of_tenant"),
            # What composite keys point at, and the index behind the manager's filter.
            models.UniqueConstraint(fields=["tenant", "id"], name="%(class)s_tenant_and_id"),
        ]


class LeanTenantModel(TenantModel):
    """For tables that a large import fills: row by row it costs more to ask whether the tenant exists than to write.

    Row security lets no row in but of the scope's tenant, and a composite key to a table that asks says the same again.
    """

    tenant = models.ForeignKey(
        "crm.Tenant",
        models.CASCADE,
        default=current_tenant_id,
        editable=False,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )

    class Meta(TenantModel.Meta):
        abstract = True
