"""Encrypting every secret anew, after a new key was put before the others in FIELD_KEYS."""

from typing import Any

from django.apps import apps
from django.db import transaction

from crm.encryption import EncryptedTextField
from crm.models import Tenant
from crm.tenancy.models import TenantModel
from crm.tenancy.scope import tenant_scope


def encrypt_anew() -> int:
    """Row by row, so that nobody waits; running it twice does no harm. Returns how many rows were written."""
    written = 0
    for tenant_id in Tenant.objects.order_by("pk").values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            written += sum(_rewrite(model, names) for model, names in _models_with_secrets())
    return written


def _models_with_secrets() -> list[tuple[Any, list[str]]]:
    found = []
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
        if names and issubclass(model, TenantModel):
            found.append((model, names))
    return found


def _rewrite(model: Any, names: list[str]) -> int:
    ids = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        with transaction.atomic():  # so that a value that somebody changes just now is not put back
            row = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
            if row is not None:
                model._default_manager.filter(pk=pk).update(**{name: getattr(row, name) for name in names})
    return len(ids)
