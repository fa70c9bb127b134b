"""Whether a mail is taken in: only what a member's own, confirmed address sent to a member's private address is.

Whatever a stranger sends waits until somebody here has looked at it; what a machine sends is left alone.
"""

from dataclasses import dataclass

from django.conf import settings

from crm.models import Member
from crm.permissions import Permission, may
from talentpool.intake.mail.authentication import fails_authentication
from talentpool.intake.mail.letters import Letter
from talentpool.intake.mail.machines import machine_reason
from talentpool.intake.sizes import words_for_bytes
from talentpool.models import BlockedSender, IncomingMail, MailOutcome
from talentpool.queries.mail import is_rapports, member_with


@dataclass(frozen=True, slots=True)
class Judgement:
    """`reason` is a sentence for the log; `member` is set only where it is certain who sent the mail."""

    outcome: MailOutcome
    reason: str = ""
    member: Member | None = None


def judge(mail: IncomingMail, letter: Letter) -> Judgement:
    """What somebody here decided holds; else the rules, from the one that no other can soften on."""
    if mail.decision:
        author = mail.member
    else:
        if reason := _why_ignored(mail, letter):
            return Judgement(MailOutcome.IGNORED, reason)
        author = member_with(letter.sender.email)
        if reason := _why_doubted(mail, letter, author):
            return Judgement(MailOutcome.REVIEW, reason)
    if reason := _why_refused(mail, letter):
        return Judgement(MailOutcome.REFUSED, reason, author)
    return Judgement(MailOutcome.TAKEN, member=author)


def _why_ignored(mail: IncomingMail, letter: Letter) -> str:
    if reason := machine_reason(letter, is_from_nobody=mail.is_from_nobody, is_ours=is_rapports):
        return reason
    is_blocked = BlockedSender.objects.filter(address=letter.sender.email).exists()
    return "Its sender is blocked." if is_blocked else ""


def _why_doubted(mail: IncomingMail, letter: Letter, author: Member | None) -> str:
    sender = letter.sender.email or "nobody"
    if author is None:
        former = member_with(letter.sender.email, removed=True)
        return f"{former.name} is no member any more." if former else f"It comes from {sender}, who is no member here."
    if fails_authentication(letter):
        return f"The receiving server could not confirm that it comes from {sender}."
    if mail.address is None:
        return "It was sent to the mailbox itself and not to a member’s private address."
    if mail.address.member.removed_at:
        return f"It was sent to the address of {mail.address.member.name}, who is no member any more."
    if mail.address.ended_at:
        return f"It was sent to an old address of {mail.address.member.name}, which was renewed since."
    if not may(author, Permission.EDIT_CANDIDATES):
        return f"{author.name}’s role here does not include bringing people in."
    return ""


def _why_refused(mail: IncomingMail, letter: Letter) -> str:
    if mail.size > settings.INBOUND_MAX_BYTES:
        most = words_for_bytes(settings.INBOUND_MAX_BYTES)
        return f"It has {words_for_bytes(mail.size)}; a mail may have {most}. Add its files on the person’s page."
    if letter.is_damaged:
        return "It is broken and can’t be read. Send the files in a new mail."
    return ""
