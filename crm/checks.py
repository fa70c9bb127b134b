"""System checks of our own. The application refuses to serve with a role that row security does not hold."""

import sys
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Critical, Error, Tags, register
from django.db import DatabaseError, connection

# What needs a connection is checked where one is used: by `check --deploy`, and at start by `refuse_powerful_role`.
ROLE_QUERY = """
    SELECT rolsuper, rolbypassrls,
           EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname = 'public' AND pg_has_role(current_user, c.relowner, 'USAGE'))
    FROM pg_roles WHERE rolname = current_user
"""


class PowerfulRole(RuntimeError):
    """The database role could see every tenant's rows."""


def powers_of_role() -> list[str]:
    """What makes the connected role unfit to serve, in words; empty when it is fit."""
    with connection.cursor() as cursor:
        cursor.execute(ROLE_QUERY)
        superuser, bypasses, owns = cursor.fetchone()
    named = {"is a superuser": superuser, "has BYPASSRLS": bypasses, "owns tables": owns}
    return [power for power, has in named.items() if has]


def refuse_powerful_role() -> None:
    """Called by the web process and by workers as they start."""
    if powers := powers_of_role():
        role = connection.settings_dict["USER"] or "?"
        raise PowerfulRole(
            f"Rapport will not serve as the database role “{role}”, because it {' and '.join(powers)}: row security "
            "would not hold. Let DATABASE_URL name the role “crm”, which owns nothing."
        )


@register(Tags.database, deploy=True)
def check_role(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    if not databases or "migrate" in sys.argv:
        return []
    try:
        powers = powers_of_role()
    except DatabaseError as error:
        return [Error(f"The database does not answer: {error}", id="crm.E001")]
    return [Critical(f"The application's database role {power}.", id="crm.C001") for power in powers]


@register(Tags.security, deploy=True)
def check_keys(**kwargs: Any) -> list[CheckMessage]:
    if not settings.FIELD_KEYS:
        return [Error("FIELD_KEYS is empty: secrets at rest could not be encrypted.", id="crm.E002")]
    return []
