"""Keeping what arrives, before anything is understood of it: once, in the organisation whose address it came to.

Doors call it and may answer as soon as it returns: the row is written, and a task takes the mail in.
"""

import hashlib
from collections.abc import Iterable

import structlog
from django.conf import settings
from django.db import transaction

from crm.models import Member
from crm.tenancy.scope import tenant_scope
from talentpool.intake.mail.letters import Letter, read_head, read_letter
from talentpool.intake.mail.recipients import Target, Way, target_of
from talentpool.models import IncomingMail, MailAddress, MailContent, MailDoor

log = structlog.get_logger(__name__)


def deliver(raw: bytes, recipients: Iterable[str], *, door: MailDoor, is_from_nobody: bool = False) -> list[int]:
    """For doors of all organisations: by the secret in each recipient. Answers with the ids of what was kept.

    A secret that nobody has is left without a trace but a log line: else anyone could fill anybody's review page.
    """
    kept: list[int] = []
    for target in dict.fromkeys(filter(None, map(target_of, recipients))):
        with tenant_scope(target.tenant_id):
            address = address_with_secret(target)
            if address is None:
                log.info("mail.unknown_address", door=door)
                continue
            mail, _ = keep_mail(raw, door=door, way=target.way, address=address, is_from_nobody=is_from_nobody)
            kept.append(mail.pk)
    return kept


def address_with_secret(target: Target) -> MailAddress | None:
    found: MailAddress | None = MailAddress.objects.filter(token=target.token).select_related("member").first()
    return found


@transaction.atomic
def keep_mail(
    raw: bytes,
    *,
    door: MailDoor,
    way: Way | str = "",
    address: MailAddress | None = None,
    member: Member | None = None,
    is_from_nobody: bool = False,
    size: int = 0,
) -> tuple[IncomingMail, bool]:
    """The row, and whether it is new. `member` handed it in herself; `size` is that of a mail whose head alone came.

    Of a mail that is too large the head is kept: enough to say to its sender that it was not taken.
    """
    from talentpool.tasks import take_in_mail  # an action queues its own follow-up task

    size = size or len(raw)
    is_whole = size <= settings.INBOUND_MAX_BYTES
    letter = read_letter(raw) if is_whole else read_head(raw)
    mail, is_new = IncomingMail.objects.get_or_create(
        fingerprint=_fingerprint(letter, address, member),
        defaults={
            "door": door,
            "way": str(way),
            "address": address,
            "member": member,
            "sender": letter.sender.email,
            "sender_name": letter.sender.name[:300],
            "subject": letter.subject,
            "message_id": letter.message_id,
            "size": size,
            "is_from_nobody": is_from_nobody,
            "decision": {"as": "found"} if member else {},
        },
    )
    if is_new:
        MailContent.objects.create(mail=mail, content=raw if is_whole else raw[:1_000_000])
        take_in_mail.delay(mail.pk)
    return mail, is_new


def _fingerprint(letter: Letter, address: MailAddress | None, member: Member | None) -> str:
    """By what every door sees alike: servers add headers, and providers send the parts instead of the whole."""
    said = (
        letter.message_id or str(letter.sent_at),
        letter.sender.email,
        letter.subject,
        "".join(letter.text.split()),
        str(address.pk if address else ""),
        str(member.pk if member else ""),
    )
    return hashlib.sha256("\n".join(said).encode("utf-8", "replace")).hexdigest()
