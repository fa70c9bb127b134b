"""What somebody who signs in may change of herself, in all her organisations."""

from collections.abc import Iterable

from django.db import transaction

from crm.models import Member, Tenant, User
from crm.queries import Membership
from crm.tenancy.scope import tenant_scope


@transaction.atomic
def update_profile(user: User, *, name: str, time_zone: str, theme: str, memberships: Iterable[Membership]) -> None:
    """Save the user's own facts; colleagues see the new name in every organisation."""
    renamed = name != user.name
    user.name, user.time_zone, user.theme = name, time_zone, theme
    user.save(update_fields=["name", "time_zone", "theme"])
    if not renamed:
        return
    slugs = [membership.slug for membership in memberships]
    for tenant_id in Tenant.objects.filter(slug__in=slugs).values_list("pk", flat=True):
        with tenant_scope(tenant_id):
            Member.objects.filter(user=user).update(name=name)


def user_for(email: str, *, name: str, password: str) -> User:
    """A new user, or a placeholder of a moved pool who begins to sign in; who does so already keeps her password."""
    there: User | None = User.objects.select_for_update().filter(email=email.strip().lower()).first()
    if there is None:
        return User.objects.create_user(email, password, name=name)
    if User.objects.placeholders().filter(pk=there.pk).exists():
        there.name, there.is_active = name, True
        there.set_password(password)
        there.save(update_fields=["name", "is_active", "password"])
    return there


def choose_theme(user: User, theme: str) -> None:
    user.theme = theme
    user.save(update_fields=["theme"])
