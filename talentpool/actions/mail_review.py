"""What somebody here decides about mail that waits, and when mail that nobody took is forgotten."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from crm.models.leased import WorkState
from talentpool.identity.emails import clean_email
from talentpool.models import BlockedSender, IncomingMail, MailContent, MailOutcome

DECIDED = "Somebody has decided about this mail in the meantime."


@transaction.atomic
def accept_mail(mail: IncomingMail, as_whom: str, *, name: str = "", email: str = "", by: Member) -> None:
    """Let it in: as the `sender`'s own, as what a colleague forwarded (`inside`), or about somebody named (`other`)."""
    from talentpool.tasks import take_in_mail  # an action queues its own follow-up task

    if as_whom == "other" and not clean_email(email):
        raise ValidationError({"email": "Say whose mail it is by an e-mail address."})
    decision = (
        {"as": as_whom, "name": name[:300], "email": clean_email(email)} if as_whom == "other" else {"as": as_whom}
    )
    won = IncomingMail.objects.filter(pk=mail.pk, outcome=MailOutcome.REVIEW).update(
        decision=decision, member=by, outcome=MailOutcome.WAITING, state=WorkState.QUEUED, attempts=0, reason=""
    )
    if not won:
        raise ValidationError(DECIDED)
    record("mail.accepted", mail, by=by, as_whom=as_whom)
    take_in_mail.delay(mail.pk)


@transaction.atomic
def discard_mail(mail: IncomingMail, *, by: Member) -> None:
    """Its content goes at once; the line in the log stays until it is forgotten."""
    waiting = IncomingMail.objects.filter(pk=mail.pk, outcome=MailOutcome.REVIEW)
    if not waiting.update(outcome=MailOutcome.DISCARDED, member=by):
        raise ValidationError(DECIDED)
    MailContent.objects.filter(mail=mail).delete()
    record("mail.discarded", mail, by=by)


@transaction.atomic
def block_sender(mail: IncomingMail, *, by: Member) -> int:
    """Leaves all further mail from there alone and discards what waits; answers with how many that were."""
    if not mail.sender:
        raise ValidationError("This mail names no sender.")
    blocked, is_new = BlockedSender.objects.get_or_create(address=mail.sender, defaults={"by": by})
    waiting = IncomingMail.objects.filter(sender=mail.sender, outcome=MailOutcome.REVIEW)
    ids = list(waiting.values_list("pk", flat=True))
    MailContent.objects.filter(mail__in=ids).delete()
    IncomingMail.objects.filter(pk__in=ids).update(outcome=MailOutcome.DISCARDED, member=by)
    if is_new:
        record("mail.sender_blocked", blocked, by=by, mail=mail.pk)
    return len(ids)


@transaction.atomic
def unblock_sender(blocked: BlockedSender, *, by: Member) -> None:
    record("mail.sender_unblocked", blocked, by=by)
    blocked.delete()


@transaction.atomic
def forget_old_mail(*, now: datetime | None = None) -> int:
    """Whatever was not taken in goes after the days that are set, read or unread."""
    before = (now or timezone.now()) - timedelta(days=settings.INBOUND_REVIEW_DAYS)
    old = IncomingMail.objects.filter(received_at__lt=before).exclude(
        outcome__in=[MailOutcome.TAKEN, MailOutcome.WAITING]
    )
    number, _ = old.delete()
    return int(number)
