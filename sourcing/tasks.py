"""Background doors of sourcing."""

from celery import shared_task
from django.utils import timezone

from crm.models import Tenant
from crm.tenancy.scope import tenant_scope
from crm.tenancy.tasks import TenantTask
from sourcing.actions import chaining, keeping


@shared_task(base=TenantTask)
def chain_search_log() -> None:
    chaining.chain_entries()


@shared_task
def keep_search_log() -> None:
    """Each night: what was left is chained, what was kept long enough goes, and the chain's end is written down."""
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            keep_search_log_of.delay()


@shared_task(base=TenantTask)
def keep_search_log_of() -> None:
    keeping.keep_log(now=timezone.now())
