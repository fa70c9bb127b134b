"""A pool that was moved out, brought from a zip into an empty organisation: everything or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from crm.actions.moving_in import bring_in_file
from crm.models import Member, Tenant
from crm.tenancy.scope import tenant_scope


class Command(BaseCommand):
    help = "Bring a zip of move_out into an organisation in which nothing is yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", help="its short name, as in its address")
        parser.add_argument("path", help="the zip to read")

    def handle(self, *args: Any, organisation: str, path: str, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=organisation).first()
        if tenant is None:
            raise CommandError(f"There is no organisation “{organisation}”.")
        try:
            with Path(path).open("rb") as file, tenant_scope(tenant.pk), transaction.atomic():
                opened = bring_in_file(file, by=Member.objects.owners().order_by("pk")[0])
        except (ValidationError, OSError) as error:
            raise CommandError(error.messages[0] if isinstance(error, ValidationError) else str(error)) from None
        self.stdout.write(f"{opened.rows:,} rows and {opened.files:,} files are in {tenant.name}.")
