"""Secrets at rest: a text field that only exists encrypted in the database, by a key of the tenant's own.

A tenant's key is derived from each of FIELD_KEYS (HKDF, RFC 5869), so it is stored nowhere and changes with them: put a
new key in front, run `manage.py encrypt_anew`, and take the old one away. Nothing has to stand still for that.
"""

import base64
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from crm.tenancy.scope import tenant_id_or_none


@lru_cache(maxsize=10_000)
def _box(keys: tuple[str, ...], tenant_id: int | None) -> MultiFernet:
    """Writes with the newest key; all of them read, also what was written before tenants had keys of their own."""
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS is empty: set at least one Fernet key to keep secrets.")
    own = [Fernet(_tenant_key(key, tenant_id)) for key in keys] if tenant_id is not None else []
    return MultiFernet([*own, *map(Fernet, keys)])


def _tenant_key(key: str, tenant_id: int) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"rapport tenant {tenant_id}".encode())
    return base64.urlsafe_b64encode(derive.derive(base64.urlsafe_b64decode(key)))


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text, encrypted with the tenant's key by the newest of FIELD_KEYS; it can't be searched or ordered by."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else _current().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: Any, *args: Any) -> Any:
        return None if value is None else _current().decrypt(value.encode()).decode()


def _current() -> MultiFernet:
    return _box(tuple(settings.FIELD_KEYS), tenant_id_or_none())
