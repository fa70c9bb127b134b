"""Which tables move, in which order, and by which columns: all of it read from the models."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, ForeignKey, Model

from crm.encryption import EncryptedTextField
from crm.models import Member, Tenant, User
from crm.tenancy.models import TenantModel

# What says where an organisation lives and not what it is; the rest of its settings moves.
OWN_TO_ORGANISATION = frozenset({"id", "name", "slug", "created_at"})


@dataclass(frozen=True)
class Table:
    """A table that moves. `position` is its place among all that do, every table after those it points at."""

    model: type[TenantModel]
    position: int

    @property
    def name(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def label(self) -> str:
        return str(self.model._meta.label)

    @property
    def part(self) -> str:
        return f"tables/{self.name}.jsonl"

    @property
    def columns(self) -> list[Any]:
        return [field for field in self.model._meta.concrete_fields if _moves(self.model, field)]

    @property
    def keys(self) -> dict[str, str]:
        """Column → label of the model that its ids are of."""
        keys = [field for field in self.columns if isinstance(field, ForeignKey)]
        return {each.column: each.related_model._meta.label for each in keys if each.related_model is not User}

    @property
    def users(self) -> list[str]:
        """Columns that name somebody who signs in: she is known by her e-mail address."""
        keys = [field for field in self.columns if isinstance(field, ForeignKey)]
        return [str(each.column) for each in keys if each.related_model is User]

    @property
    def binaries(self) -> list[str]:
        return [str(field.column) for field in self.columns if isinstance(field, BinaryField)]


def _moves(model: type[TenantModel], field: Any) -> bool:
    if field.name == "tenant":
        return False
    if isinstance(field, ForeignKey) and issubclass(field.related_model, TenantModel):
        return not (field.related_model.moving.left_out and field.null)  # it would lead nowhere, and may be empty
    return not isinstance(field, EncryptedTextField) or field.column in model.moving.opened


def tenant_models() -> list[type[TenantModel]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def tables() -> list[Table]:
    """Members first, then each table behind those that its keys name; a circle is cut where it was entered."""
    ordered: dict[type[Model], None] = {}

    def place(model: Any, above: frozenset[Any]) -> None:
        if model in ordered or model in above or not issubclass(model, TenantModel) or model.moving.left_out:
            return
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                place(field.related_model, above | {model})
        ordered[model] = None

    for model in [Member, *tenant_models()]:
        place(model, frozenset())
    return [Table(model, position) for position, model in enumerate(ordered)]  # type: ignore[arg-type]


def left_out() -> dict[str, str]:
    """Table → why it stays behind."""
    return {model._meta.db_table: model.moving.left_out for model in tenant_models() if model.moving.left_out}


def settings_of(tenant: Tenant) -> dict[str, Any]:
    """What the organisation says of itself, by column."""
    return {field.name: field.value_from_object(tenant) for field in setting_fields()}


def setting_fields() -> Iterator[Any]:
    for field in Tenant._meta.concrete_fields:
        if field.name not in OWN_TO_ORGANISATION and not field.unique and not isinstance(field, EncryptedTextField):
            yield field
