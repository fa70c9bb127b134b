"""`manage.py verify_search_log --tenant SLUG`: walk the search log's chain; exit code 1 where it does not hold."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from crm.models import Tenant
from crm.tenancy.scope import tenant_scope
from sourcing.queries.verification import verify_log


class Command(BaseCommand):
    help = "Verify that nobody changed, removed or put between entries of the search log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="only this organisation; all of them without it")

    def handle(self, *args: Any, tenant: str | None = None, **options: Any) -> None:
        tenants = Tenant.objects.filter(slug=tenant) if tenant else Tenant.objects.all()
        if tenant and not tenants:
            raise CommandError(f"There is no organisation “{tenant}”.")
        broken = [each.slug for each in tenants if not self._holds(each)]
        if broken:
            raise CommandError(f"The search log of {', '.join(broken)} does not hold.")

    def _holds(self, tenant: Tenant) -> bool:
        with tenant_scope(tenant.pk):
            found = verify_log(now=timezone.now())
        if found.fault:
            where = f"link {found.fault.number}, entry {found.fault.entry_id}"
            self.stdout.write(f"{tenant.slug}: broken at {where}. {found.fault.sentence}")
            return False
        self.stdout.write(f"{tenant.slug}: {found.entries:,} entries hold. Last hash: {found.hash or 'none'}")
        return True
