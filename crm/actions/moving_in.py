"""Bringing a pool that was moved out into an empty organisation: everything or nothing."""

import io
from collections.abc import Generator, Iterable
from datetime import timedelta
from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.actions.moving_out import remove_old_archives
from crm.actions.organisations import update_organisation
from crm.audit import record
from crm.models import ArchivePiece, BulkRun, Member, PoolArchive, Tenant
from crm.moving.archive import Archive
from crm.moving.pieces import PIECE, PieceReader, keep_bytes
from crm.moving.tables import setting_fields
from crm.moving.unpacking import count_units, refuse_unless_empty, unpack
from crm.tenancy.aside import transaction_aside
from crm.tenancy.scope import current_tenant_id

KEPT = timedelta(days=1)
NOTE_RESULT = "UPDATE crm_bulkrun SET result = result || '{\"is_in\": true}' WHERE tenant_id = %s AND id = %s"


@transaction.atomic
def start_moving_in(name: str, chunks: Iterable[bytes], *, by: Member, back_url: str = "") -> BulkRun:
    """Keeps what was handed in, looks whether it can be a pool at all, and queues the work."""
    refuse_unless_empty(connection)
    now = timezone.now()
    remove_old_archives(now)
    archive: PoolArchive = PoolArchive.objects.create(is_outgoing=False, name=name[-255:], by=by, expires_at=now + KEPT)
    keep_bytes(archive, chunks)
    units = count_units(_opened(archive))
    archive.run = start_bulk_run(
        "move_in", {"archive": archive.pk}, by=by, title="Bringing a pool in", total=units, back_url=back_url
    )
    archive.completed_at = now
    archive.save(update_fields=["run", "completed_at"])
    record("pool.handed_in", archive, by=by, bytes=archive.size)
    return archive.run


@bulk_kind("move_in")
def bring_pool_in(run: BulkRun) -> Generator[int, None, None]:
    """All rows in one transaction beside the run, whose result says whether it was committed."""
    archive: PoolArchive | None = PoolArchive.objects.filter(pk=run.params["archive"]).first()
    if archive is None:
        raise ValidationError("What was handed in is kept for a day, and that is over. Hand it in again.")
    opened = _opened(archive)
    if not run.result.get("is_in"):
        with transaction_aside() as database:
            yield from unpack(database, opened)
            _commit_with_note(database, run)
            run.result["is_in"] = True
    tell_of_arrival(opened, by=run.by, subject=archive)
    ArchivePiece.objects.filter(archive=archive).delete()
    PoolArchive.objects.filter(pk=archive.pk).delete()
    run.result["sentences"] = [
        f"{opened.rows:,} rows and {opened.files:,} files are in. The search finds everybody within minutes.",
        "Colleagues who are no members here yet were kept as names, so that what they did stays signed; once you invite"
        " them and they join, it is theirs again.",
    ]


def bring_in_file(file: BinaryIO, *, by: Member) -> Archive:
    """The same from a file at hand, for the command; the caller's transaction is the one that counts."""
    opened = Archive(file)
    for _ in unpack(connection, opened):
        pass
    tell_of_arrival(opened, by=by)
    return opened


def tell_of_arrival(opened: Archive, *, by: Member, subject: PoolArchive | None = None) -> None:
    """The organisation takes over what the other one said of itself; doing it twice changes nothing."""
    tenant = Tenant.objects.get(pk=current_tenant_id())
    update_organisation(tenant, _settings(opened, tenant), by=by)
    name, made_at = str(_said(opened).get("name", ""))[:200], str(opened.manifest.get("made_at"))[:40]
    record("pool.moved_in", subject, by=by, label=name, rows=opened.rows, files=opened.files, made_at=made_at)


def _opened(archive: PoolArchive) -> Archive:
    return Archive(cast(BinaryIO, io.BufferedReader(PieceReader(archive), PIECE)))


def _commit_with_note(database: BaseDatabaseWrapper, run: BulkRun) -> None:
    with database.cursor() as cursor:
        cursor.execute(NOTE_RESULT, [run.tenant_id, run.pk])
    database.commit()


def _said(opened: Archive) -> dict[str, Any]:
    said = opened.manifest.get("organisation")
    return said if isinstance(said, dict) else {}


def _settings(opened: Archive, tenant: Tenant) -> dict[str, Any]:
    """Those of the archive's settings that can be taken; a value that can't be is left as it is here."""
    taken = {}
    for field in setting_fields():
        try:
            taken[field.name] = field.clean(_said(opened)[field.name], tenant)
        except (KeyError, ValidationError):
            continue
    return taken
