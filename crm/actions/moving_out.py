"""Taking the whole pool out as one zip: packed in the background, kept for two days, every download audited."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.audit import record
from crm.models import ArchivePiece, BulkRun, Member, PoolArchive, Tenant
from crm.models.leased import WorkState
from crm.moving.packing import count_units, pack
from crm.moving.pieces import PIECE, PieceWriter, bytes_of
from crm.tenancy.aside import transaction_aside
from crm.tenancy.scope import current_tenant_id

KEPT = timedelta(days=2)
STRETCH = 5_000  # rows between two looks at the run


@transaction.atomic
def start_moving_out(tenant: Tenant, *, by: Member, back_url: str = "", now: datetime | None = None) -> PoolArchive:
    now = now or timezone.now()
    remove_old_archives(now)
    going = PoolArchive.objects.outgoing().filter(run__state__in=[WorkState.QUEUED, WorkState.RUNNING])
    if going.exists():
        raise ValidationError("The pool is being packed already.")
    archive: PoolArchive = PoolArchive.objects.create(
        is_outgoing=True, name=f"{tenant.slug}-{timezone.localdate(now)}.zip", by=by, expires_at=now + KEPT
    )
    archive.run = start_bulk_run(
        "move_out", {"archive": archive.pk}, by=by, title="Packing the whole pool", back_url=back_url
    )
    archive.save(update_fields=["run"])
    record("pool.packing_started", archive, by=by)
    return archive


@bulk_kind("move_out")
def pack_pool(run: BulkRun) -> Generator[int, None, None]:
    """Reads one snapshot and writes pieces beside it. Who takes over begins anew, with a snapshot of its own."""
    archive: PoolArchive | None = PoolArchive.objects.filter(pk=run.params["archive"]).first()
    if archive is None:
        raise ValidationError("This archive was removed while it waited.")
    ArchivePiece.objects.filter(archive=archive).delete()
    archive.size = 0
    writer, tenant = PieceWriter(archive), Tenant.objects.get(pk=current_tenant_id())
    with transaction_aside(snapshot=True) as database:
        run.total = count_units(database)
        length, units = 0, 0
        for content, number in pack(database, tenant, now=timezone.now()):
            writer.write(content)
            length, units = length + len(content), units + number
            if length >= PIECE or units >= STRETCH:
                yield max(units, 1)
                length, units = 0, 0
    writer.close()
    PoolArchive.objects.filter(pk=archive.pk).update(completed_at=timezone.now())
    run.result["sentences"] = [
        "It is kept for two days. It holds everything about everybody: keep it where it is safe."
    ]
    record("pool.packed", archive, by=run.by, bytes=archive.size)
    if units:
        yield units


def download_archive(archive: PoolArchive, *, by: Member) -> Iterator[bytes]:
    """The bytes of what may be taken away now. Each download is recorded."""
    if not (archive.is_outgoing and archive.is_there):
        raise ValidationError("This archive is not there any more. Archives are removed after two days; pack it again.")
    record("pool.downloaded", archive, by=by, bytes=archive.size)
    return bytes_of(archive)


@transaction.atomic
def remove_archive(archive: PoolArchive, *, by: Member) -> None:
    if archive.run and archive.run.state in (WorkState.QUEUED, WorkState.RUNNING):
        raise ValidationError("It is being worked on. Stop that first.")
    record("pool.archive_removed", archive, by=by)
    _remove([archive.pk])


def remove_old_archives(now: datetime) -> int:
    """Copies of a whole pool are not left lying about; returns how many went."""
    return _remove(list(PoolArchive.objects.filter(expires_at__lt=now).values_list("pk", flat=True)))


def _remove(ids: list[int]) -> int:
    ArchivePiece.objects.filter(archive__in=ids).delete()
    PoolArchive.objects.filter(pk__in=ids).delete()
    return len(ids)
