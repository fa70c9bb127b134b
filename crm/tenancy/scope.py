"""Which tenant the current request, task or command works for.

The id is kept twice: in a context variable that Python reads, and in the PostgreSQL session setting that the row
security policies read. Nothing else in the project sets either.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

# PostgreSQL cannot read this as a number, so a query outside a scope is an error and never an empty answer.
NO_TENANT = "no tenant scope"

_tenant_id: ContextVar[int | None] = ContextVar("tenant_id", default=None)


class NoTenant(RuntimeError):
    """Tenant data was asked for outside `tenant_scope`."""


def tenant_id_or_none() -> int | None:
    return _tenant_id.get()


def current_tenant_id() -> int:
    tenant_id = _tenant_id.get()
    if tenant_id is None:
        raise NoTenant("Enter tenant_scope(tenant_id) first.")
    return tenant_id


@contextmanager
def tenant_scope(tenant_id: int) -> Iterator[None]:
    """All that runs inside works for this tenant, in Python and in PostgreSQL; scopes nest."""
    token = _tenant_id.set(tenant_id)
    try:
        _tell_postgres(tenant_id)
        yield
    finally:
        _tenant_id.reset(token)
        _leave()


def _leave() -> None:
    try:
        _tell_postgres(_tenant_id.get())
    except DatabaseError:
        # The surrounding transaction has failed. Its rollback restores the setting too, for PostgreSQL's settings
        # are transactional; without a transaction the connection itself is broken.
        if not connection.in_atomic_block:
            connection.close()


def _tell_postgres(tenant_id: int | None, database: BaseDatabaseWrapper | None = None) -> None:
    with (database or connection).cursor() as cursor:
        cursor.execute("SELECT set_config('crm.tenant_id', %s, false)", [str(tenant_id or NO_TENANT)])


def tell_new_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receiver of connection_created: a reconnect inside a scope keeps the scope."""
    if connection.vendor == "postgresql":
        _tell_postgres(_tenant_id.get(), connection)
