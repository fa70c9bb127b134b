"""What a member can have done about search."""

from django.db import transaction

from crm.audit import record
from crm.models import Member
from talentpool import tasks
from talentpool.models import Candidate
from talentpool.search.engines import active_indexes
from talentpool.search.index import outbox
from talentpool.search.index.rebuilding import ask_for_rebuild


@transaction.atomic
def check_search(*, by: Member) -> None:
    """Compare every index with the people in the background; what differs is repaired."""
    for index in active_indexes():
        tasks.sweep_search_index.delay(index.value)
    record("search.checked", by=by)


@transaction.atomic
def index_anew(person: Candidate, *, by: Member) -> None:
    """One person's documents, in every index, before all that waits there of many."""
    for index in active_indexes():
        outbox.put([person.pk], index)
    record("search.person_indexed", person, by=by)


@transaction.atomic
def rebuild_search(*, by: Member) -> None:
    """Every index anew from the people in the background, while search and changes go on."""
    for index in active_indexes():
        ask_for_rebuild(index)
    record("search.rebuilt", by=by)
