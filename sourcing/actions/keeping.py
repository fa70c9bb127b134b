"""What happens to the search log each night: chained, removed where it was kept long enough, its end written down."""

from datetime import datetime

from django.db import connection, transaction

from crm.audit import record
from crm.models import Member
from crm.tenancy.scope import current_tenant_id
from sourcing.actions.chaining import anchor_chain, chain_entries
from sourcing.actions.contacts import log_contacts
from sourcing.actions.entries import append_entry
from sourcing.digests import seal_of
from sourcing.models import EntryKind, LegalHold, SearchLogEntry, SearchLogSettings
from sourcing.queries.keeping import sessions_over

SESSIONS_AT_ONCE = 100


def keep_log(*, now: datetime) -> None:
    log_contacts(now=now)
    chain_entries()
    while _remove_some(now):
        chain_entries()
    anchor_chain()


@transaction.atomic
def _remove_some(now: datetime) -> int:
    """What goes is named by an entry of the log with a seal, so that its absence is told from tampering."""
    sessions = sessions_over(now, SESSIONS_AT_ONCE)
    ids = list(SearchLogEntry.objects.filter(session__in=sessions).order_by("pk").values_list("pk", flat=True))
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM search_log_remove(%s::bigint[])", [ids])
        gone = sorted(pk for (pk,) in cursor.fetchall())
    if gone:
        seal = seal_of("removed", current_tenant_id(), gone)
        append_entry(EntryKind.REMOVED, by=None, at=now, detail={"entries": gone, "seal": seal})
        record("search_log.removed", by=None, number=len(gone))
    return len(gone)


@transaction.atomic
def change_settings(*, asking: str, keep_years: int, by: Member) -> bool:
    """Returns whether anything was different."""
    SearchLogSettings.objects.get_or_create()
    settings = SearchLogSettings.objects.select_for_update().get()
    before = {"asking": settings.asking, "keep_years": settings.keep_years}
    if before == (after := {"asking": asking, "keep_years": keep_years}):
        return False
    SearchLogSettings.objects.filter(pk=settings.pk).update(**after)
    record("search_log.settings_changed", by=by, before=before, after=after)
    return True


@transaction.atomic
def begin_hold(
    *, reason: str, by: Member, job_id: int | None = None, pipeline_id: int | None = None, title: str = ""
) -> LegalHold:
    """Without a position it is upon the whole log."""
    hold: LegalHold = LegalHold.objects.create(
        reason=reason, by=by, job_id=job_id, pipeline_id=pipeline_id, title=title
    )
    record("search_log.hold_begun", hold, by=by, reason=reason)
    return hold


@transaction.atomic
def end_hold(hold: LegalHold, *, by: Member, now: datetime) -> None:
    if LegalHold.objects.filter(pk=hold.pk, ended_at=None).update(ended_at=now):
        record("search_log.hold_ended", hold, by=by)
