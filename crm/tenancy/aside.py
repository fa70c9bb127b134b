"""A second connection for one long transaction, while the first goes on committing progress beside it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def transaction_aside(*, snapshot: bool = False) -> Iterator[BaseDatabaseWrapper]:
    """In the current tenant's scope. What is not committed by the caller is undone; with `snapshot` it only reads, and
    reads one state of all tables."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        if snapshot:
            with other.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield other
    finally:
        other.close()
