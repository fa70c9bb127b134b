"""Some weeks of searches in the demo's search log: what was asked, for which position, and what became of whom."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from django.db.models import Q

from crm.models import Member
from sourcing.actions.chaining import chain_entries
from sourcing.actions.keeping import change_settings
from sourcing.actions.positions import give_position
from sourcing.actions.searches import log_considered, log_opened, log_search
from sourcing.models import Asking
from talentpool.models import Candidate, Job, Pipeline
from talentpool.search.find import Hit, SearchPage, SearchRequest

PAGE = 25


class Asked(NamedTuple):
    days: int  # ago
    who: str
    text: str
    words: str  # in the title, of those who are shown
    opened: int
    act: str
    reason: str = ""  # why there is no position


ASKED = (
    Asked(24, "daniel", 'title:"charge nurse" AND (ICU OR "critical care")', "nurse", 4, "pipeline"),
    Asked(24, "daniel", "nurse CRRT NOT student", "nurse", 2, "tag"),
    Asked(19, "priya", "respiratory therapist", "therap", 3, "pipeline"),
    Asked(15, "mara", "nurse manager location:Fresno", "manager", 2, "", "Seeing who there is, for no open position"),
    Asked(11, "priya", "technician OR technologist", "tech", 3, "export"),
    Asked(6, "daniel", "nurse warmth:>=3", "nurse", 5, "write"),
    Asked(6, "daniel", "nurse nights Spanish", "nurse", 1, ""),
    Asked(2, "mara", "engineer python", "engineer", 2, "", "Filling a pool for later"),
)


def search_for_weeks(members: Mapping[str, Member], *, now: datetime, seed: int) -> None:
    """The whole team's searches, oldest first, as the log would have them."""
    random = Random(seed)
    anybody = members["mara"]
    jobs, pipelines = list(Job.objects.order_by("pk")[:3]), list(Pipeline.objects.order_by("pk")[:3])
    for number, asked in enumerate(ASKED):
        by = members.get(asked.who, anybody)
        at = now - timedelta(days=asked.days, minutes=400 - 7 * number)
        ids = _fitting(asked.words)
        page = SearchPage([Hit(pk, []) for pk in ids[:PAGE]], len(ids), False, [], None, "PostgreSQL", 41, "")
        log_search(SearchRequest(asked.text, sort="relevance"), page, by=by, now=at)
        for pk in random.sample(ids[:PAGE], min(asked.opened, len(ids[:PAGE]))):
            at += timedelta(seconds=random.randint(20, 90))
            log_opened(pk, act="profile", by=by, now=at)
            if asked.act:
                log_considered([pk], act=asked.act, by=by, now=at + timedelta(seconds=9))
        if asked.reason:
            give_position(reason=asked.reason, by=by, now=at)
        elif number % 2 and pipelines:
            give_position(pipeline=pipelines[number % len(pipelines)], by=by, now=at)
        elif jobs:
            give_position(job=jobs[number % len(jobs)], by=by, now=at)
    change_settings(asking=Asking.ASK, keep_years=3, by=anybody)
    chain_entries()


def _fitting(words: str) -> list[int]:
    found = Candidate.objects.present().filter(Q(current_title__icontains=words) | Q(headline__icontains=words))
    return list(found.order_by("-pk").values_list("pk", flat=True))
