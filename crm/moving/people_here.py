"""The archive's members: who has the same e-mail address is the same, the rest become placeholders.

A placeholder signs what was done and lets nobody in: the user can't sign in and the membership has ended. When that
person is invited and joins, both become theirs (`crm.actions.invitations`).
"""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.backends.base.base import BaseDatabaseWrapper

from crm.models import Role
from crm.tenancy.scope import current_tenant_id

FIND_USER = "SELECT id FROM crm_user WHERE email = %s"
MAKE_USER = """
    INSERT INTO crm_user (email, name, password, is_active, time_zone, theme, created_at)
    VALUES (%s, %s, %s, false, '', 'system', now()) RETURNING id
"""
FIND_MEMBER = "SELECT id FROM crm_member WHERE tenant_id = %s AND user_id = %s"
MAKE_MEMBER = """
    INSERT INTO crm_member (tenant_id, user_id, role, name, created_at, removed_at, last_seen_at)
    VALUES (%s, %s, %s, %s, %s, coalesce(%s, now()), %s) RETURNING id
"""


def member_here(database: BaseDatabaseWrapper, row: dict[str, Any]) -> int:
    """The id of the archive's member in this organisation; made when missing, and then outside."""
    name = str(row.get("name") or "")[:200]
    if row.get("role") not in Role.values:
        raise ValidationError(f"The role “{str(row.get('role'))[:60]}” of a member is not known here.")
    tenant_id, user_id = current_tenant_id(), user_here(database, row.get("email"), name)
    member_id = _first(database, FIND_MEMBER, [tenant_id, user_id])
    if member_id is None:
        times = (row.get("created_at"), row.get("removed_at"), row.get("last_seen_at"))
        member_id = _first(database, MAKE_MEMBER, [tenant_id, user_id, row["role"], name, *times])
    assert member_id is not None
    return member_id


def user_here(database: BaseDatabaseWrapper, said: object, name: str) -> int:
    """The user of this address; made when missing, and then one who can't sign in."""
    email = str(said or "").strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise ValidationError(f"Somebody in the archive has no e-mail address but “{email[:100]}”.") from None
    user_id = _first(database, FIND_USER, [email])
    if user_id is None:
        user_id = _first(database, MAKE_USER, [email, name, make_password(None)])
    assert user_id is not None
    return user_id


def _first(database: BaseDatabaseWrapper, query: str, params: list[Any]) -> int | None:
    with database.cursor() as cursor:
        cursor.execute(query, params)
        found = cursor.fetchone()
    return int(found[0]) if found else None
