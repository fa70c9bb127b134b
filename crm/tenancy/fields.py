"""The foreign key between tenant tables."""

from typing import Any, TypeVar

from django.db import models

from crm.tenancy.constraints import SameTenant

Set = TypeVar("Set")
Get = TypeVar("Get")


class TenantForeignKey(models.ForeignKey[Set, Get]):
    """A foreign key that the database checks together with the tenant.

    The one constraint is the composite key (tenant_id, x_id) -> (tenant_id, id): it implies the plain one, and a
    second trigger a row would be the dearest part of mass inserts.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs

    def contribute_to_class(self, cls: Any, name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        # The models of a migration's state ("__fake__") get theirs from the migration.
        if not cls._meta.abstract and cls.__module__ != "__fake__":
            rule = SameTenant(field=name, name=f"{cls._meta.db_table}_{name}_same_tenant"[:63])
            cls._meta.constraints = [*cls._meta.constraints, rule]
