"""`manage.py rebuild_search --tenant SLUG`: every document of one organisation, or of all, anew in every index."""

from typing import Any

from django.utils import timezone

from crm.management.tenants import TenantsCommand
from talentpool.search.engines import active_indexes
from talentpool.search.index.outbox import drain, rebuild
from talentpool.search.index.sweep import sweep


class Command(TenantsCommand):
    help = "Make the search documents of an organisation anew, while search and changes go on."

    def handle(self, *args: Any, **options: Any) -> None:
        for _ in self.each_tenant(options):
            for index in active_indexes():
                people = rebuild(index)
                drain()
                found = sweep(index, now=timezone.now())
                self.stdout.write(f"{index.label}: {people:,} people indexed, {found.drifted:,} documents differ.")
