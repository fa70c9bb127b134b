"""The letter that lets somebody of an agency into its portal."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.models import Tenant
from crm.tenancy.scope import current_tenant_id
from talentpool.actions.agency_users import link_secret
from talentpool.models import AgencyInvitation


def mail_agency_invitation(invitation: AgencyInvitation) -> None:
    """Nothing is sent for an invitation that was used or withdrawn while the letter waited."""
    if not invitation.is_open:
        return
    tenant = Tenant.objects.get(pk=current_tenant_id())
    link = settings.BASE_URL + reverse("outside:agency_join", args=[link_secret(invitation)])
    context = {"invitation": invitation, "tenant": tenant, "link": link}
    with override(tenant.language):
        words = render_to_string("talentpool/emails/agency_invitation.txt", context)
        subject = _("%(organisation)s invites you to its agency portal") % {"organisation": tenant.name}
    EmailMessage(" ".join(subject.split()), words, to=[invitation.email]).send()
