"""The letter that brings a pipeline's guest her link."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.models import Tenant
from crm.tenancy.scope import current_tenant_id
from talentpool.actions.pipeline_guests import link_secret
from talentpool.models import PipelineGuest


def mail_pipeline_link(guest: PipelineGuest) -> None:
    """Nothing is sent for a link that was ended while the letter waited."""
    if not guest.is_open:
        return
    tenant = Tenant.objects.get(pk=current_tenant_id())
    link = settings.BASE_URL + reverse("outside:shared", args=[link_secret(guest)])
    with override(tenant.language):
        words = render_to_string(
            "talentpool/emails/shared_pipeline.txt", {"guest": guest, "tenant": tenant, "link": link}
        )
        who = {"who": guest.by.name, "pipeline": guest.pipeline.name}
        subject = _("%(who)s shows you the people of “%(pipeline)s”") % who
    EmailMessage(" ".join(subject.split())[:200], words, to=[guest.email]).send()
