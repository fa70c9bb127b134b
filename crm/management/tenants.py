"""Commands for one organisation, or for all of them."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management import BaseCommand, CommandError

from crm.models import Tenant
from crm.tenancy.scope import tenant_scope


class TenantsCommand(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="only this organisation; all of them without it")

    def each_tenant(self, options: dict[str, Any]) -> Iterator[Tenant]:
        """One after the other, within its scope; raises CommandError when there is none of that name."""
        slug = options["tenant"]
        tenants = Tenant.objects.filter(slug=slug) if slug else Tenant.objects.all()
        if slug and not tenants:
            raise CommandError(f"There is no organisation “{slug}”.")
        for tenant in tenants:
            with tenant_scope(tenant.pk):
                yield tenant
