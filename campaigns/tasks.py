"""Background doors of campaigns: the row of a chunk is the claim, so a lost or doubled task does no harm."""

from celery import shared_task

from campaigns.actions import sending
from crm.tenancy.tasks import TenantTask


@shared_task(base=TenantTask, acks_late=True)
def send_next_chunk(campaign_id: int) -> None:
    sending.send_next_chunk(campaign_id)


@shared_task
def move_mail() -> None:
    """Starts what is due, takes over what died, and queues what no worker is on."""
    sending.move_mail()
