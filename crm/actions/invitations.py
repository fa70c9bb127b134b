"""Asking somebody to join by e-mail, and joining.

The secret in the link is derived from the invitation and its end, so that the task which sends the letter needs only
an id, sends the same link when it runs twice, and a letter sent again makes the older link worthless. Only the
secret's hash is kept. The link names the tenant, because row security lets nobody look the invitation up before a
scope is entered.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from crm.actions.users import user_for
from crm.audit import record
from crm.models import Invitation, Member, Role, User

GOOD_FOR = timedelta(days=7)


class Sealed(Protocol):
    """An invitation of any kind."""

    pk: Any
    tenant_id: Any
    expires_at: datetime


def link_secret(invitation: Invitation) -> str:
    return sealed_secret(invitation, "crm.invitation")


def sealed_secret(invitation: Sealed, salt: str) -> str:
    """The part of the link that only the letter's reader knows: tenant, invitation and a keyed digest.

    `salt` names the kind of invitation, so that no link opens one of another kind.
    """
    words = f"{invitation.tenant_id}-{invitation.pk}"
    until = invitation.expires_at.isoformat(timespec="microseconds")
    digest = salted_hmac(salt, f"{words}-{until}", algorithm="sha256").hexdigest()
    return f"{words}-{digest}"


def tenant_id_of(secret: str) -> int | None:
    first = secret.partition("-")[0]
    return int(first) if first.isascii() and first.isdigit() and len(first) < 18 else None


def open_invitation(secret: str) -> Invitation | None:
    """The invitation that this secret opens, in its tenant's scope; None when used, withdrawn, replaced or too old."""
    invitation = Invitation.objects.filter(secret_hash=hash_of(secret)).select_related("by").first()
    if invitation is None or not invitation.is_open:
        return None
    return invitation if hmac.compare_digest(link_secret(invitation), secret) else None


@transaction.atomic
def invite(email: str, role: Role, *, by: Member, now: datetime | None = None) -> Invitation:
    """Ask somebody to join. Who is a member already, or was asked already, is said."""
    now, email = now or timezone.now(), email.strip().lower()
    if role == Role.OWNER and by.role != Role.OWNER:
        raise ValidationError("Only an owner can invite an owner.")
    if Member.objects.active().filter(user__email__iexact=email).exists():
        raise ValidationError(f"{email} is a member already.")
    waiting = Invitation.objects.filter(email__iexact=email, accepted_at=None, withdrawn_at=None).first()
    if waiting and waiting.expires_at > now:
        raise ValidationError(f"{email} is invited already. Send that letter again if it got lost.")
    if waiting:
        Invitation.objects.filter(pk=waiting.pk).update(withdrawn_at=now)
    invitation = Invitation(email=email, role=role, by=by, expires_at=now + GOOD_FOR, secret_hash="")
    invitation.save()
    _seal_and_send(invitation)
    record("member.invited", invitation, by=by, role=role)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: Member, now: datetime | None = None) -> None:
    """A new letter with a new link, good for another week; the old link stops working."""
    _check_waiting(invitation)
    invitation.expires_at = (now or timezone.now()) + GOOD_FOR
    _seal_and_send(invitation)
    record("invitation.sent_again", invitation, by=by)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Member, now: datetime | None = None) -> None:
    _check_waiting(invitation)
    invitation.withdrawn_at = now or timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record("invitation.withdrawn", invitation, by=by)


@transaction.atomic
def accept_invitation(invitation: Invitation, user: User, *, now: datetime | None = None) -> Member:
    """Make the user a member; who was removed before is the same member again, in the new role."""
    now = now or timezone.now()
    if user.email.lower() != invitation.email.lower():
        raise ValidationError(f"This invitation is for {invitation.email}.")
    won = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    if not won.update(accepted_at=now):
        raise ValidationError("This invitation was used or withdrawn in the meantime.")
    member, _ = Member.objects.update_or_create(
        user=user, defaults={"role": invitation.role, "removed_at": None, "name": user.name or user.email}
    )
    record("member.joined", member, by=member, role=member.role, invited_by=invitation.by_id)
    return member


@transaction.atomic
def join_as_new_user(invitation: Invitation, *, name: str, password: str) -> Member:
    """A new user for the invited address, which the link in the letter has proved to be hers.

    A placeholder of a moved pool becomes hers, and with it what she did before the pool was moved.
    """
    if User.objects.who_sign_in().filter(email__iexact=invitation.email).exists():
        raise ValidationError("There is an account for this address already. Sign in to join.")
    return accept_invitation(invitation, user_for(invitation.email, name=name, password=password))


def _check_waiting(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise ValidationError(f"{invitation.email} has joined already.")
    if invitation.withdrawn_at is not None:
        raise ValidationError("This invitation was withdrawn.")


def _seal_and_send(invitation: Invitation) -> None:
    from crm.tasks import send_invitation

    invitation.secret_hash = hash_of(link_secret(invitation))
    invitation.save(update_fields=["secret_hash", "expires_at"])
    send_invitation.delay(invitation.pk)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
