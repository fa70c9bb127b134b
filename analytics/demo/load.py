"""The whole demo, from nothing: organisations, people, and a year of work with them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction

from analytics.demo.agencies import NEEDED, work_with_agencies
from analytics.demo.arrivals import bring_in
from analytics.demo.ats import Simulated, connect_ats
from analytics.demo.duplicates import ask_about_duplicates
from analytics.demo.families import sort_jobs
from analytics.demo.hiring import tell_history
from analytics.demo.imports import import_board, import_fair
from analytics.demo.intake import watch_places
from analytics.demo.letters import write_campaigns
from analytics.demo.mail import bring_mail
from analytics.demo.organisations import SECOND_SLUG, SLUG, found_organisations, members_by_part
from analytics.demo.records import records
from analytics.demo.relations import relate
from analytics.demo.searches import search_for_weeks
from analytics.demo.sharing import share
from analytics.demo.status import tell_of_rejections
from analytics.demo.wishes import make_fields
from analytics.demo.work import nurses, work_with
from crm.models import Tenant
from crm.tenancy.scope import tenant_scope

SEED = 7


@dataclass(frozen=True)
class Loaded:
    organisations: tuple[Tenant, Tenant]
    people: tuple[int, int]


@transaction.atomic
def load_demo(*, people: int, password: str, now: datetime, seed: int = SEED, ats: Simulated | None = None) -> Loaded:
    """All or nothing; refuses when the demo is there, for nothing tells its people from those added since."""
    if Tenant.objects.filter(slug__in=(SLUG, SECOND_SLUG)).exists():
        raise ValidationError("The demo organisation is here already. `make reset` starts over with all data removed.")
    first, second = found_organisations(password)
    few = max(people // 20, 1)
    stream = records(seed, now.date())
    with tenant_scope(first.pk):
        members = members_by_part()
        make_fields(members["mara"])
        ids = bring_in(islice(stream, people), by=members["priya"])
        import_fair(members, now=now)
        segment, stage = work_with(members, now=now, seed=seed)
        share(members, stage.pipeline, now=now)
        tell_history(now=now, seed=seed)
        sort_jobs(by=members["mara"])
        ask_about_duplicates()
        work_with_agencies(list(islice(stream, NEEDED)), members, password=password, now=now)
        write_campaigns(nurses(), segment=segment, stage=stage, by=members["lucia"], tenant=first, now=now)
        tell_of_rejections(by=members["lucia"], tenant=first, now=now)
        relate(members, now=now, seed=seed)
        search_for_weeks(members, now=now, seed=seed)
        bring_mail(members, now=now)
        import_board(members, now=now)
        watch_places(by=members["priya"], now=now)
        if ats:
            connect_ats(ats, by=members["mara"], seed=seed)
    with tenant_scope(second.pk):
        few_ids = bring_in(islice(stream, few), by=members_by_part()["tom"])
    return Loaded(organisations=(first, second), people=(len(ids), len(few_ids)))
