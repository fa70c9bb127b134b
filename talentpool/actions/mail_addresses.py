"""A member's private addresses: given once, renewed when they got about."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.intake.mail.recipients import new_token
from talentpool.models import MailAddress


@transaction.atomic
def address_of(member: Member) -> MailAddress:
    """The one that works now; made at the first asking."""
    address, _ = MailAddress.objects.get_or_create(member=member, ended_at=None, defaults={"token": new_token()})
    return address


@transaction.atomic
def renew_address(member: Member, *, by: Member, now: datetime | None = None) -> MailAddress:
    """Mail to the old one isn't taken in any more: it waits for review."""
    ended = MailAddress.objects.filter(member=member, ended_at=None).update(ended_at=now or timezone.now())
    address = address_of(member)
    record("mail_address.renewed", address, by=by, label=f"Addresses of {member.name}", ended=ended)
    return address
