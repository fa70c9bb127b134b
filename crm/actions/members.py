"""What can happen to a member: another role, and leaving.

An organisation always keeps an owner, and only owners make or unmake owners; without the second rule an admin could
make herself owner and remove the others.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import ApiToken, Member, Role


@transaction.atomic
def change_role(member: Member, role: Role, *, by: Member) -> None:
    if role == member.role:
        return
    _check_owners(member, leaves_owners=member.role == Role.OWNER, joins_owners=role == Role.OWNER, by=by)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    record("member.role_changed", member, by=by, before=before, after=role)


@transaction.atomic
def remove_member(member: Member, *, by: Member, now: datetime | None = None) -> None:
    """End the membership and revoke the member's tokens. What she did stays signed by her."""
    if member.removed_at is not None:
        return
    _check_owners(member, leaves_owners=member.role == Role.OWNER, joins_owners=False, by=by)
    member.removed_at = now or timezone.now()
    member.save(update_fields=["removed_at"])
    revoked = ApiToken.objects.filter(member=member, revoked_at=None).update(revoked_at=member.removed_at)
    record("member.removed", member, by=by, role=member.role, revoked_tokens=revoked)


def _check_owners(member: Member, *, leaves_owners: bool, joins_owners: bool, by: Member) -> None:
    if not leaves_owners and not joins_owners:
        return
    if by.role != Role.OWNER:
        raise ValidationError("Only an owner can make somebody an owner, or end that.")
    owners = {owner.pk for owner in Member.objects.owners().select_for_update()}
    if leaves_owners and owners <= {member.pk}:
        raise ValidationError(f"{member.name} is the only owner. Make somebody else an owner first.")
