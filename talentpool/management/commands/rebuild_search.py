"""`manage.py rebuild_search --tenant SLUG`: every document of one organisation, or of all, anew in every index."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from crm.models import Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.search.engines import active_indexes
from talentpool.search.index.outbox import drain, rebuild
from talentpool.search.index.sweep import sweep


class Command(BaseCommand):
    help = "Make the search documents of an organisation anew, while search and changes go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="only this organisation; all of them without it")

    def handle(self, *args: Any, tenant: str | None = None, **options: Any) -> None:
        tenants = Tenant.objects.filter(slug=tenant) if tenant else Tenant.objects.all()
        if tenant and not tenants:
            raise CommandError(f"There is no organisation “{tenant}”.")
        for each in tenants:
            with tenant_scope(each.pk):
                self._rebuild()

    def _rebuild(self) -> None:
        for index in active_indexes():
            people = rebuild(index)
            drain()
            found = sweep(index, now=timezone.now())
            self.stdout.write(f"{index.label}: {people:,} people indexed, {found.drifted:,} documents differ.")
