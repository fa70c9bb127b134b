"""Background doors of the ground."""

from celery import shared_task
from django.utils import timezone

from crm.actions import bulk_runs, bulk_undo, moving_out
from crm.mail import mail_invitation
from crm.models import Invitation, Tenant
from crm.rest.idempotency import forget_old_answers
from crm.tenancy.scope import tenant_scope
from crm.tenancy.tasks import TenantTask


@shared_task(base=TenantTask, bind=True)
def work_on_bulk_run(self: TenantTask, run_id: int) -> None:
    bulk_runs.work_on(run_id, worker=self.request.id or "eager")


@shared_task
def release_stuck_runs() -> None:
    bulk_runs.queue_stuck()


@shared_task(base=TenantTask, autoretry_for=(OSError,), retry_backoff=30, max_retries=8)
def send_invitation(invitation_id: int) -> None:
    mail_invitation(Invitation.objects.select_related("by").get(pk=invitation_id))


@shared_task
def forget_old_api_answers() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            forget_old_answers()


@shared_task
def remove_old_archives() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            moving_out.remove_old_archives(timezone.now())


@shared_task
def forget_old_changes() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            bulk_undo.forget_changes(timezone.now())
