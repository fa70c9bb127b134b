"""A campaign as it leaves: its letter and headers, from the rows that hold its words."""

from django.conf import settings

from campaigns.composing.letter import Content, Letter, Organisation, compose
from campaigns.composing.skeleton import Headers
from campaigns.delivery.routes import sender_address
from campaigns.models import Campaign
from campaigns.queries.own_fields import own_merge_fields
from crm.models import Tenant


def letter_of(campaign: Campaign, tenant: Tenant) -> Letter:
    """ValidationError by field where the campaign can't be composed."""
    content = Content(campaign.subject, campaign.body, campaign.preheader)
    organisation = Organisation(
        name=tenant.name,
        postal_address=tenant.postal_address,
        sender_name=sender_name(campaign, tenant),
        language=tenant.language,
        address=settings.BASE_URL,
    )
    job = campaign.status_job
    return compose(
        content, organisation, own_merge_fields(archived=True), applied_job=job.title if job is not None else None
    )


def headers_of(campaign: Campaign, tenant: Tenant) -> Headers:
    address = sender_address(tenant)
    domain = address.rpartition("@")[2].lower()
    return Headers(
        sender_name=sender_name(campaign, tenant),
        sender_address=address,
        reply_to=campaign.reply_to,
        list_name=tenant.name,
        list_id=f"campaigns.{tenant.slug}.{domain}",
        feedback_id=f"{campaign.pk or 'test'}:{tenant.pk}:campaign:rapport",
        domain=domain,
        address=settings.BASE_URL,
    )


def sender_name(campaign: Campaign, tenant: Tenant) -> str:
    return campaign.sender_name or tenant.sender_name or tenant.name
