"""What can happen to the organisation itself."""

from typing import Any

from django.db import transaction

from crm.audit import record
from crm.models import Member, Tenant


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
