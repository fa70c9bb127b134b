"""Background doors of the ATS sync. Rows hold the work; queues carry ids of connections only."""

from celery import shared_task
from django.db import connection
from django.utils import timezone

from ats_sync.actions import events, pushes, rounds, sweeps
from ats_sync.actions.calls import answer
from ats_sync.models import Connection
from ats_sync.providers.errors import Throttled
from crm.models import Tenant
from crm.tenancy.scope import tenant_scope
from crm.tenancy.tasks import TenantTask


@shared_task
def move_sync() -> None:
    """Queues what is due: rounds, events and pushes whose time has come, or whose worker died."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenants_with_ats_work()")
        tenant_ids = [tenant_id for (tenant_id,) in cursor.fetchall()]
    for tenant_id in tenant_ids:
        with tenant_scope(tenant_id):
            for connection_id in events.waiting_connections():
                work_on_events.delay(connection_id)
            for connection_id in pushes.waiting_connections():
                send_pushes.delay(connection_id)
            for connection_id in rounds.due_connections(timezone.now()):
                poll_connection.delay(connection_id)
            for sweep_id in sweeps.due_sweeps(timezone.now()):
                work_on_sweep.delay(sweep_id)


@shared_task(base=TenantTask, bind=True)
def work_on_events(self: TenantTask, connection_id: int) -> None:
    answer(work_on_events, connection_id)
    events.work_on_waiting(connection_id, worker=self.request.id or "eager")


@shared_task(base=TenantTask, bind=True)
def send_pushes(self: TenantTask, connection_id: int) -> None:
    answer(send_pushes, connection_id)
    pushes.send_waiting(connection_id, worker=self.request.id or "eager")


@shared_task(base=TenantTask, bind=True)
def poll_connection(self: TenantTask, connection_id: int) -> None:
    rounds.poll(connection_id, worker=self.request.id or "eager")


@shared_task
def sweep_connections() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            for connection in Connection.objects.on():
                sweeps.start_sweep(connection, settles=True)


@shared_task(base=TenantTask, bind=True)
def work_on_sweep(self: TenantTask, sweep_id: int) -> None:
    sweeps.work_on_sweep(sweep_id, worker=self.request.id or "eager")


@shared_task(base=TenantTask)
def settle_connection(connection_id: int) -> None:
    try:
        sweeps.settle(connection_id)
    except Throttled as error:
        settle_connection.apply_async([connection_id], countdown=error.seconds)
