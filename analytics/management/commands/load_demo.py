import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analytics.demo.agencies import AGENCIES
from analytics.demo.ats import Simulated
from analytics.demo.load import SEED, load_demo
from analytics.demo.organisations import MEMBERS, SHARED, address
from analytics.demo.segments import source_by_itself, tell_segments
from crm.tenancy.scope import tenant_scope
from talentpool.search.index import outbox

WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "juniper", "lantern", "maple", "river")


class Command(BaseCommand):
    help = "Load the demo organisation: invented people with a year of work. Prints who may sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=2_400, help="how many (default 2,400)")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--password", default="", help="of everybody who signs in; invented when not given")
        parser.add_argument("--ats", default="", help="the address of a simulated Greenhouse, to be connected")
        parser.add_argument("--ats-address", default="", help="the secret part of its webhook's address")
        parser.add_argument("--ats-secret", default="", help="what its webhooks are signed with")

    def handle(self, *args: Any, people: int, seed: int, password: str, ats: str, **options: Any) -> None:
        password = password or "-".join([*(secrets.choice(WORDS) for _ in range(3)), str(secrets.randbelow(900) + 100)])
        simulated = Simulated(ats, options["ats_address"], options["ats_secret"]) if ats else None
        try:
            loaded = load_demo(people=people, password=password, now=timezone.now(), seed=seed, ats=simulated)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for tenant in loaded.organisations:
            with tenant_scope(tenant.pk):
                while outbox.drain():  # who signs in at once finds everybody
                    pass
                tell_segments(now=timezone.now())
                source_by_itself(now=timezone.now())
        first, second = loaded.organisations
        self.stdout.write(f"{first.name}: {loaded.people[0]:,} people. {second.name}: {loaded.people[1]:,}.")
        self.stdout.write(f"Sign in with the password {password} as")
        for name, part, role in MEMBERS:
            both = ", in both organisations" if part == SHARED else ""
            self.stdout.write(f"  {address(part):22} {name}, {role.label.lower()}{both}")
        for agency, name, part, *_ in AGENCIES:
            self.stdout.write(f"  {address(part):22} {name}, of the agency {agency}: its portal alone")
