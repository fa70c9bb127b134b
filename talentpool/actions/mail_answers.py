"""A word to a member whose mail was not taken, or not whole.

Never to a stranger, never to a machine, and not without end.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from crm.models import Member, Tenant
from crm.rendering import org_reverse
from crm.tenancy.scope import current_tenant_id
from talentpool.intake.mail.machines import LOOP_HEADER
from talentpool.models import IncomingMail, MailDoor, MailOutcome
from talentpool.queries.mail import answers_lately


def answer_if_needed(mail: IncomingMail, member: Member | None, *, now: datetime) -> None:
    """`member` is who certainly sent it. Who handed it in or let it in herself has seen what became of it."""
    from talentpool.tasks import send_mail_answer  # an action queues its own follow-up task

    went_wrong = bool(mail.problems) or mail.outcome in (MailOutcome.REFUSED, MailOutcome.REVIEW)
    if member is None or member.removed_at or not went_wrong or mail.decision or mail.door == MailDoor.API:
        return
    if answers_lately(member, now - timedelta(hours=1)) >= settings.INBOUND_ANSWERS_PER_HOUR:
        return
    IncomingMail.objects.filter(pk=mail.pk).update(answered_at=now)
    send_mail_answer.delay(mail.pk)


def send_answer(mail: IncomingMail) -> None:
    """To the member's own address, whatever the mail said; marked so that no program answers it (RFC 3834)."""
    member = mail.member
    if member is None or member.removed_at:
        return
    tenant = Tenant.objects.get(pk=current_tenant_id())
    link = settings.BASE_URL + org_reverse("talentpool:mail", mail.pk, slug=tenant.slug)
    words = {"mail": mail, "member": member, "tenant": tenant, "link": link}
    text = render_to_string("talentpool/emails/mail_answer.txt", words)
    whole = mail.outcome == MailOutcome.TAKEN
    subject = f"{'Not all taken' if whole else 'Not taken'}: {mail}"[:200]
    headers = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", LOOP_HEADER: str(mail.pk)}
    if mail.message_id:
        headers |= {"In-Reply-To": f"<{mail.message_id}>", "References": f"<{mail.message_id}>"}
    EmailMessage(" ".join(subject.split()), text, to=[member.user.email], headers=headers).send()
