"""Reading across the ground."""

from dataclasses import dataclass

from django.db import connection

from crm.models import User


@dataclass(frozen=True)
class Membership:
    slug: str
    name: str
    role: str


def memberships_of_user(user: User) -> list[Membership]:
    """The organisations a user belongs to, by name.

    It looks across tenants, so it asks a function of the owner's which returns only that user's own memberships.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, name, role FROM memberships_of_user(%s)", [user.pk])
        return [Membership(*row) for row in cursor.fetchall()]
