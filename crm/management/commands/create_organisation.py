"""The first organisation of an installation, and each further one, with its owner. All else is done in the browser."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.actions.organisations import create_organisation


class Command(BaseCommand):
    help = "Create an organisation and its owner; the owner's password is asked for, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="as candidates know it: “St. Brendan Health”")
        parser.add_argument("slug", help="its part of the address: st-brendan")
        parser.add_argument("owner_email")
        parser.add_argument("owner_name")
        parser.add_argument("--country", default="US")
        parser.add_argument("--time-zone", default="UTC")

    def handle(self, *args: Any, **options: Any) -> None:
        password = getpass("Password of the owner: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
        try:
            validate_password(password)
            tenant = create_organisation(
                options["name"],
                slug=options["slug"],
                country=options["country"],
                time_zone=options["time_zone"],
                owner_email=options["owner_email"],
                owner_name=options["owner_name"],
                password=password,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{tenant.name} is there: sign in as {options['owner_email']}, then /o/{tenant.slug}/.")
