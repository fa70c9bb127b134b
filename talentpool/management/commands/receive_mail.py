"""`manage.py receive_mail RECIPIENT… < message`: the door for a mail server that hands mail to a program.

Exits as such servers expect (sysexits.h): 67 when nobody has the address, 75 to be tried again later.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from talentpool.actions.incoming_mail import deliver
from talentpool.models import MailDoor

NO_USER, TRY_AGAIN = 67, 75


class Command(BaseCommand):
    help = "Takes a mail from standard input for members' private addresses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("recipients", nargs="+", metavar="RECIPIENT")
        parser.add_argument("--sender", help="the envelope's sender; an empty one marks a notice of a mail server")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(settings.INBOUND_MAX_BYTES + 1)
        is_from_nobody = options["sender"] is not None and options["sender"].strip("<>") == ""
        try:
            kept = deliver(raw, options["recipients"], door=MailDoor.SERVER, is_from_nobody=is_from_nobody)
        except DatabaseError as error:
            self.stderr.write(f"The database does not answer: {error}")
            sys.exit(TRY_AGAIN)
        if not kept:
            self.stderr.write("Nobody has this address.")
            sys.exit(NO_USER)
