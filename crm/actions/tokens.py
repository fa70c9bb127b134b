"""Tokens of the API: made by a member for her own programs, shown once, revoked at any time."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import ApiToken, Member
from crm.models.api_token import Scope, secret_hash

HINT_LETTERS = 4


@transaction.atomic
def issue_token(
    member: Member, name: str, scopes: Sequence[str], *, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new token of the member's and its secret, which nobody can read again."""
    unknown = set(scopes) - set(Scope.values)
    if unknown or not scopes:
        raise ValidationError("Choose what the token may do." if not scopes else f"No such scope: {min(unknown)}.")
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationError("The token would end before it begins.")
    secret = f"rap_{member.tenant_id}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        member=member,
        name=name,
        scopes=sorted(set(scopes)),
        secret_hash=secret_hash(secret),
        hint=secret[-HINT_LETTERS:],
        expires_at=expires_at,
    )
    record("api_token.issued", token, by=member, scopes=token.scopes)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Member) -> None:
    """At once: the next request with it is refused."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record("api_token.revoked", token, by=by)
