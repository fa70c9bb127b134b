"""Letters to members: plain text, one at a time. Messages to candidates go by campaigns."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from crm.actions.invitations import link_secret
from crm.models import Invitation, Tenant
from crm.tenancy.scope import current_tenant_id


def mail_invitation(invitation: Invitation) -> None:
    """Nothing is sent for an invitation that was used or withdrawn while the letter waited."""
    if not invitation.is_open:
        return
    tenant = Tenant.objects.get(pk=current_tenant_id())
    link = settings.BASE_URL + reverse("door:join", args=[link_secret(invitation)])
    words = render_to_string("crm/emails/invitation.txt", {"invitation": invitation, "tenant": tenant, "link": link})
    subject = f"{invitation.by.name} invites you to {tenant.name} at Rapport"
    EmailMessage(" ".join(subject.split()), words, to=[invitation.email]).send()
