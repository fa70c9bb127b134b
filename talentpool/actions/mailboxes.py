"""The organisation's own mailbox: set up, tried out, and looked into every minute."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.tenancy.scope import current_tenant_id, tenant_scope
from talentpool.actions.incoming_mail import address_with_secret, keep_mail
from talentpool.intake.mail.imap import Box, MailboxProblem, Server, open_box
from talentpool.intake.mail.letters import read_head
from talentpool.intake.mail.recipients import Target, targets_in
from talentpool.models import MailAddress, Mailbox, MailDoor

LEASE = timedelta(minutes=10)
MOST_AT_ONCE = 50  # so that a full mailbox does not keep a worker from others

log = structlog.get_logger(__name__)


@transaction.atomic
def save_mailbox(values: dict[str, Any], *, by: Member) -> Mailbox:
    """Without a password the one that is there stays. Another server or folder is read from its next mail on."""
    mailbox = Mailbox.objects.select_for_update().first() or Mailbox()
    is_another = any(getattr(mailbox, name) != values[name] for name in ("host", "user", "folder"))
    for name, value in values.items():
        if name != "secret" or value:
            setattr(mailbox, name, value)
    if not mailbox.secret:
        raise ValidationError({"secret": "Give the mailbox’s password."})
    if is_another:
        mailbox.uid_validity, mailbox.last_uid = None, 0
    mailbox.error = ""
    mailbox.save()
    told = {name: value for name, value in values.items() if name != "secret"}
    record("mailbox.saved", mailbox, by=by, **told, new_password=bool(values.get("secret")))
    return mailbox


@transaction.atomic
def remove_mailbox(mailbox: Mailbox, *, by: Member) -> None:
    record("mailbox.removed", mailbox, by=by)
    mailbox.delete()


def try_mailbox(mailbox: Mailbox) -> int:
    """How many mails wait in it now; ValidationError with the sentence where it can't be read."""
    try:
        with open_box(server_of(mailbox), most=settings.INBOUND_MAX_BYTES) as box:
            return len(box.ids_after(0))
    except MailboxProblem as problem:
        raise ValidationError(str(problem)) from problem


def poll_mailbox(mailbox_id: int, *, now: datetime | None = None) -> int:
    """Keeps what is new, each mail with how far the folder was read: a worker that dies loses and doubles nothing."""
    now = now or timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    if not Mailbox.objects.filter(free, pk=mailbox_id, is_active=True).update(lease_until=now + LEASE):
        return 0
    mailbox = Mailbox.objects.get(pk=mailbox_id)
    kept, error = 0, ""
    try:
        with open_box(server_of(mailbox), most=settings.INBOUND_MAX_BYTES) as box:
            kept = _read(mailbox, box)
    except MailboxProblem as problem:
        error = str(problem)
        log.info("mailbox.unreadable", problem=error)
    Mailbox.objects.filter(pk=mailbox_id).update(lease_until=None, checked_at=now, error=error)
    return kept


def queue_mailboxes() -> None:
    from talentpool.tasks import poll_mailbox as task  # an action queues its own follow-up task

    with connection.cursor() as cursor:
        cursor.execute("SELECT tenants_with_mailboxes()")
        tenant_ids = [row[0] for row in cursor.fetchall()]
    for tenant_id in tenant_ids:
        with tenant_scope(tenant_id):
            for pk in Mailbox.objects.filter(is_active=True).values_list("pk", flat=True):
                task.delay(pk)


def server_of(mailbox: Mailbox) -> Server:
    return Server(
        mailbox.host, mailbox.port, mailbox.encryption, mailbox.user, password=mailbox.secret, folder=mailbox.folder
    )


def _read(mailbox: Mailbox, box: Box) -> int:
    """At the first look only how far the folder reaches: what lies there already is left alone."""
    if mailbox.uid_validity is None:
        _note_place(mailbox, box.validity, box.following - 1)
        return 0
    if mailbox.uid_validity != box.validity:  # numbered anew: all is looked at again, and what is known is kept once
        _note_place(mailbox, box.validity, 0)
    kept = 0
    for number in box.ids_after(mailbox.last_uid)[:MOST_AT_ONCE]:
        size = box.size(number)
        raw = box.whole(number) if size <= settings.INBOUND_MAX_BYTES else box.head(number)
        with transaction.atomic():
            kept += _keep(raw, size)
            _note_place(mailbox, box.validity, number)
    return kept


def _keep(raw: bytes, size: int) -> int:
    """For each member of this organisation whose address it came to; to nobody's address, for review."""
    mine = [target for target in targets_in(read_head(raw)) if target.tenant_id == current_tenant_id()]
    found = [(target, address) for target in mine if (address := address_with_secret(target))]
    kept = [_kept(raw, size, target, address) for target, address in found] or [_kept(raw, size)]
    return sum(kept)


def _kept(raw: bytes, size: int, target: Target | None = None, address: MailAddress | None = None) -> bool:
    _, is_new = keep_mail(raw, door=MailDoor.MAILBOX, way=target.way if target else "", address=address, size=size)
    return is_new


def _note_place(mailbox: Mailbox, validity: int, last: int) -> None:
    mailbox.uid_validity, mailbox.last_uid = validity, last
    mailbox.save(update_fields=["uid_validity", "last_uid"])
