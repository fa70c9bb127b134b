"""Background work keeps the tenant it was queued in, and never starts before its rows are committed."""

from functools import partial
from typing import Any

from celery import Task
from django.db import transaction

from crm.tenancy.scope import current_tenant_id, tenant_scope


class TenantTask(Task):  # type: ignore[type-arg]
    abstract = True

    def apply_async(self, *args: Any, headers: dict[str, Any] | None = None, **options: Any) -> Any:
        headers = {"tenant_id": current_tenant_id(), **(headers or {})}
        send = partial(super().apply_async, *args, headers=headers, **options)
        if self.app.conf.task_always_eager:
            return send()
        return transaction.on_commit(send)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        headers = self.request.headers or {}
        tenant_id = headers.get("tenant_id") or self.request.get("tenant_id")
        with tenant_scope(tenant_id if tenant_id is not None else current_tenant_id()):
            return super().__call__(*args, **kwargs)
