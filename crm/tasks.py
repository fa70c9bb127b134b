"""Background doors of the ground."""

from celery import shared_task

from crm.actions import bulk_runs
from crm.tenancy.tasks import TenantTask


@shared_task(base=TenantTask, bind=True)
def work_on_bulk_run(self: TenantTask, run_id: int) -> None:
    bulk_runs.work_on(run_id, worker=self.request.id or "eager")


@shared_task
def release_stuck_runs() -> None:
    bulk_runs.queue_stuck()
