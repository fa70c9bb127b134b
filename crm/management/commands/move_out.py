"""A whole pool as a zip, straight to a file or another program; nothing of it is kept on the way."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.audit import record
from crm.models import Tenant
from crm.moving.packing import pack
from crm.tenancy.aside import transaction_aside
from crm.tenancy.scope import tenant_scope


class Command(BaseCommand):
    help = "Pack everything of an organisation into one zip, which move_in brings into an empty organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", help="its short name, as in its address")
        parser.add_argument("path", help="the zip to write; - for standard output")

    def handle(self, *args: Any, organisation: str, path: str, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=organisation).first()
        if tenant is None:
            raise CommandError(f"There is no organisation “{organisation}”.")
        if path == "-":
            self._pack(tenant, sys.stdout.buffer)
            return
        unfinished = Path(f"{path}.part")
        with unfinished.open("wb") as file:
            units = self._pack(tenant, file)
        unfinished.replace(path)
        self.stdout.write(f"{units:,} rows and files are in {path}.")

    def _pack(self, tenant: Tenant, file: BinaryIO) -> int:
        units = 0
        with tenant_scope(tenant.pk):
            with transaction_aside(snapshot=True) as database:
                for content, number in pack(database, tenant, now=timezone.now()):
                    file.write(content)
                    units += number
            record("pool.packed", by=None, label=tenant.name)
        return units
