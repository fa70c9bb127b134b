"""Background doors of the talent pool."""

from celery import shared_task
from django.utils import timezone

from crm.models import Tenant
from crm.tenancy.scope import tenant_scope
from crm.tenancy.tasks import TenantTask
from talentpool.actions import (
    drop_work,
    drops,
    finding,
    import_work,
    look_through,
    mail_answers,
    mail_intake,
    mail_review,
    mailboxes,
    notices,
    ready_made,
    scanning,
    schedules,
    segment_alerts,
    segment_counts,
)
from talentpool.actions.reminders import tenants_with_due_tasks
from talentpool.actions.warmth import refresh_everybody
from talentpool.agency_mail import mail_agency_invitation
from talentpool.models import AgencyInvitation, IncomingMail, PipelineGuest, SearchIndex
from talentpool.pipeline_mail import mail_pipeline_link
from talentpool.search.engines import active_indexes
from talentpool.search.engines.base import EngineDown
from talentpool.search.index import outbox
from talentpool.search.index.sweep import sweep


@shared_task
def keep_search_current() -> None:
    for tenant_id in outbox.tenants_waiting():
        with tenant_scope(tenant_id):
            drain_search_outbox.delay()


@shared_task(base=TenantTask)
def drain_search_outbox() -> None:
    outbox.drain()


@shared_task
def sweep_search() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            for index in active_indexes():
                sweep_search_index.delay(index.value)


@shared_task(base=TenantTask, autoretry_for=(EngineDown,), retry_backoff=60, max_retries=5)
def sweep_search_index(index: str) -> None:
    sweep(SearchIndex(index), now=timezone.now())


@shared_task(base=TenantTask)
def count_segment(segment_id: int) -> None:
    segment_counts.count_anew(segment_id)


@shared_task
def keep_segments() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            keep_segments_of_tenant.delay()


@shared_task(base=TenantTask)
def keep_segments_of_tenant() -> None:
    ready_made.keep_ready_made()
    for segment_id in segment_counts.segments_to_count():
        count_segment.delay(segment_id)


@shared_task
def run_schedules() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            run_schedules_of_tenant.delay()


@shared_task(base=TenantTask)
def run_schedules_of_tenant() -> None:
    schedules.run_due_schedules()


@shared_task
def count_segments() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            count_segments_of_tenant.delay()


@shared_task(base=TenantTask)
def count_segments_of_tenant() -> None:
    segment_counts.count_everything()


@shared_task(base=TenantTask, bind=True)
def work_on_import(self: TenantTask, run_id: int) -> None:
    import_work.work_on_import(run_id, worker=self.request.id or "eager")


@shared_task
def release_stuck_imports() -> None:
    import_work.queue_stuck()


@shared_task(base=TenantTask, autoretry_for=(OSError,), retry_backoff=30, max_retries=8)
def send_pipeline_link(guest_id: int) -> None:
    mail_pipeline_link(PipelineGuest.objects.select_related("pipeline", "by").get(pk=guest_id))


@shared_task(base=TenantTask, autoretry_for=(OSError,), retry_backoff=30, max_retries=8)
def mail_guest_comment(comment_id: int) -> None:
    notices.mail_guest_comment(comment_id)


@shared_task(base=TenantTask, autoretry_for=(OSError,), retry_backoff=30, max_retries=8)
def mail_mention(mention_id: int) -> None:
    notices.mail_mention(mention_id)


@shared_task
def remind_of_due_tasks() -> None:
    for tenant_id in tenants_with_due_tasks():
        with tenant_scope(tenant_id):
            remind_members.delay()


@shared_task(base=TenantTask)
def remind_members() -> None:
    notices.remind_members()


@shared_task
def mail_digests() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            notices.mail_digests()
            segment_alerts.mail_alerts()


@shared_task
def scan_waiting_files() -> None:
    for tenant_id in scanning.tenants_with_files_to_scan():
        with tenant_scope(tenant_id):
            scan_files.delay()


@shared_task(base=TenantTask)
def scan_files() -> None:
    scanning.scan_waiting_files()


@shared_task
def let_warmth_fade() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            refresh_everybody_of_tenant.delay()


@shared_task(base=TenantTask)
def refresh_everybody_of_tenant() -> None:
    refresh_everybody()


@shared_task(base=TenantTask, bind=True)
def take_in_mail(self: TenantTask, mail_id: int) -> None:
    mail_intake.take_in_mail(mail_id, worker=self.request.id or "eager")


@shared_task(base=TenantTask, autoretry_for=(OSError,), retry_backoff=30, max_retries=8)
def send_mail_answer(mail_id: int) -> None:
    mail_answers.send_answer(IncomingMail.objects.select_related("member__user").get(pk=mail_id))


@shared_task
def release_stuck_mail() -> None:
    mail_intake.queue_stuck_mail()


@shared_task
def forget_old_mail() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            mail_review.forget_old_mail()


@shared_task
def look_into_mailboxes() -> None:
    mailboxes.queue_mailboxes()


@shared_task(base=TenantTask)
def poll_mailbox(mailbox_id: int) -> None:
    mailboxes.poll_mailbox(mailbox_id)


@shared_task
def watch_drops() -> None:
    drops.queue_due()


@shared_task(base=TenantTask, bind=True)
def look_at_drop(self: TenantTask, drop_id: int) -> None:
    drop_work.look_at_drop(drop_id, worker=self.request.id or "eager")


@shared_task
def find_matches() -> None:
    for tenant_id in finding.tenants_waiting():
        with tenant_scope(tenant_id):
            find_matches_of_tenant.delay()


@shared_task(base=TenantTask)
def find_matches_of_tenant() -> None:
    finding.find_waiting()


@shared_task
def keep_matching_prepared() -> None:
    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            prepare_matching_of_tenant.delay()


@shared_task(base=TenantTask)
def prepare_matching_of_tenant() -> None:
    look_through.keep_prepared()


@shared_task(base=TenantTask, autoretry_for=(OSError,), retry_backoff=30, max_retries=8)
def send_agency_invitation(invitation_id: int) -> None:
    mail_agency_invitation(AgencyInvitation.objects.select_related("agency", "by").get(pk=invitation_id))
