"""Calling a worker for what waits of a connection: once, whatever came since.

A task for each message or change would keep everybody else's work waiting.
"""

from functools import partial

from django.core.cache import cache
from django.db import transaction

from crm.tenancy.tasks import TenantTask

HOLDS = 10  # seconds, should the task that was called be lost


def call(task: TenantTask, connection_id: int) -> None:
    """After the transaction; nothing when a call of before was not answered yet."""
    transaction.on_commit(partial(_call, task, connection_id))


def answer(task: TenantTask, connection_id: int) -> None:
    """What comes from here on calls again."""
    cache.delete(_key(task, connection_id))


def _call(task: TenantTask, connection_id: int) -> None:
    if cache.add(_key(task, connection_id), 1, HOLDS):
        task.delay(connection_id)


def _key(task: TenantTask, connection_id: int) -> str:
    return f"{task.name}:{connection_id}"
