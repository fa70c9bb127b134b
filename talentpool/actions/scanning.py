"""Files pass the virus scanner before anybody may open them, whichever door they came by.

Without a scanner in the settings files are “not scanned” and open. With one, a file waits until the scanner has
looked; while it is away files go on waiting, and the schedule tries again. Files from before there was a scanner are
looked at, too.
"""

from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from crm.audit import record
from talentpool.models import File, FileContent, ScanState
from talentpool.scanning import Answer, ScannerDown, scan

MOST_AT_ONCE = 200

log = structlog.get_logger()


def first_state() -> ScanState:
    return ScanState.WAITING if settings.VIRUS_SCANNER else ScanState.UNSCANNED


def ask_for_scan() -> None:
    """As soon as the transaction has committed."""
    from talentpool.tasks import scan_files  # tasks stand above actions; queueing follow-up work is the exception

    if settings.VIRUS_SCANNER:
        scan_files.delay()


def scan_waiting_files(*, now: datetime | None = None) -> int:
    """One file a transaction, with its row locked: of two workers each takes others, and who dies leaves its file."""
    if not settings.VIRUS_SCANNER:
        return 0
    done = 0
    try:
        while done < MOST_AT_ONCE and _scan_next(now or timezone.now()):
            done += 1
    except ScannerDown as down:
        log.warning("virus_scanner_waits", reason=str(down))
        waiting = File.objects.filter(scanned_at=None).exclude(scan=ScanState.CLEAN)
        waiting.update(scan=ScanState.WAITING, scan_note=f"The scanner does not answer: {down}"[:200])
    return done


@transaction.atomic
def _scan_next(now: datetime) -> bool:
    unseen = File.objects.filter(scanned_at=None).exclude(scan=ScanState.CLEAN)
    file = unseen.select_for_update(of=("self",), skip_locked=True).order_by("pk").first()
    if file is None:
        return False
    content = FileContent.objects.filter(file=file).values_list("content", flat=True).first()
    answer = scan(bytes(content)) if content else Answer()
    file.scan, file.scan_note = _verdict(answer)
    file.scanned_at = now
    file.save(update_fields=["scan", "scan_note", "scanned_at"])
    if answer.found:
        record("file.infected", file, by=None, found=answer.found, candidate_id=file.candidate_id)
    return True


def _verdict(answer: Answer) -> tuple[ScanState, str]:
    if answer.found:
        return ScanState.INFECTED, answer.found
    if answer.refusal:
        return ScanState.UNSCANNED, f"The scanner would not look at it: {answer.refusal}"[:200]
    return ScanState.CLEAN, ""


def tenants_with_files_to_scan() -> list[int]:
    """Asked outside any scope; tells nothing but ids."""
    if not settings.VIRUS_SCANNER:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenants_with_files_to_scan()")
        return [tenant_id for (tenant_id,) in cursor.fetchall()]
