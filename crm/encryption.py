"""Secrets at rest: a text field that only exists encrypted in the database."""

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS is empty: set at least one Fernet key to keep secrets.")
    return MultiFernet([Fernet(key) for key in keys])


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text, encrypted with the newest of FIELD_KEYS; older keys still read. It can't be searched or ordered by."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else _box(tuple(settings.FIELD_KEYS)).encrypt(str(value).encode()).decode()

    def from_db_value(self, value: Any, *args: Any) -> Any:
        return None if value is None else _box(tuple(settings.FIELD_KEYS)).decrypt(value.encode()).decode()
