"""After a new key was put before the others in FIELD_KEYS: writes every secret with it, so the old key can go."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.actions.encrypting import encrypt_anew


class Command(BaseCommand):
    help = "Encrypt every secret with the newest of FIELD_KEYS. The site may go on meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        number = encrypt_anew()
        self.stdout.write(f"{number} {'row is' if number == 1 else 'rows are'} encrypted with the newest key.")
