"""Who of those found was contacted: told from what is written down of each person when a message leaves or a call ends.

A campaign sends when it is due, which may be days after the search, so this looks back instead of listening: sending
a hundred thousand messages then waits for nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from sourcing.actions.entries import append_entry
from sourcing.models import EntryKind, SearchLogEntry, SearchLogHead
from talentpool.models import Activity, ActivityKind, Candidate

LOOKS_BACK = timedelta(days=30)  # a contact later than that is led back to no search
SETTLES = timedelta(minutes=1)  # a transaction that is slower to commit would be passed over
CONTACTS = (ActivityKind.MESSAGE_SENT, ActivityKind.MAIL_SENT, ActivityKind.CALLED, ActivityKind.MET)
ACTED = (EntryKind.OPENED, EntryKind.CONSIDERED)


@transaction.atomic
def log_contacts(*, now: datetime) -> int:
    """Contacts since the last look, each led back to the latest search from which the person was opened or chosen."""
    SearchLogHead.objects.get_or_create()
    head = SearchLogHead.objects.select_for_update().get()
    since, until = head.contacts_until or now - LOOKS_BACK, now - SETTLES
    acted = SearchLogEntry.objects.filter(kind__in=ACTED, at__gt=now - LOOKS_BACK, at__lt=until).order_by("at")
    latest = {pk: entry for entry in acted for pk in entry.candidate_ids}
    survivors = _survivors(latest)
    written = 0
    contacts = Activity.objects.filter(
        candidate__in=survivors.keys(), kind__in=CONTACTS, at__gt=since, at__lte=until
    ).order_by("at", "pk")
    for contact in contacts:
        entry = survivors[contact.candidate_id]
        if contact.at < entry.at:
            continue
        written += 1
        append_entry(
            EntryKind.CONTACTED,
            by=contact.by, at=now, session=entry.session, search_id=entry.search_id,
            candidate_ids=[contact.candidate_id], act=contact.kind,
            detail={"activity": contact.pk, "at": contact.at.isoformat()},
        )  # fmt: skip
    SearchLogHead.objects.filter(pk=head.pk).update(contacts_until=until)
    return written


def _survivors(latest: dict[int, SearchLogEntry]) -> dict[int, SearchLogEntry]:
    """By who the people are now: somebody may have been merged since."""
    now_are = dict(_merged(latest))
    return {now_are.get(pk) or pk: entry for pk, entry in latest.items()}


def _merged(ids: Iterable[int]) -> Iterable[tuple[int, int]]:
    merged = Candidate.objects.filter(pk__in=list(ids), merged_into__isnull=False)
    return merged.values_list("pk", "merged_into_id")
