"""`manage.py verify_search_log --tenant SLUG`: walk the search log's chain; exit code 1 where it does not hold."""

from typing import Any

from django.core.management import CommandError
from django.utils import timezone

from crm.management.tenants import TenantsCommand
from crm.models import Tenant
from sourcing.queries.verification import verify_log


class Command(TenantsCommand):
    help = "Verify that nobody changed, removed or put between entries of the search log."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = [tenant.slug for tenant in self.each_tenant(options) if not self._holds(tenant)]
        if broken:
            raise CommandError(f"The search log of {', '.join(broken)} does not hold.")

    def _holds(self, tenant: Tenant) -> bool:
        found = verify_log(now=timezone.now())
        if found.fault:
            where = f"link {found.fault.number}, entry {found.fault.entry_id}"
            self.stdout.write(f"{tenant.slug}: broken at {where}. {found.fault.sentence}")
            return False
        self.stdout.write(f"{tenant.slug}: {found.entries:,} entries hold. Last hash: {found.hash or 'none'}")
        return True
