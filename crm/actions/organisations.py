"""What can happen to the organisation itself."""

from typing import Any

from django.db import transaction

from crm.actions.users import user_for
from crm.audit import record
from crm.models import Member, Role, Tenant
from crm.tenancy.scope import tenant_scope


@transaction.atomic
def create_organisation(
    name: str, *, slug: str, country: str, time_zone: str, owner_email: str, owner_name: str, password: str
) -> Tenant:
    """An organisation with its first owner. An owner who has an account here already keeps her password."""
    tenant = Tenant(name=name, slug=slug, country=country, time_zone=time_zone)
    tenant.full_clean()
    tenant.save()
    user = user_for(owner_email, name=owner_name, password=password)
    with tenant_scope(tenant.pk):
        owner = Member.objects.create(user=user, role=Role.OWNER, name=owner_name)
        record("organisation.created", tenant, by=owner)
    return tenant


@transaction.atomic
def update_organisation(tenant: Tenant, fields: dict[str, Any], *, by: Member) -> list[str]:
    """Change what is said of the organisation; the names of what really changed."""
    changed = [name for name, value in fields.items() if getattr(tenant, name) != value]
    before = {name: getattr(tenant, name) for name in changed}
    for name in changed:
        setattr(tenant, name, fields[name])
    if changed:
        tenant.save(update_fields=changed)
        after = {name: fields[name] for name in changed}
        record("organisation.changed", tenant, by=by, before=before, after=after)
    return changed
