"""Letting people of an agency into its portal by a letter, and ending that; as crm.actions.invitations does members."""

import hmac
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from crm.actions.invitations import GOOD_FOR, hash_of, sealed_secret
from crm.actions.users import user_for
from crm.audit import record
from crm.models import Member, User
from talentpool.models import Agency, AgencyInvitation, AgencyUser

SALT = "talentpool.agency_invitation"


def link_secret(invitation: AgencyInvitation) -> str:
    return sealed_secret(invitation, SALT)


def open_agency_invitation(secret: str) -> AgencyInvitation | None:
    """The invitation that this secret opens, in its tenant's scope; None when used, withdrawn, replaced or too old."""
    found = AgencyInvitation.objects.filter(secret_hash=hash_of(secret), agency__ended_at=None)
    invitation = found.select_related("agency", "by").first()
    if invitation is None or not invitation.is_open:
        return None
    return invitation if hmac.compare_digest(link_secret(invitation), secret) else None


@transaction.atomic
def invite_to_agency(agency: Agency, email: str, *, by: Member, now: datetime | None = None) -> AgencyInvitation:
    now, email = now or timezone.now(), email.strip().lower()
    if not Agency.objects.current().filter(pk=agency.pk).exists():
        raise ValidationError("The agreement with this agency has ended.")
    _refuse_member(email)
    if AgencyUser.objects.active().filter(user__email__iexact=email).exists():
        raise ValidationError(f"{email} works for an agency here already.")
    waiting = AgencyInvitation.objects.filter(email__iexact=email, accepted_at=None, withdrawn_at=None)
    waiting.update(withdrawn_at=now)  # a new letter makes the older one void
    invitation = AgencyInvitation(agency=agency, email=email, by=by, expires_at=now + GOOD_FOR, secret_hash="")
    invitation.save()
    _seal_and_send(invitation)
    record("agency.user_invited", agency, by=by, email=email)
    return invitation


@transaction.atomic
def withdraw_agency_invitation(invitation: AgencyInvitation, *, by: Member, now: datetime | None = None) -> None:
    waiting = AgencyInvitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not waiting.update(withdrawn_at=now or timezone.now()):
        raise ValidationError("It was used or withdrawn already.")
    record("agency.invitation_withdrawn", invitation.agency, by=by, email=invitation.email)


@transaction.atomic
def accept_agency_invitation(invitation: AgencyInvitation, user: User, *, now: datetime | None = None) -> AgencyUser:
    """Make the user one of the agency's; who was so before is the same one again."""
    now = now or timezone.now()
    if user.email.lower() != invitation.email.lower():
        raise ValidationError(gettext("This invitation is for %(email)s.") % {"email": invitation.email})
    _refuse_member(user.email)
    won = AgencyInvitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    if not won.update(accepted_at=now):
        raise ValidationError(gettext("This invitation was used or withdrawn in the meantime."))
    there = AgencyUser.objects.select_for_update().filter(user=user).first()
    if there is not None and there.agency_id != invitation.agency_id:
        raise ValidationError(gettext("This account belongs to another agency here. Use another e-mail address."))
    agency_user, _ = AgencyUser.objects.update_or_create(
        user=user,
        defaults={"agency": invitation.agency, "removed_at": None, "name": user.name or user.email},
    )
    record("agency.user_joined", invitation.agency, by=None, name=agency_user.name, invited_by=invitation.by_id)
    return agency_user


@transaction.atomic
def join_agency_as_new_user(invitation: AgencyInvitation, *, name: str, password: str) -> AgencyUser:
    """A new user for the invited address, which the link in the letter has proved to be hers."""
    if User.objects.who_sign_in().filter(email__iexact=invitation.email).exists():
        raise ValidationError(gettext("There is an account for this address already. Sign in to join."))
    return accept_agency_invitation(invitation, user_for(invitation.email, name=name, password=password))


@transaction.atomic
def remove_agency_user(agency_user: AgencyUser, *, by: Member, now: datetime | None = None) -> None:
    """She is out at once; what she submitted stays signed by her."""
    if not AgencyUser.objects.filter(pk=agency_user.pk, removed_at=None).update(removed_at=now or timezone.now()):
        raise ValidationError("That was done already.")
    record("agency.user_removed", agency_user.agency, by=by, name=agency_user.name)


def _refuse_member(email: str) -> None:
    if Member.objects.active().filter(user__email__iexact=email).exists():
        words = gettext("%(email)s is a member of this organisation. An agency’s portal is for people outside it.")
        raise ValidationError(words % {"email": email})


def _seal_and_send(invitation: AgencyInvitation) -> None:
    from talentpool.tasks import send_agency_invitation

    invitation.secret_hash = hash_of(link_secret(invitation))
    invitation.save(update_fields=["secret_hash"])
    send_agency_invitation.delay(invitation.pk)
